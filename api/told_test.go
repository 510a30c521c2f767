package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
)

// shown gives a shipment an estimate that has been shown as it changed; the last is the present one. Each window begins so
// many hours after noon and is a number of hours wide.
func (h *house) shown(id string, windows ...[2]int) {
	h.t.Helper()
	s, err := tracker.Load[tracker.Shipment](h.t.Context(), h.store, id)
	must(h.t, err)
	for i, w := range windows {
		from := noon.Add(time.Duration(w[0]) * time.Hour)
		to := from.Add(time.Duration(w[1]) * time.Hour)
		s.View.Estimate = &tracker.Estimate{
			P10: from, P50: from.Add(to.Sub(from) / 2), P90: to, From: from, To: to, Zone: "Europe/Berlin", Source: "model", Confidence: "medium",
			MadeAt: noon.Add(time.Duration(i-len(windows)) * time.Hour), Why: tracker.Why{Kind: tracker.WhyUsual, Days: 2},
		}
		s.Note(s.View.Estimate)
	}
	must(h.t, tracker.Save(h.t.Context(), h.store, s))
	h.clock.move(3 * time.Second) // look-ups are remembered for two
}

func TestPromiseFirstEstimateAndNowStandSideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	promised := map[string]any{"zone": "Europe/Berlin", "promise": map[string]any{"to": "2026-11-25T20:00:00+01:00"}}
	for name, c := range map[string]struct {
		fields    map[string]any
		windows   [][2]int
		delivered bool
		want      []string
		not       string
	}{
		"promised and estimated": {
			promised,
			[][2]int{{20, 60}},
			false,
			[]string{"Promised</dt><dd>Wednesday 25 November, by 20:00", "First estimate</dt><dd>Tuesday 24 November – Thursday 26 November", "Now</dt>"},
			"Earlier estimates",
		},
		"estimated otherwise since": {
			map[string]any{"zone": "Europe/Berlin"},
			[][2]int{{20, 60}, {24, 30}, {26, 4}},
			false,
			[]string{"First estimate</dt>", "Now</dt><dd>Tuesday 24 November, 15:00–19:00", "Earlier estimates", ">Monday 23 November, 11:00</time>"},
			"Promised",
		},
		"too wide at first": {
			map[string]any{"zone": "Europe/Berlin"}, [][2]int{{20, 300}, {24, 30}}, false, []string{"First estimate</dt><dd>could not be narrowed down yet", "Now</dt>"}, "",
		},
		"nothing to compare": {map[string]any{"zone": "Europe/Berlin"}, [][2]int{{20, 60}}, false, []string{"Expected"}, "First estimate"},
		"delivered": {
			promised, [][2]int{{20, 60}}, true, []string{"Promised</dt>", "First estimate</dt>", "Delivered</dt><dd>Monday 23 November, 12:30"}, "Now</dt>",
		},
	} {
		id := h.shipment(c.fields)
		h.scan(id, "accepted", "2026-11-23T10:00:00+01:00")
		h.shown(id, c.windows...)
		if c.delivered {
			h.scan(id, "delivered", "2026-11-23T12:30:00+01:00")
			h.clock.move(3 * time.Second)
		}
		page := string(h.do(http.MethodGet, "/t/"+id+"?lang=en", "", nil).body)
		for _, want := range c.want {
			if !strings.Contains(page, want) {
				_, now, _ := strings.Cut(page, `<section id="now"`)
				t.Errorf("%s: the page does not say %q\n%.1800s", name, want, now)
			}
		}
		if c.not != "" && strings.Contains(page, c.not) {
			t.Errorf("%s: the page says %q", name, c.not)
		}
	}
}

func TestProgramsCanCompareEstimatesToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.shipment(map[string]any{"zone": "Europe/Berlin", "promise": map[string]any{"to": "2026-11-25T20:00:00+01:00"}})
	h.scan(id, "accepted", "2026-11-23T10:00:00+01:00")
	h.shown(id, [2]int{20, 300}, [2]int{24, 30}, [2]int{26, 4})
	look := h.do(http.MethodGet, "/v1/track/"+id, "", nil).json(t)
	first, _ := look["first_estimate"].(map[string]any)
	all, _ := look["estimates"].([]any)
	if look["promise"] == nil || look["estimate"] == nil || first["from"] != "2026-11-24T09:00:00+01:00" || first["wide"] != true || len(all) != 3 {
		t.Errorf("the look-up has %v", look)
	}
	one := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil).json(t)
	list, _ := h.do(http.MethodGet, "/v1/shipments", h.seller, nil).json(t)["items"].([]any)
	listed, _ := list[0].(map[string]any)
	for name, shipment := range map[string]map[string]any{"the shipment": one, "the list": listed} {
		first, _ := shipment["first_estimate"].(map[string]any)
		tracking, _ := shipment["tracking"].(map[string]any)
		if first["to"] != "2026-12-06T20:00:00Z" || tracking["promise"] == nil || tracking["estimate"] == nil || tracking["first_estimate"] != nil {
			t.Errorf("%s has %v", name, shipment)
		}
	}
	if all, _ := one["estimates"].([]any); len(all) != 3 {
		t.Errorf("the shipment has %v", one["estimates"])
	}
}

func TestAStreamTellsOfEachStopFewer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	base := served(t, h)
	id := h.shipment(map[string]any{"zone": "Europe/Berlin"})
	h.scan(id, "out_for_delivery", "2026-11-23T12:35:00+01:00")
	left := func(stops int) {
		s, err := tracker.Load[tracker.Shipment](t.Context(), h.store, id)
		must(t, err)
		s.View.Estimate = &tracker.Estimate{
			P10: noon.Add(10 * time.Minute), P50: noon.Add(20 * time.Minute), P90: noon.Add(40 * time.Minute), Zone: "Europe/Berlin", Source: "model",
			MadeAt: noon, StopsAway: stops, Why: tracker.Why{Kind: tracker.WhyVan, Minutes: 4 * stops},
		}
		must(t, tracker.Save(t.Context(), h.store, s))
		h.feed.Publish(id)
	}
	left(3)
	js, page := watch(t, base+"/v1/track/"+id+"/live"), watch(t, base+"/t/"+id+"/live?lang=de")
	if _, data := js.next(); !strings.Contains(data, `"stops_away":3`) {
		t.Fatalf("at first the stream tells %s", data)
	}
	if _, html := page.next(); !strings.Contains(html, "Noch 3 Halte bis zu Ihnen") {
		t.Fatalf("at first the page's stream tells %s", html)
	}
	left(2)
	if _, data := js.next(); !strings.Contains(data, `"stops_away":2`) {
		t.Errorf("then the stream tells %s", data)
	}
	if _, html := page.next(); !strings.Contains(html, "Noch 2 Halte bis zu Ihnen") || !strings.Contains(html, "meist 8 Minuten") {
		t.Errorf("then the page's stream tells %s", html)
	}
}
