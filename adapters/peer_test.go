package adapters

import (
	"fmt"
	"os"
	"path/filepath"
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
var peerCarriers = map[string]string{"mydhl": "dhl_express", "dhl_universal": "dhl", "usps_international": "usps"}

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
			checkPeer(t, &want, r.ReadDocument(raw[0], carrier, body))
		})
	}
}

func checkPeer(t *testing.T, want *peerReading, got Document) {
	t.Helper()
	if len(got.Shipments) != len(want.Shipments) {
		t.Fatalf("%d shipments, want %d", len(got.Shipments), len(want.Shipments))
	}
	for i, w := range want.Shipments {
		if got.Shipments[i].TrackingNumber != w.Number {
			t.Errorf("number %s, want %s", got.Shipments[i].TrackingNumber, w.Number)
		}
		for _, e := range w.Events {
			if !hasPeerEvent(got.Shipments[i].Events, e.Date, e.Code, e.Description) {
				t.Errorf("event %s %s %q was not found", e.Date, e.Code, e.Description)
			}
		}
	}
	if len(got.Errors) < len(want.Errors) {
		t.Fatalf("errors %+v, want %+v", got.Errors, want.Errors)
	}
	for i, w := range want.Errors {
		if got.Errors[i].Code != fmt.Sprint(w.Code) || !sameWords(got.Errors[i].Text, fmt.Sprint(w.Message)) {
			t.Errorf("error %+v, want %+v", got.Errors[i], w)
		}
	}
}

// hasPeerEvent finds an event by its day, code and words. The peer appends who signed to the words; we do not.
func hasPeerEvent(events []DocumentEvent, day, code, words string) bool {
	for _, e := range events {
		if e.Code == code && e.LocalTime != nil && strings.HasPrefix(*e.LocalTime, day) && sameWords(words, e.Text) {
			return true
		}
	}
	return false
}

func sameWords(long, short string) bool {
	long, short = strings.Join(strings.Fields(long), " "), strings.Join(strings.Fields(short), " ")
	return long == "" || strings.HasPrefix(long, short)
}
