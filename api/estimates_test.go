package api_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/api"
	"waybill/tracker"
	"waybill/tracker/eta"
)

func estimating(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(o *api.Options) {
		o.Estimator = eta.NewModel(eta.Options{Store: o.Store, Now: o.Now, Log: slog.New(slog.DiscardHandler)})
	})
}

func TestEstimatesAtTheCheckOut(t *testing.T) {
	h := estimating(t)
	a := h.do(http.MethodPost, "/v1/estimates", h.seller, `{"estimates":[
		{"reference":"a","origin":{"city":"Köln","country":"DE"},"destination":{"city":"Lyon","country":"FR"},"hand_over_at":"2026-11-23T17:00:00+01:00"},
		{"reference":"b","level":"express","origin":{"city":"Köln","country":"DE"},"destination":{"city":"Berlin","country":"DE"},
		 "purchased_at":"2026-11-23T17:30:00+01:00","cut_off":"16:00","handling_days":1},
		{"reference":"c","carrier":"upz","origin":{"country":"DE"},"destination":{"country":"DE"}},
		{"reference":"d","origin":{"country":"DE"}},
		{"reference":"e","origin":{"country":"DE"},"destination":{"country":"DE"},"cut_off":"noon"}]}`)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	list, _ := a.json(t)["estimates"].([]any)
	if len(list) != 5 {
		t.Fatalf("%d results", len(list))
	}
	for i, want := range []float64{200, 200, 422, 422, 422} {
		one, _ := list[i].(map[string]any)
		if one["status"] != want {
			t.Errorf("result %d: %v", i, one)
		}
		e, _ := one["estimate"].(map[string]any)
		if want != 200 {
			continue
		}
		p10, p50, p90 := parsed(t, e["p10"]), parsed(t, e["p50"]), parsed(t, e["p90"])
		if p50.Before(p10) || p90.Before(p50) || p10.Before(noon) || e["arrives_by"] != p90.Format(time.DateOnly) || e["reason"] == "" {
			t.Errorf("result %d: %v", i, e)
		}
		sum := 0.0
		for _, day := range e["days"].([]any) {
			sum += day.(map[string]any)["chance"].(float64)
		}
		if sum < 0.7 || sum > 1.01 {
			t.Errorf("result %d: its days add up to %v", i, sum)
		}
	}
	second, _ := list[1].(map[string]any)
	if at := second["estimate"].(map[string]any)["hand_over_at"]; at != "2026-11-25T16:00:00+01:00" {
		t.Errorf("bought after the cut-off with a day of handling, it is handed over %v", at)
	}
}

func parsed(t *testing.T, text any) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text.(string))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDisruptionsAreDeclaredEndedAndAudited(t *testing.T) {
	h := estimating(t)
	a := h.do(http.MethodPost, "/v1/disruptions", h.operator, `{"countries":["fr"],"postal_prefixes":["69"],"reason":"strike","extra_hours":48}`)
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	id, _ := a.json(t)["id"].(string)
	question := `{"estimates":[{"origin":{"country":"DE"},"destination":{"city":"Lyon","postal_code":"69001","country":"FR"},"hand_over_at":"2026-11-23T17:00:00+01:00"}]}`
	if a := h.do(http.MethodPost, "/v1/estimates", h.seller, question); !strings.Contains(string(a.body), "strike") {
		t.Errorf("the reason is not said: %s", a.body)
	}
	if a := h.do(http.MethodDelete, "/v1/disruptions/"+id, h.operator, ""); a.status != http.StatusOK || a.json(t)["in_force"] != false {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.do(http.MethodGet, "/v1/disruptions", h.operator, ""); !strings.Contains(string(a.body), id) {
		t.Errorf("it is not in the list: %s", a.body)
	}
	if log := h.log.String(); !strings.Contains(log, "disruption.declared") || !strings.Contains(log, "disruption.ended") {
		t.Error("the audit log lacks it")
	}
	for name, body := range map[string]string{
		"no country":         `{"countries":[],"reason":"strike"}`,
		"an unknown reason":  `{"countries":["FR"],"reason":"boredom"}`,
		"an end before":      `{"countries":["FR"],"reason":"strike","from":"2026-11-24T00:00:00Z","to":"2026-11-23T00:00:00Z"}`,
		"an unknown carrier": `{"countries":["FR"],"reason":"strike","carriers":["upz"]}`,
	} {
		if a := h.do(http.MethodPost, "/v1/disruptions", h.operator, body); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestWhatNeedsAttentionIsListed(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"order": "1001"})
	s, err := tracker.Load[tracker.Shipment](t.Context(), h.store, id)
	must(t, err)
	s.View.Concern = tracker.Concern{Substatus: "stuck", Since: noon, Reason: "no scan"}
	must(t, tracker.Save(t.Context(), h.store, s))
	for query, found := range map[string]bool{"any": true, "stuck": true, "delayed": false} {
		a := h.do(http.MethodGet, "/v1/shipments?attention="+query, h.seller, "")
		if a.status != http.StatusOK || strings.Contains(string(a.body), id) != found {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
		if b := h.do(http.MethodGet, "/v1/shipments?attention="+query, h.rival, ""); strings.Contains(string(b.body), id) {
			t.Errorf("%s: another seller sees it", query)
		}
	}
	if a := h.do(http.MethodGet, "/v1/shipments?attention=bored", h.seller, ""); a.status != http.StatusUnprocessableEntity {
		t.Errorf("%d", a.status)
	}
}
