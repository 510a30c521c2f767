package adapters

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// peerReading is how another open-source system reads a payload. Its list of events, codes and texts is taken; its
// times and statuses are known to be wrong.
type peerReading struct {
	Carrier   string
	Shipments []struct {
		Number string `json:"tracking_number"`
		Events []struct{ Date, Code, Description string }
	}
	Errors []struct{ Code, Message any }
}

// peerCarriers are that system's names of carriers that are ours under another.
var peerCarriers = map[string]string{
	"mydhl": "dhl_express", "dhl_universal": "dhl", "usps_international": "usps",
	"amazon_shipping": "amazon", "australiapost": "auspost",
}

func TestPeerEventsAreFound(t *testing.T) {
	r := registry(t)
	files, err := filepath.Glob(filepath.Join(sharedFolder(t, "corpus"), "peer", "*", "*.peer_reading.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no peer readings found: %v", err)
	}
	for _, file := range files {
		var want peerReading
		readJSON(t, file, &want)
		carrier := want.Carrier
		if ours, ok := peerCarriers[carrier]; ok {
			carrier = ours
		}
		if r.Carrier(carrier) == nil {
			continue
		}
		t.Run(want.Carrier+"/"+filepath.Base(file), func(t *testing.T) {
			raw, err := filepath.Glob(strings.TrimSuffix(file, "peer_reading.json") + "raw.*")
			if err != nil || len(raw) != 1 {
				t.Fatal("payload:", raw, err)
			}
			body, err := os.ReadFile(raw[0])
			if err != nil {
				t.Fatal(err)
			}
			checkPeer(t, &want, string(body), r.ReadDocument(raw[0], carrier, body))
		})
	}
}

// checkPeer finds what the peer read. What it did not read from the payload, but knew from the request or the answer's
// head, is not asked for: numbers and codes that stand nowhere in the body.
func checkPeer(t *testing.T, want *peerReading, body string, got Document) {
	t.Helper()
	if len(got.Shipments) > len(want.Shipments) {
		t.Errorf("%d shipments, want %d", len(got.Shipments), len(want.Shipments))
	}
	for _, w := range want.Shipments {
		events, found := peerShipment(got, w.Number, strings.Contains(body, w.Number))
		if !found && len(w.Events) > 0 {
			t.Errorf("number %s was not found", w.Number)
		}
		for _, e := range w.Events {
			if !hasPeerEvent(events, e.Date, e.Code, e.Description) {
				t.Errorf("event %s %s %q was not found", e.Date, e.Code, e.Description)
			}
		}
	}
	for _, w := range want.Errors {
		if w.Message != nil && !hasPeerError(got.Errors, fmt.Sprint(w.Code), fmt.Sprint(w.Message), body) {
			t.Errorf("errors %+v, want %+v", got.Errors, w)
		}
	}
}

// peerShipment is the shipment of that number; the only one where the payload does not name it.
func peerShipment(got Document, number string, named bool) (events []DocumentEvent, found bool) {
	for i := range got.Shipments {
		if numberOf(got.Shipments[i]) == strings.ReplaceAll(number, " ", "") || !named && len(got.Shipments) == 1 {
			return got.Shipments[i].Events, true
		}
	}
	return nil, false
}

func hasPeerError(errors []DocumentError, code, message, body string) bool {
	for _, e := range errors {
		if (e.Code == code || !asWord(code).MatchString(body)) && sameWords(message, e.Text) && e.Text != "" {
			return true
		}
	}
	// The peer words some errors itself; the number then says which.
	for _, e := range errors {
		if e.TrackingNumber != nil && strings.Contains(message, *e.TrackingNumber) {
			return true
		}
	}
	return false
}

// asWord finds a code as a value of its own; the peer makes some up.
func asWord(code string) *regexp.Regexp {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(code) + `\b`)
}

// hasPeerEvent finds an event by its day, code and words. The peer appends who signed to the words; we do not.
func hasPeerEvent(events []DocumentEvent, day, code, words string) bool {
	if strings.Contains(day, ":") {
		day = "" // a time of day in the place of the day
	}
	for _, e := range events {
		if (e.Code == code || code == "") && e.LocalTime != nil && strings.HasPrefix(*e.LocalTime, day) && sameWords(words, e.Text) {
			return true
		}
	}
	return false
}

func sameWords(long, short string) bool {
	long, short = strings.Join(strings.Fields(long), " "), strings.Join(strings.Fields(short), " ")
	return long == "" || strings.HasPrefix(long, short)
}
