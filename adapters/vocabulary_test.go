package adapters

import (
	"fmt"
	"strings"
	"testing"

	"waybill/tracker"
	"waybill/tracker/vocabulary"
)

// TestAggregatorsCodesMeanWhatTheVocabularySays holds the two tables of one system's words together: what we read of
// it, and what we write for its clients.
func TestAggregatorsCodesMeanWhatTheVocabularySays(t *testing.T) {
	r := registry(t)
	words, err := vocabulary.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []struct {
		vocabulary, carrier string
		// payload has an event of that code.
		payload func(code string) string
	}{
		{"easypost", "easypost", easypostEvent},
		{"easypost_status", "easypost", easypostEvent},
		{"aftership", "aftership", aftershipEvent("subtag")},
		{"aftership_tag", "aftership", aftershipEvent("tag")},
		{"amazon_shipping", "amazon", amazonEvent},
	} {
		for _, code := range words[table.vocabulary].Codes() {
			want, _ := words[table.vocabulary].Read(code)
			reading := r.Read(&tracker.Receipt{Carrier: table.carrier, Body: []byte(table.payload(code))})
			if len(reading.Shipments) != 1 || len(reading.Shipments[0].Events) != 1 {
				t.Fatalf("%s %s: read %+v", table.vocabulary, code, reading)
			}
			if got := reading.Shipments[0].Events[0].Substatus; got != want || len(reading.UnknownCodes) > 0 {
				t.Errorf("%s %s is read as %q, want %q", table.vocabulary, code, got, want)
			}
		}
	}
}

func easypostEvent(code string) string {
	status, detail, _ := strings.Cut(code, "/")
	return fmt.Sprintf(`{"tracking_code":"1","tracking_details":[{"status":%q,"status_detail":%q,"message":"m",
		"datetime":"2026-01-02T10:00:00Z"}]}`, status, detail)
}

func aftershipEvent(field string) func(code string) string {
	return func(code string) string {
		return fmt.Sprintf(`{"data":{"tracking":{"tracking_number":"1","checkpoints":[{%q:%q,"message":"m",
			"checkpoint_time":"2026-01-02T10:00:00Z"}]}}}`, field, code)
	}
}

func amazonEvent(code string) string {
	return fmt.Sprintf(`{"trackingId":"1","eventHistory":[{"eventCode":%q,"eventTime":"2026-01-02T10:00:00Z"}]}`, code)
}
