package adapters

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waybill/tracker"
)

// expectation is what the shared corpus states of a payload: facts read from it by hand.
type expectation struct {
	Carrier   string
	Format    string
	Shipments []expectedShipment
	Errors    []struct {
		Number *string `json:"tracking_number"`
		Code   string
	}
}

// expectedShipment are the facts of one shipment; those that are absent are not stated.
type expectedShipment struct {
	Number    string   `json:"tracking_number"`
	Also      []string `json:"tracking_number_also"`
	Status    []string `json:"status_accept"`
	Delivered *bool
	Count     []int           `json:"event_count_accept"`
	First     string          `json:"first_event"`
	Firsts    []string        `json:"first_event_accept"`
	Last      string          `json:"last_event"`
	Lasts     []string        `json:"last_event_accept"`
	ETA       json.RawMessage `json:"eta"`
	ETAs      []*string       `json:"eta_accept"`
}

// sharedFolder is the folder of shared test data; tests that need it skip where it is not named.
func sharedFolder(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("WAYBILL_TEST_SHARED")
	if root == "" {
		t.Skip("WAYBILL_TEST_SHARED names no folder of shared test data")
	}
	return filepath.Join(root, name)
}

func registry(t testing.TB) *Registry {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCorpusFactsHold(t *testing.T) {
	r := registry(t)
	files, err := filepath.Glob(filepath.Join(sharedFolder(t, "corpus"), "*", "*.expected.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no expectations found: %v", err)
	}
	checked := 0
	for _, file := range files {
		var want expectation
		readJSON(t, file, &want)
		if !mapped(r, want.Format) {
			continue
		}
		checked++
		raw, err := filepath.Glob(strings.TrimSuffix(file, "expected.json") + "raw.*")
		if err != nil || len(raw) != 1 {
			t.Fatalf("%s: payload: %v %v", file, raw, err)
		}
		body, err := os.ReadFile(raw[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, hint := range []string{want.Carrier, ""} {
			t.Run(filepath.Base(raw[0])+"/"+hint, func(t *testing.T) {
				checkDocument(t, &want, r.ReadDocument(raw[0], hint, body))
			})
		}
	}
	if checked == 0 {
		t.Fatal("no payload of a mapped format was found")
	}
}

// mapped reports whether there is a carrier with that format.
func mapped(r *Registry, format string) bool {
	for _, code := range r.Codes() {
		if slices.Contains(r.Carrier(code).FormatNames(), format) || r.standards[code].Name == format {
			return true
		}
	}
	return false
}

// numberOf is a shipment's number, empty where the payload names none.
func numberOf(s DocumentShipment) string {
	if s.TrackingNumber == nil {
		return ""
	}
	return *s.TrackingNumber
}

func checkDocument(t *testing.T, want *expectation, got Document) {
	t.Helper()
	proprietary := slices.ContainsFunc(want.Shipments, func(s expectedShipment) bool { return s.Status == nil })
	if len(got.UnknownCodes) > 0 && !proprietary {
		t.Errorf("unknown codes %v", got.UnknownCodes)
	}
	if len(got.Shipments) != len(want.Shipments) {
		t.Fatalf("%d shipments, want %d", len(got.Shipments), len(want.Shipments))
	}
	for i, w := range want.Shipments {
		s := got.Shipments[i]
		if n := numberOf(s); n != w.Number && !slices.Contains(w.Also, n) {
			t.Errorf("number %q, want %q", n, w.Number)
		}
		if w.Status != nil && !slices.Contains(w.Status, plainStatus(s.Milestone)) {
			t.Errorf("milestone %s (%s), want one of %v", s.Milestone, s.Substatus, w.Status)
		}
		if w.Delivered != nil && *w.Delivered != (s.Milestone == tracker.Delivered) {
			t.Errorf("milestone %s, delivered should be %v", s.Milestone, *w.Delivered)
		}
		if w.Count != nil && !slices.Contains(w.Count, len(s.Events)) {
			t.Errorf("%d events, want one of %v", len(s.Events), w.Count)
		}
		first, last := span(t, s.Events)
		checkTime(t, "first event", first, append(w.Firsts, w.First))
		checkTime(t, "last event", last, append(w.Lasts, w.Last))
		checkEstimate(t, s.EstimatedDelivery, w.ETA, w.ETAs)
	}
	if len(got.Errors) != len(want.Errors) {
		t.Fatalf("errors %+v, want %+v", got.Errors, want.Errors)
	}
	for i, w := range want.Errors {
		e := got.Errors[i]
		if e.Code != w.Code || w.Number != nil && (e.TrackingNumber == nil || *e.TrackingNumber != *w.Number) {
			t.Errorf("error %+v, want %+v", e, w)
		}
	}
}

func plainStatus(m tracker.Milestone) string {
	switch m {
	case tracker.Pending, tracker.InfoReceived:
		return "pre_transit"
	case tracker.AttemptFailed:
		return "delivery_attempted"
	case tracker.Returning:
		return "returned"
	}
	return m.String()
}

// span is the first and the last moment of events, by instant.
func span(t *testing.T, events []DocumentEvent) (first, last string) {
	t.Helper()
	var stamps []tracker.Stamp
	for _, e := range events {
		if e.OccurredAt == nil {
			continue
		}
		stamp, err := tracker.ParseStamp(*e.OccurredAt)
		if err != nil {
			t.Fatal(err)
		}
		stamps = append(stamps, stamp)
	}
	if len(stamps) == 0 {
		return "", ""
	}
	slices.SortStableFunc(stamps, func(a, b tracker.Stamp) int { return a.Civil().Compare(b.Civil()) })
	return stamps[0].String(), stamps[len(stamps)-1].String()
}

// shortOffset is an offset without its colon, as some payloads and so some expectations have it.
var shortOffset = regexp.MustCompile(`([+-]\d{2})(\d{2})$`)

// checkTime accepts a time that says the same as one of the accepted ones: the same instant where both know their
// offset, else the same local time.
func checkTime(t *testing.T, what, got string, accept []string) {
	t.Helper()
	g, err := tracker.ParseStamp(got)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	for _, text := range accept {
		w, err := tracker.ParseStamp(shortOffset.ReplaceAllString(text, "$1:$2"))
		if err != nil {
			continue
		}
		if w.Source == tracker.ZoneUnknown && g.Civil().Equal(w.Civil()) ||
			w.Source != tracker.ZoneUnknown && g.Source != tracker.ZoneUnknown && g.Instant().Equal(w.Instant()) {
			return
		}
	}
	t.Errorf("%s %s, want one of %v", what, got, accept)
}

func checkEstimate(t *testing.T, got *string, want json.RawMessage, accept []*string) {
	t.Helper()
	if want == nil && accept == nil {
		return
	}
	var one *string
	if want != nil {
		if err := json.Unmarshal(want, &one); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range append(accept, one) {
		if w == nil && got == nil || w != nil && got != nil && strings.HasPrefix(*got, *w) {
			return
		}
	}
	shown := "none"
	if got != nil {
		shown = *got
	}
	t.Errorf("estimate %s, want %s", shown, want)
}

func readJSON(t testing.TB, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}
