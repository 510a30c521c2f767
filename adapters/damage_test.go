package adapters

import (
	"encoding/json"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waybill/tracker"
)

// everyExample calls test with each example payload of each carrier.
func everyExample(t *testing.T, r *Registry, test func(t *testing.T, carrier, file string, body []byte)) {
	t.Helper()
	for _, code := range r.Codes() {
		files, err := examplePayloads(code, r.builtIn.folders[code])
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			body, err := fs.ReadFile(r.builtIn.folders[code], file)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(path.Join(code, file), func(t *testing.T) { test(t, code, file, body) })
		}
	}
}

func read(r *Registry, carrier string, body []byte) tracker.Reading {
	return r.Read(&tracker.Receipt{Carrier: carrier, Body: body})
}

func TestDocumentsCutAtEveryByteKeepTheShipmentsBeforeTheCut(t *testing.T) {
	r := registry(t)
	everyExample(t, r, func(t *testing.T, carrier, _ string, body []byte) {
		whole, seen := read(r, carrier, body), 0
		for cut := range body {
			part := read(r, carrier, body[:cut])
			if cut > 0 && len(part.Faults) == 0 && len(strings.TrimSpace(string(body[cut:]))) > 0 {
				t.Fatalf("cut at byte %d: read without a word about the cut", cut)
			}
			if found := len(part.Shipments) + len(part.Errors); found < seen {
				t.Fatalf("cut at byte %d: %d shipments and errors, at an earlier byte there were %d", cut, found, seen)
			} else {
				seen = found
			}
			for i := range part.Shipments {
				if i >= len(whole.Shipments) {
					continue // an answer about an unknown number whose error is cut off
				}
				full, got := whole.Shipments[i], part.Shipments[i]
				last := i == len(part.Shipments)-1
				if got.Number != full.Number && i < len(whole.Shipments) && !last {
					t.Fatalf("cut at byte %d: shipment %d has number %q, want %q", cut, i, got.Number, full.Number)
				}
				if !last && !reflect.DeepEqual(got.Events, full.Events) {
					t.Fatalf("cut at byte %d: the events of shipment %d, before the cut, changed", cut, i)
				}
				for _, e := range got.Events {
					if got.Number == full.Number && !hasEvent(full.Events, e) {
						t.Fatalf("cut at byte %d: event %+v is not in the whole document", cut, e)
					}
				}
			}
		}
	})
}

func hasEvent(events []tracker.Event, e tracker.Event) bool {
	for i := range events {
		if events[i].ID() == e.ID() && (events[i].Substatus == e.Substatus || e.Substatus == "") { // less may be said of it, nothing else
			return true
		}
	}
	return false
}

func TestDamagedFieldsCostTheirShipmentAtMost(t *testing.T) {
	r := registry(t)
	everyExample(t, r, func(t *testing.T, carrier, file string, body []byte) {
		if path.Ext(file) != ".json" {
			damageXML(t, r, carrier, body)
			return
		}
		var document any
		if err := json.Unmarshal(body, &document); err != nil {
			t.Fatal(err)
		}
		whole := read(r, carrier, body)
		damage(document, nil, func(where []string, had any) {
			damaged, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			got := read(r, carrier, damaged)
			if lost := len(whole.Shipments) - len(got.Shipments); lost > 1 && lost > shipmentsWithin(t, &whole, had) {
				t.Errorf("%s: %d shipments were lost", strings.Join(where, "."), lost)
			}
		})
	})
}

// shipmentsWithin counts the shipments that a part of the document tells of.
func shipmentsWithin(t *testing.T, whole *tracker.Reading, part any) int {
	t.Helper()
	text, err := json.Marshal(part)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for i := range whole.Shipments {
		if number := whole.Shipments[i].Number; number != "" && strings.Contains(string(text), number) {
			count++
			continue
		}
		for j := range whole.Shipments[i].Events {
			told := &whole.Shipments[i].Events[j]
			if told.Text != "" && strings.Contains(string(text), told.Text) || told.Ref != "" && strings.Contains(string(text), told.Ref) {
				count++
				break
			}
		}
	}
	return count
}

// damage calls try with each field of a JSON document in turn missing, null, empty and of other types.
func damage(value any, where []string, try func(where []string, had any)) {
	switch v := value.(type) {
	case map[string]any:
		for key, had := range v {
			at := slices.Concat(where, []string{key})
			delete(v, key)
			try(at, had)
			for _, other := range []any{nil, "", "x", 7.5, true, []any{}, []any{"x"}, map[string]any{}, map[string]any{"x": 1.0}} {
				v[key] = other
				try(at, had)
			}
			v[key] = had
			damage(had, at, try)
		}
	case []any:
		for i, had := range v {
			at := slices.Concat(where, []string{"#"})
			for _, other := range []any{nil, "", 7.5, []any{}, map[string]any{}} {
				v[i] = other
				try(at, had)
			}
			v[i] = had
			damage(had, at, try)
		}
	}
}

var xmlPiece = regexp.MustCompile(`>[^<>]+<|"[^"<>]*"|<[A-Za-z]+>[^<>]*</[A-Za-z]+>`)

// damageXML empties, replaces and removes every text, attribute and element without children.
func damageXML(t *testing.T, r *Registry, carrier string, body []byte) {
	t.Helper()
	whole := read(r, carrier, body)
	for _, at := range xmlPiece.FindAllIndex(body, -1) {
		piece := string(body[at[0]:at[1]])
		replacements := []string{""}
		switch piece[0] {
		case '>':
			replacements = []string{"><", "><x>1</x><", ">&#0;&nope;<", ">x<"}
		case '"':
			replacements = []string{`""`, `"&lt;x&gt;"`, `"x"`}
		}
		for _, other := range replacements {
			damaged := string(body[:at[0]]) + other + string(body[at[1]:])
			got := read(r, carrier, []byte(damaged))
			if lost := len(whole.Shipments) - len(got.Shipments); lost > 1 {
				t.Errorf("%q instead of %q: %d shipments were lost", other, piece, lost)
			}
		}
	}
}
