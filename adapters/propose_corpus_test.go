package adapters

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waybill/adapters/mapping"
	"waybill/adapters/propose"
	"waybill/tracker"
)

// proposedWell is the part of the corpus' formats of which a proposal from samples alone finds the part right, at least.
var proposedWell = map[string]float64{"events": 0.86, "code": 0.69, "time": 0.84, "place": 0.84}

// TestProposalsFromTheCorpus makes a mapping from the samples of each format, without knowing the carrier, and compares
// what it reads with what the carrier's own mapping does.
func TestProposalsFromTheCorpus(t *testing.T) {
	formats := corpusByFormat(t)
	right := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(formats)) {
		found := tryProposal(t, name, formats[name])
		var missed []string
		for part := range proposedWell {
			if found[part] {
				right[part]++
			} else {
				missed = append(missed, part)
			}
		}
		if slices.Sort(missed); len(missed) > 0 {
			t.Logf("%s: not right: %s", name, strings.Join(missed, ", "))
		}
	}
	for part, floor := range proposedWell {
		ratio := float64(right[part]) / float64(len(formats))
		t.Logf("%s: right for %d of %d formats (%.0f %%)", part, right[part], len(formats), 100*ratio)
		if ratio < floor {
			t.Errorf("%s: right for %.2f of the formats, want %.2f", part, ratio, floor)
		}
	}
}

// told is a payload with what our mapping reads in it.
type told struct {
	body   []byte
	events []tracker.Event
}

// corpusByFormat are the payloads of the corpus that have events and are JSON or XML, by format.
func corpusByFormat(t *testing.T) map[string][]told {
	t.Helper()
	r := registry(t)
	formats := map[string][]told{}
	for _, pattern := range []string{"*/*.raw.*", "peer/*/*.raw.*"} {
		files, err := filepath.Glob(filepath.Join(sharedFolder(t, "corpus"), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			carrier, format, ok := r.Recognise(body)
			if _, standard := r.standards[carrier]; !ok || standard {
				continue
			}
			if events := eventsOf(r.Read(&tracker.Receipt{Carrier: carrier, Number: "ASKED1", Body: body})); len(events) > 0 {
				formats[format] = append(formats[format], told{body, events})
			}
		}
	}
	return formats
}

func eventsOf(reading tracker.Reading) []tracker.Event {
	var events []tracker.Event
	for i := range reading.Shipments {
		events = append(events, reading.Shipments[i].Events...)
	}
	return events
}

// tryProposal reports which parts a proposal gets right for every payload of a format.
func tryProposal(t *testing.T, name string, payloads []told) map[string]bool {
	t.Helper()
	samples := make([]propose.Sample, len(payloads))
	for i, p := range payloads {
		samples[i] = propose.Sample{Name: name, Body: p.body}
	}
	proposal, err := propose.Mapping("proposed", samples)
	if err != nil {
		t.Logf("%s: %v", name, err)
		return nil
	}
	carrier, err := mapping.Load("proposed", "carrier.yaml", []byte(proposal.YAML))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	found := map[string]bool{"events": true, "code": true, "time": true, "place": true}
	for _, p := range payloads {
		var tree mapping.Tree
		syntax, err := tree.Decode(p.body)
		if err != nil {
			t.Fatal(err)
		}
		format, weight := carrier.Recognise(&tree, syntax)
		if weight == 0 {
			return nil
		}
		comparePart(found, p.events, eventsOf(format.Asked("ASKED1").Read(&tree, nil)))
	}
	return found
}

// comparePart notes what two readings of a payload differ in. They are compared event by event.
func comparePart(found map[string]bool, want, got []tracker.Event) {
	if len(want) != len(got) {
		clear(found)
		return
	}
	for i := range want {
		w, g := &want[i], &got[i]
		if w.Code != g.Code && (w.Code != "" || !strings.EqualFold(w.Text, g.Text) && g.Code != w.Text) {
			found["code"] = false
		}
		if w.Time.Local != g.Time.Local {
			found["time"] = false
		}
		if !samePlace(&w.Location, &g.Location) {
			found["place"] = false
		}
	}
}

// samePlace reports whether what the one names of a place is in the other, however it is taken apart.
func samePlace(want, got *tracker.Location) bool {
	all := strings.ToLower(strings.Join([]string{got.Text, got.City, got.State, got.PostalCode, got.Country, got.Facility}, " "))
	for _, part := range []string{want.City, want.PostalCode} {
		if part != "" {
			return strings.Contains(all, strings.ToLower(part))
		}
	}
	for _, part := range []string{want.Text, want.Facility} {
		if part != "" {
			return strings.Contains(all, strings.ToLower(part))
		}
	}
	return want.Country == "" || want.Country == got.Country || strings.Contains(all, strings.ToLower(want.Country))
}

func TestAProposalIsTheSameForTheSameSamples(t *testing.T) {
	for name, payloads := range corpusByFormat(t) {
		samples := []propose.Sample{{Name: name, Body: payloads[0].body}}
		first, err := propose.Mapping("proposed", samples)
		if err != nil {
			continue
		}
		second, err := propose.Mapping("proposed", samples)
		if err != nil || !bytes.Equal([]byte(first.YAML), []byte(second.YAML)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
