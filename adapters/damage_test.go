package adapters

import (
	"bytes"
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
			t.Run(path.Join(code, file), func(t *testing.T) {
				t.Parallel()
				test(t, code, file, body)
			})
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
		identities := make([]map[string][]tracker.Substatus, len(whole.Shipments))
		for i := range whole.Shipments {
			identities[i] = identitiesOf(whole.Shipments[i].Events)
		}
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
				for j := range got.Events {
					if e := &got.Events[j]; got.Number == full.Number && !hasEvent(identities[i], e) {
						t.Fatalf("cut at byte %d: event %+v is not in the whole document", cut, e)
					}
				}
			}
		}
	})
}

// identitiesOf are the statuses of events by their identities.
func identitiesOf(events []tracker.Event) map[string][]tracker.Substatus {
	all := map[string][]tracker.Substatus{}
	for i := range events {
		all[events[i].ID()] = append(all[events[i].ID()], events[i].Substatus)
	}
	return all
}

// hasEvent reports whether an event is one of those; less may be said of it, nothing else.
func hasEvent(events map[string][]tracker.Substatus, e *tracker.Event) bool {
	known, found := events[e.ID()]
	return found && (e.Substatus == "" || slices.Contains(known, e.Substatus))
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
		encode := func() []byte {
			text, err := json.Marshal(document)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
		damage(document, nil, encode, func(where []string, had any, damaged []byte) {
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

// mark stands in a document where a value is replaced.
const mark = "the value that is damaged"

// damage calls try with a JSON document in which each field in turn is missing, null, empty and of other types. encode
// writes the document as it is.
func damage(value any, where []string, encode func() []byte, try func(where []string, had any, damaged []byte)) {
	replace := func(where []string, had any, others ...string) {
		before, after, _ := bytes.Cut(encode(), []byte(`"`+mark+`"`))
		for _, other := range others {
			try(where, had, slices.Concat(before, []byte(other), after))
		}
	}
	switch v := value.(type) {
	case map[string]any:
		for key, had := range v {
			at := slices.Concat(where, []string{key})
			delete(v, key)
			try(at, had, encode())
			v[key] = mark
			replace(at, had, "null", `""`, `"x"`, "7.5", "true", "[]", `["x"]`, "{}", `{"x":1}`)
			v[key] = had
			damage(had, at, encode, try)
		}
	case []any:
		for i, had := range v {
			at := slices.Concat(where, []string{"#"})
			v[i] = mark
			replace(at, had, "null", `""`, "7.5", "[]", "{}")
			v[i] = had
			damage(had, at, encode, try)
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
