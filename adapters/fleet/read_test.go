package fleet

import (
	"encoding/json"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestScansAreRead(t *testing.T) {
	for _, test := range []struct {
		name, body string
		shipments  int
		faults     int
	}{
		{"one", `{"code":"WBA","action":"arrived","at":"2026-11-23T14:05:00+01:00"}`, 1, 0},
		{"one over several lines", "{\n\"code\":\"WBA\",\n\"action\":\"arrived\",\n\"at\":\"2026-11-23T14:05:00+01:00\"\n}", 1, 0},
		{"a list", `[{"code":"A","action":"arrived","at":"2026-11-23T14:05:00Z"},{"code":"B","action":"arrived","at":"2026-11-23T14:05:00Z"}]`, 2, 0},
		{"one a line", "{\"code\":\"A\",\"action\":\"arrived\",\"at\":\"2026-11-23T14:05:00Z\"}\r\n\n{\"code\":\"B\",\"action\":\"departed\",\"at\":\"2026-11-23T14:06:00Z\"}\n", 2, 0},
		{"a broken line between good ones", "{\"code\":\"A\",\"action\":\"arrived\",\"at\":\"2026-11-23T14:05:00Z\"}\n{oops\n{\"code\":\"B\",\"action\":\"arrived\",\"at\":\"2026-11-23T14:05:00Z\"}", 2, 1},
		{"a list that breaks off", `[{"code":"A","action":"arrived","at":"2026-11-23T14:05:00Z"},{"code":"B","act`, 1, 1},
		{"a scan without a code between good ones", `[{"action":"arrived","at":"2026-11-23T14:05:00Z"},{"code":"B","action":"arrived","at":"2026-11-23T14:05:00Z"}]`, 1, 1},
		{"without an action", `{"code":"A","at":"2026-11-23T14:05:00Z"}`, 0, 1},
		{"a field of another type costs that field", `{"code":"A","action":"arrived","at":"2026-11-23T14:05:00Z","seq":"seven","note":"n"}`, 1, 1},
		{"a number for a code", `{"code":7,"action":"arrived","at":"2026-11-23T14:05:00Z"}`, 0, 2},
		{"a code that is too long", `{"code":"` + strings.Repeat("9", 65) + `","action":"arrived","at":"2026-11-23T14:05:00Z"}`, 0, 1},
		{"no JSON", `hello`, 0, 1},
		{"nothing", ``, 0, 1},
		{"an empty list", `[]`, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Read([]byte(test.body))
			if len(got.Shipments) != test.shipments || len(got.Faults) != test.faults {
				t.Errorf("%d shipments and %v, want %d and %d faults", len(got.Shipments), got.Faults, test.shipments, test.faults)
			}
			if got.Carrier != tracker.FleetCarrier || got.Format != Format {
				t.Error(got.Carrier, got.Format)
			}
		})
	}
}

func TestWhatAScanSays(t *testing.T) {
	const at = `,"at":"2026-11-23T14:05:00+01:00"`
	for _, test := range []struct {
		name, scan string
		substatus  tracker.Substatus
		text       string
		faults     int
		unknown    int
	}{
		{"an action", `"code":"A","action":"out_for_delivery"` + at, "out_for_delivery", "Out for delivery", 0, 0},
		{"with a note", `"code":"A","action":"held","note":" gate closed "` + at, "held", "gate closed", 0, 0},
		{"with a reason", `"code":"A","action":"attempt_failed","reason":"recipient_unavailable"` + at, "recipient_unavailable", "Delivery attempted", 0, 0},
		{"with a reason of the neighbouring kind", `"code":"A","action":"attempt_failed","reason":"refused"` + at, "refused", "Delivery attempted", 0, 0},
		{"with a reason that is none", `"code":"A","action":"attempt_failed","reason":"rain"` + at, "attempt_failed", "Delivery attempted", 1, 0},
		{"with a reason that contradicts it", `"code":"A","action":"delivered","reason":"lost"` + at, "delivered", "Delivered", 1, 0},
		{"an unknown action", `"code":"A","action":"juggled"` + at, "", "", 0, 1},
		{"a time that cannot be", `"code":"A","action":"arrived","at":"2026-02-30T10:00:00Z"`, "arrived_at_facility", "Arrived at the depot", 1, 0},
		{"a year that cannot be", `"code":"A","action":"arrived","at":"9999-12-31T10:00:00Z"`, "arrived_at_facility", "Arrived at the depot", 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Read([]byte("{" + test.scan + "}"))
			if len(got.Shipments) != 1 {
				t.Fatal(got.Faults)
			}
			e := got.Shipments[0].Events[0]
			if e.Substatus != test.substatus || e.Text != test.text || len(got.Faults) != test.faults || len(got.UnknownCodes) != test.unknown {
				t.Errorf("%+v %v %v", e, got.Faults, got.UnknownCodes)
			}
			if test.faults == 1 && strings.Contains(test.name, "cannot be") && (e.Time.Known() || e.RawTime == "") {
				t.Errorf("the time must be kept as given: %+v", e)
			}
		})
	}
}

func TestAScanKeepsPlaceProofAndNames(t *testing.T) {
	lat, lon := float32(48.1), float32(11.6)
	body, err := json.Marshal(Scan{
		ID: "17", Kind: "barcode", Of: "package", Code: "wb 123", Action: "delivered", At: "2026-11-23T14:05:00",
		Device: "scanner-4", Seq: 9, Facility: "MUC-1", Location: &Location{City: "München", Country: "Germany", Lat: &lat, Lon: &lon},
		Proof: &Proof{SignedBy: "A Person", PhotoURL: "https://example.org/p"}, EstimatedDelivery: "2026-11-24", Voids: "16",
	})
	if err != nil {
		t.Fatal(err)
	}
	got := Read(body)
	if len(got.Shipments) != 1 || len(got.Faults) > 0 {
		t.Fatal(got)
	}
	s := got.Shipments[0]
	e := s.Events[0]
	if s.Number != "wb123" || e.Ref != "scanner-4/17" || e.Voids != "scanner-4/16" || e.Kind != "delivered" {
		t.Errorf("%+v", s)
	}
	if e.Location.Country != "DE" || e.Location.Point == nil || e.Location.Point.Lat != lat || e.Location.Facility != "MUC-1" {
		t.Errorf("%+v", e.Location)
	}
	if e.Time.String() != "2026-11-23T14:05:00+01:00" || e.Time.Source != tracker.ZoneFromLocation {
		t.Error(e.Time, e.Time.Source)
	}
	if s.Personal.SignedBy != "A Person" || strings.Contains(e.Text, "Person") || s.Facts.Estimate.To.String() != "2026-11-24" {
		t.Errorf("%+v", s)
	}
}

func TestAPickupCodeIsKeptApart(t *testing.T) {
	got := Read([]byte(`{"code":"A","action":"in_locker","at":"2026-11-23T14:05:00+01:00","pickup":{"name":"Locker 12","hours":"8-20","code":" 4711 "}}`))
	if len(got.Shipments) != 1 || len(got.Faults) != 0 {
		t.Fatalf("%+v", got)
	}
	s := got.Shipments[0]
	if s.Facts.Pickup != "Locker 12" || s.Facts.PickupHours != "8-20" || s.Personal.PickupCode != "4711" {
		t.Errorf("%+v, %+v", s.Facts, s.Personal)
	}
}

func TestAPositionIsNoEvent(t *testing.T) {
	got := Read([]byte(`{"code":"A","kind":"gps","at":"2026-11-23T14:05:00+01:00","location":{"lat":52.50321,"lon":13.39876}}`))
	if len(got.Shipments) != 1 || len(got.Shipments[0].Events) != 0 || len(got.Faults) != 0 {
		t.Fatalf("%+v", got)
	}
	if p := got.Shipments[0].Facts.Position; p.Point != (tracker.Point{Lat: 52.5, Lon: 13.4}) || p.At.String() != "2026-11-23T14:05:00+01:00" {
		t.Errorf("%+v", p)
	}
	for name, scan := range map[string]string{
		"without a point":          `{"code":"A","action":"position","at":"2026-11-23T14:05:00Z"}`,
		"at a time that cannot be": `{"code":"A","kind":"gps","at":"soon","location":{"lat":52.5,"lon":13.4}}`,
	} {
		if got := Read([]byte(scan)); len(got.Shipments) != 0 || len(got.Faults) != 1 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestEveryActionMeansSomethingOfTheStatusModel(t *testing.T) {
	for _, a := range Actions() {
		if _, _, err := tracker.ParseStatus(string(a.Substatus)); err != nil {
			t.Errorf("action %s: %v", a.Name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`[{"code":"A","action":"arrived","at":"2026-11-23T14:05:00Z","location":{"lat":1e99}}]`))
	f.Add([]byte("{\"code\":\"A\"}\n{\"code\":\"B\",\"kind\":\"gps\"}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, s := range Read(body).Shipments {
			if s.Number == "" || len(s.Events) != 1 && !s.Facts.Position.At.Known() {
				t.Errorf("%+v", s)
			}
		}
	})
}
