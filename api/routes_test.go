package api_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
)

// roundOf puts a route with the given stops, each with a door of its own.
func (h *house) roundOf(id string, shipments ...string) answer {
	h.t.Helper()
	stops := []any{}
	for i, shipment := range shipments {
		stops = append(stops, map[string]any{
			"id": fmt.Sprintf("s%d", i+1), "kind": "house", "shipments": []string{shipment},
			"lat": 52.512341 + 0.004*float64(i), "lon": 13.412345,
		})
	}
	return h.do(http.MethodPut, "/v1/fleet/routes/"+id, h.fleet, map[string]any{
		"vehicle": "van-7", "driver": "d-114", "depot": "BER-1", "zone": "Europe/Berlin", "starts_at": "2026-11-23T12:30:00+01:00", "stops": stops,
	})
}

func TestARouteIsPutAdvancedAndPlannedAnew(t *testing.T) {
	h := newHouse(t)
	a, b := h.shipment(nil), h.shipment(nil)
	if got := h.roundOf("van-7", a, b); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	got := h.do(http.MethodPost, "/v1/fleet/routes/van-7/stops/s1", h.fleet, `{"state":"done","at":"2026-11-23T12:50:00+01:00"}`)
	if got.status != http.StatusOK || got.json(t)["stops_left"] != 1.0 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := h.roundOf("van-7", a, b); got.json(t)["stops_left"] != 1.0 {
		t.Errorf("planned anew, the stop that was done is open: %s", got.body)
	}
	for name, c := range map[string]struct {
		method, path, key, body string
		status                  int
	}{
		"a stop that is not":        {"POST", "/v1/fleet/routes/van-7/stops/s9", h.fleet, `{"state":"done"}`, 404},
		"a route that is not":       {"POST", "/v1/fleet/routes/van-8/stops/s1", h.fleet, `{"state":"done"}`, 404},
		"positions of none":         {"POST", "/v1/fleet/routes/van-8/positions", h.fleet, `{"positions":[{"lat":1,"lon":1,"at":"2026-11-23T11:00:00Z"}]}`, 404},
		"a state that is not":       {"POST", "/v1/fleet/routes/van-7/stops/s2", h.fleet, `{"state":"lost"}`, 422},
		"an operator looks":         {"GET", "/v1/fleet/routes/van-7", h.operator, "", 200},
		"a seller looks":            {"GET", "/v1/fleet/routes/van-7", h.seller, "", 403},
		"an operator changes":       {"POST", "/v1/fleet/routes/van-7/stops/s2", h.operator, `{"state":"done"}`, 403},
		"a position of next year":   {"POST", "/v1/fleet/routes/van-7/positions", h.fleet, `{"positions":[{"lat":1,"lon":1,"at":"2027-11-23T11:00:00Z"}]}`, 422},
		"a position in the ocean":   {"POST", "/v1/fleet/routes/van-7/positions", h.fleet, `{"positions":[{"lat":0,"lon":-30,"at":"2026-11-23T11:58:00Z"}]}`, 200},
		"a latitude that is none":   {"POST", "/v1/fleet/routes/van-7/positions", h.fleet, `{"positions":[{"lat":91,"lon":0,"at":"2026-11-23T11:58:00Z"}]}`, 422},
		"the same id the other day": {"PUT", "/v1/fleet/routes/van-7", h.fleet, `{"zone":"Europe/Berlin","starts_at":"2026-11-24T08:00:00+01:00","stops":[{"id":"s1"}]}`, 409},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		if got := h.do(c.method, c.path, c.key, body); got.status != c.status {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

func TestMistakesOfARouteAreNamed(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	for name, c := range map[string]struct{ stops, field string }{
		"no stops":                   {`[]`, "stops"},
		"a stop twice":               {`[{"id":"a"},{"id":"a"}]`, "stops[1].id"},
		"a number of another kind":   {`[{"id":"a","shipments":["1Z999AA10123456784"]}]`, "stops[0].shipments[0]"},
		"a parcel nobody registered": {`[{"id":"a","shipments":["` + tracker.NewTrackingID() + `"]}]`, "stops[0].shipments[0]"},
		"a parcel at two stops":      {`[{"id":"a","shipments":["` + id + `"]},{"id":"b","shipments":["` + id + `"]}]`, "stops[1].shipments[0]"},
		"half a point":               {`[{"id":"a","lat":52.5}]`, "stops[0].lat"},
		"a break with parcels":       {`[{"id":"a","kind":"break","shipments":["` + id + `"]}]`, "stops[0].shipments"},
		"a kind that is not":         {`[{"id":"a","kind":"castle"}]`, "stops[0].kind"},
		"a window that is none":      {`[{"id":"a","from":"noon"}]`, "stops[0].from"},
	} {
		body := `{"zone":"Europe/Berlin","starts_at":"2026-11-23T12:30:00+01:00","stops":` + c.stops + `}`
		got := h.do(http.MethodPut, "/v1/fleet/routes/r1", h.fleet, body)
		errors, _ := got.json(t)["errors"].([]any)
		if got.status != http.StatusUnprocessableEntity || len(errors) == 0 {
			t.Errorf("%s: %d %s", name, got.status, got.body)
			continue
		}
		if first, _ := errors[0].(map[string]any); first["field"] != c.field {
			t.Errorf("%s: named %v", name, first)
		}
	}
	body := `{"zone":"Mars/Olympus","starts_at":"2026-11-23T12:30:00+01:00","stops":[{"id":"a"}]}`
	if got := h.do(http.MethodPut, "/v1/fleet/routes/r1", h.fleet, body); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a zone that is none: %d", got.status)
	}
}

// TestNobodyLearnsWhereDoorsAndVansAre looks for the exact places in every answer, and in what is stored.
func TestNobodyLearnsWhereDoorsAndVansAre(t *testing.T) {
	h := newHouse(t)
	a, b := h.shipment(nil), h.shipment(nil)
	for _, id := range []string{a, b} {
		h.scan(id, "out_for_delivery", "2026-11-23T12:35:00+01:00")
	}
	put := h.roundOf("r1", a, b)
	ping := h.do(http.MethodPost, "/v1/fleet/routes/r1/positions", h.fleet,
		`{"positions":[{"lat":52.501237,"lon":13.437651,"at":"2026-11-23T12:55:00+01:00"},{"lat":52.40,"lon":13.1,"at":"2026-11-23T12:40:00+01:00"}]}`)
	if put.status != http.StatusOK || ping.status != http.StatusOK {
		t.Fatalf("%d %s, %d %s", put.status, put.body, ping.status, ping.body)
	}
	answers := map[string]answer{
		"put": put, "ping": ping, "route": h.do(http.MethodGet, "/v1/fleet/routes/r1", h.operator, nil),
		"look-up": h.do(http.MethodGet, "/v1/track/"+a, "", nil), "page": h.do(http.MethodGet, "/t/"+a, "", nil, "Accept", "text/html"),
		"seller": h.do(http.MethodGet, "/v1/shipments/"+a, h.seller, nil),
	}
	for name, got := range answers {
		for _, secret := range []string{"52.51", "13.412", "13.4123", "52.501", "13.437", "d-114"} {
			if strings.Contains(string(got.body), secret) {
				t.Errorf("%s tells %s: %.400s", name, secret, got.body)
			}
		}
	}
	if log := h.log.String(); strings.Contains(log, "52.5") || strings.Contains(log, "d-114") {
		t.Error("the log tells where the van is, or who drives it")
	}
	latitude := binary.BigEndian.AppendUint64(nil, math.Float64bits(52.512341)) // as it would stand there unsealed
	r, err := tracker.Load[tracker.Route](t.Context(), h.store, "r1")
	must(t, err)
	if p := r.Position.Point; p != (tracker.Point{Lat: 52.5, Lon: 13.44}) || r.Driver == "d-114" || bytes.Contains(r.SealedPoints, latitude) {
		t.Errorf("stored: position %v, driver %q", p, r.Driver)
	}
	want := tracker.RoadMetres(tracker.Point{Lat: 52.501237, Lon: 13.437651}, tracker.Point{Lat: 52.512341, Lon: 13.412345})
	if math.Abs(r.Left-want) > 20 || r.LeftStop != "s1" {
		t.Errorf("%.0f m are left to stop %s, want %.0f", r.Left, r.LeftStop, want)
	}
	if metres := r.Stops[1].Metres; metres < 500 || metres > 700 {
		t.Errorf("the second stop is %.0f m from the first", metres)
	}
}

func TestThePageSaysHowManyStopsAwayTheVanIs(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"zone": "Europe/Berlin"})
	h.scan(id, "out_for_delivery", "2026-11-23T12:35:00+01:00")
	expect := func(stops int) {
		s, err := tracker.Load[tracker.Shipment](t.Context(), h.store, id)
		must(t, err)
		s.View.Estimate = &tracker.Estimate{
			P10: noon.Add(20 * time.Minute), P50: noon.Add(40 * time.Minute), P90: noon.Add(70 * time.Minute), Zone: "Europe/Berlin", Source: "model",
			MadeAt: noon, StopsAway: stops,
		}
		must(t, tracker.Save(t.Context(), h.store, s))
		h.clock.move(3 * time.Second) // look-ups are remembered for two
	}
	for _, c := range []struct {
		stops      int
		en, de, js string
	}{
		{3, "3 stops away", "Noch 3 Halte bis zu Ihnen", `"stops_away":3`},
		{1, "1 stop away", "Noch 1 Halt bis zu Ihnen", `"stops_away":1`},
		{11, "", "", ""},
		{0, "", "", ""},
	} {
		expect(c.stops)
		page := string(h.do(http.MethodGet, "/t/"+id+"?lang=en", "", nil).body)
		german := string(h.do(http.MethodGet, "/t/"+id+"?lang=de", "", nil).body)
		look := string(h.do(http.MethodGet, "/v1/track/"+id, "", nil).body)
		if !strings.Contains(page, c.en) || !strings.Contains(german, c.de) || !strings.Contains(look, c.js) {
			t.Errorf("%d stops away: not said\n%.1500s", c.stops, page)
		}
		if c.en == "" && (strings.Contains(page, "stops-away") || strings.Contains(look, "stops_away")) {
			t.Errorf("%d stops away is said, but shall not be", c.stops)
		}
	}
}
