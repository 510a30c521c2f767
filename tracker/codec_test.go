package tracker

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	when := time.Date(2026, 11, 23, 14, 5, 6, 789000, time.UTC)
	leg := &Leg{
		LegKey: LegKey{"ups", "1Z999"}, CreatedAt: when, Receipts: []string{"a", "b"},
		Events:    []Event{{Kind: "PU", Time: StampAt(when), Location: Location{City: "Lyon", Point: &Point{45.75, 4.85}}}},
		Claims:    []Claims{{AsOf: 7, Receipt: "a", Facts: Facts{Service: "Ground", Papers: []string{"invoice"}}}},
		Followers: []Follower{{Shipment: "WB1", Tenant: "acme", Since: when}},
		Effect:    &Effect{Since: when, ReceivedAt: when, Backfill: true},
		Estimate:  &Estimate{P10: when, P50: when, P90: when, Source: "model", MadeAt: when},
	}
	big := &Order{Tenant: "acme", Number: "1001", CreatedAt: when, UpdatedAt: when}
	for range 200 {
		big.Items = append(big.Items, Item{SKU: "BLUE-MUG", Quantity: 2, Title: "A blue mug"})
	}
	for name, record := range map[string]Record{
		"a leg": leg, "a document large enough to be compressed": big,
		"a shipment": &Shipment{ID: "WB1", Tenant: "acme", CreatedAt: when, UpdatedAt: when, View: View{Milestone: InTransit, Since: StampAt(when)}},
		"a message":  &Message{ID: "m", DecidedAt: when, DueAt: when, State: MessageDecided},
	} {
		t.Run(name, func(t *testing.T) {
			write, err := Encode(record)
			if err != nil {
				t.Fatal(err)
			}
			write.Row.Version, write.Row.Indexed = 3, 9
			got := reflect.New(reflect.TypeOf(record).Elem()).Interface().(Record)
			if err := decode(write.Row, got); err != nil {
				t.Fatal(err)
			}
			*record.kept() = meta{version: 3, indexed: 9}
			if !reflect.DeepEqual(got, record) {
				t.Errorf("it differs from what was stored: %.600s", fmt.Sprintf("%+v, want %+v", got, record))
			}
		})
	}
	if write, _ := Encode(big); len(write.Row.Doc) > 400 {
		t.Errorf("200 like items take %d bytes; they should be compressed", len(write.Row.Doc))
	}
}

func TestADamagedDocumentIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		doc  []byte
		says string
	}{
		"empty":                 {nil, "is empty"},
		"of a later version":    {[]byte{9, 1, 2}, "newer version"},
		"cut compressed":        {[]byte{docZstd, 0x28, 0xb5}, "cannot be expanded"},
		"not the form of a leg": {[]byte{docPlain, 0x63, 'a', 'b', 'c'}, "cannot be decoded"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Decode[Leg](Row{Key: "ups:1Z", Doc: c.doc})
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
		})
	}
}

func TestStamps(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		want    string
		instant string
	}{
		"an offset is kept":           {"2026-11-23T14:05:00+01:00", "2026-11-23T14:05:00+01:00", "2026-11-23T13:05:00Z"},
		"UTC is an offset too":        {"2026-11-23T14:05:00Z", "2026-11-23T14:05:00Z", "2026-11-23T14:05:00Z"},
		"a half-hour zone":            {"2026-11-23T14:05:00+05:30", "2026-11-23T14:05:00+05:30", "2026-11-23T08:35:00Z"},
		"west of Greenwich":           {"2026-11-23T14:05:00-09:30", "2026-11-23T14:05:00-09:30", "2026-11-23T23:35:00Z"},
		"a local time gets no offset": {"2026-11-23T14:05:00", "2026-11-23T14:05:00", "2026-11-23T14:05:00Z"},
		"to the minute":               {"2026-11-23T14:05", "2026-11-23T14:05:00", "2026-11-23T14:05:00Z"},
		"a day stays a day":           {"2026-11-23", "2026-11-23", "2026-11-23T00:00:00Z"},
		"before 1970":                 {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := ParseStamp(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if s.String() != c.want {
				t.Errorf("shown as %s, want %s", s, c.want)
			}
			if got := s.Instant().Format(time.RFC3339); got != c.instant {
				t.Errorf("instant %s, want %s", got, c.instant)
			}
			data, err := s.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			var back Stamp
			if err := back.UnmarshalJSON(data); err != nil || back.String() != s.String() {
				t.Errorf("JSON %s comes back as %s (%v)", data, back, err)
			}
		})
	}
	for _, text := range []string{"", "string", "2026-02-30", "23.11.2026", "2026-11-23T25:00:00Z"} {
		if s, err := ParseStamp(text); err == nil {
			t.Errorf("%q was read as %s", text, s)
		}
	}
}

func TestTrackingIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		id := NewTrackingID()
		if got, ok := ParseTrackingID(id); !ok || got != id {
			t.Fatalf("%s is not recognised", id)
		}
		if strings.ContainsAny(id[2:], "01OILU8") {
			t.Fatalf("%s has a look-alike character", id)
		}
		if seen[id] {
			t.Fatalf("%s came twice", id)
		}
		seen[id] = true
	}
	id := NewTrackingID()
	typed := strings.ToLower(id[:4]) + " " + id[4:9] + "-" + id[9:]
	if got, ok := ParseTrackingID(typed); !ok || got != id {
		t.Errorf("as typed, %q, it is not recognised", typed)
	}
	for i := 2; i < len(id); i++ {
		for _, c := range idAlphabet {
			wrong := id[:i] + string(c) + id[i+1:]
			if _, ok := ParseTrackingID(wrong); ok && wrong != id {
				t.Errorf("one wrong character passes: %s for %s", wrong, id)
			}
		}
		if i+1 < len(id) && id[i] != id[i+1] {
			swapped := id[:i] + string(id[i+1]) + string(id[i]) + id[i+2:]
			if _, ok := ParseTrackingID(swapped); ok {
				t.Errorf("swapped neighbours pass: %s for %s", swapped, id)
			}
		}
	}
	for _, text := range []string{"", "WB", "1Z999AA10123456784", id[:16], id + "2", strings.Repeat("W", 5000)} {
		if _, ok := ParseTrackingID(text); ok {
			t.Errorf("%.20q passes for a tracking ID", text)
		}
	}
}

func TestIDsAreOrderedInTime(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	last := ""
	for i := range 5000 {
		id := NewID(now.Add(time.Duration(i) * time.Millisecond))
		if id <= last || len(id) != 24 {
			t.Fatalf("%q after %q", id, last)
		}
		last = id
	}
}

func TestTheStatusModelIsConsistent(t *testing.T) {
	for m := Pending; m <= Expired; m++ {
		plain := m.Plain()
		if plain == "" || plain.Milestone() != m {
			t.Errorf("%s has the plain substatus %q", m, plain)
		}
		text, err := m.MarshalText()
		var back Milestone
		if err != nil || back.UnmarshalText(text) != nil || back != m {
			t.Errorf("%s does not come back from its name", m)
		}
	}
	seen := map[Substatus]bool{}
	for _, s := range Substatuses() {
		if seen[s] {
			t.Errorf("%s stands twice", s)
		}
		seen[s] = true
		if m, sub, err := ParseStatus(string(s)); err != nil || sub.Milestone() != m {
			t.Errorf("%s is read as %s/%s (%v)", s, m, sub, err)
		}
	}
	if _, _, err := ParseStatus("teleported"); err == nil {
		t.Error("an invented status is accepted")
	}
}

// A record that is written twice, and comes back to lists that it stood in at first, must not be taken for unchanged.
func TestARecordThatWasWrittenKnowsItsLists(t *testing.T) {
	d := &WebhookDelivery{Endpoint: "e", Event: "v", State: WebhookPending}
	for _, state := range []WebhookState{WebhookPending, WebhookSending, WebhookPending} {
		d.State = state
		write, err := Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		if d.Version() > 0 && write.Row.Indexed == write.Row.Index() {
			t.Errorf("as %s it seems to stand in the lists from before", state)
		}
		Written(d, write)
	}
}
