package api_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/api"
	"waybill/tracker"
	"waybill/tracker/eta"
)

// byCarrier answers that the fleet needs a day, dhl two and ups four.
type byCarrier struct{}

func (byCarrier) Ask(_ context.Context, q *eta.Question, now time.Time) (*eta.Answer, error) {
	days := map[string]int{"fleet": 1, "dhl": 2, "ups": 4}[q.Carrier]
	at := now.AddDate(0, 0, days)
	e := &tracker.Estimate{P10: at, P50: at, P90: at, Zone: "Europe/Berlin"}
	if !q.Promise.IsZero() {
		chance := float32(0.1)
		if !at.After(q.Promise) {
			chance = 0.97
		}
		e.OnTime = &chance
	}
	return &eta.Answer{Estimate: e, ArrivesBy: at}, nil
}

const fromTo = `"origin":{"city":"Köln","country":"DE"},"destination":{"city":"Berlin","country":"DE"},"promise":"2026-11-26T12:00:00Z"`

// ranked gives the carriers of an allocation in their order, and which was taken.
func ranked(t *testing.T, a answer, i int) (carriers string, taken any) {
	t.Helper()
	list, _ := a.json(t)["allocations"].([]any)
	one, _ := list[i].(map[string]any)
	options, _ := one["options"].([]any)
	var names []string
	for _, o := range options {
		option, _ := o.(map[string]any)
		name, _ := option["carrier"].(string)
		names = append(names, name)
		if reasons, _ := option["reasons"].([]any); len(reasons) < 3 {
			t.Errorf("%s has the reasons %v", name, reasons)
		}
	}
	return strings.Join(names, " "), one["taken"]
}

func TestParcelsAreAllocatedByPromiseCostAndCapacity(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Estimator = byCarrier{} })
	options := `"options":[{"carrier":"ups","cost":3},{"carrier":"fleet","cost":6,"facility":"BER-1"},{"carrier":"dhl","cost":5}]`
	ask := `{"allocations":[{"reference":"a",` + fromTo + `,` + options + `}]}`
	if got, taken := ranked(t, h.expect(200, "POST", "/v1/allocations", h.seller, ask), 0); got != "dhl fleet ups" || taken != nil {
		t.Fatalf("%s, taken %v", got, taken)
	}
	h.expect(200, "PUT", "/v1/capacities", h.seller, `{"carrier":"dhl","per_day":1}`)
	h.expect(200, "PUT", "/v1/capacities", h.seller, `{"carrier":"fleet","facility":"BER-1","per_day":1}`)
	take := strings.Replace(ask, `{"allocations"`, `{"take":true,"allocations"`, 1)
	for i, want := range []string{"dhl fleet ups", "fleet ups dhl", "ups dhl fleet"} {
		got, taken := ranked(t, h.expect(200, "POST", "/v1/allocations", h.seller, take), 0)
		if got != want || taken != 0.0 {
			t.Errorf("parcel %d: %s, taken %v, want %s", i+1, got, taken, want)
		}
	}
	if got, _ := ranked(t, h.expect(200, "POST", "/v1/allocations", h.rival, ask), 0); got != "dhl fleet ups" {
		t.Errorf("another seller has the first one's capacity: %s", got)
	}
	h.clock.move(25 * time.Hour)
	if got, _ := ranked(t, h.expect(200, "POST", "/v1/allocations", h.seller, ask), 0); !strings.HasPrefix(got, "fleet") {
		t.Errorf("on the next day, when dhl would be late: %s", got)
	}
}

func TestNoMoreIsGivenOutThanACarrierTakes(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Estimator = byCarrier{} })
	h.expect(200, "PUT", "/v1/capacities", h.seller, `{"carrier":"dhl","per_day":5}`)
	take := `{"take":true,"allocations":[{` + fromTo + `,"options":[{"carrier":"dhl"}]},{` + fromTo + `,"options":[{"carrier":"dhl"}]}]}`
	var all sync.WaitGroup
	var mu sync.Mutex
	given := 0
	for range 6 {
		all.Go(func() {
			a := h.do(http.MethodPost, "/v1/allocations", h.seller, take)
			mu.Lock()
			defer mu.Unlock()
			given += strings.Count(string(a.body), `"taken":0`)
		})
	}
	all.Wait()
	if given != 5 {
		t.Errorf("of five places %d were given out", given)
	}
}

func TestMistakesOfAllocationsAreNamed(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Estimator = byCarrier{} })
	a := h.expect(200, "POST", "/v1/allocations", h.seller, `{"allocations":[
		{`+fromTo+`,"options":[{"carrier":"dhll"}]},{`+fromTo+`,"options":[{"carrier":"dhl","cost":-1}]},
		{`+fromTo+`,"options":[{"carrier":"dhl"},{"carrier":"dhl"}]},{"options":[{"carrier":"dhl"}]},
		{`+strings.Replace(fromTo, "2026-11-26T12:00:00Z", "soon", 1)+`,"options":[{"carrier":"dhl"}]},{`+fromTo+`,"options":[{"carrier":"dhl"}]}]}`)
	list, _ := a.json(t)["allocations"].([]any)
	for i, status := range []float64{422, 422, 422, 422, 422, 200} {
		if one, _ := list[i].(map[string]any); one["status"] != status {
			t.Errorf("%d: %v", i, one)
		}
	}
	if !strings.Contains(string(a.body), `"near":["dhl"`) {
		t.Errorf("a code like it is not named: %s", a.body)
	}
	h.expect(422, "PUT", "/v1/capacities", h.seller, `{"carrier":"dhll","per_day":1}`)
	h.expect(422, "PUT", "/v1/capacities", h.seller, `{"carrier":"dhl","per_day":-1}`)
}

func TestWhatWasChosenForAShipmentIsAskedAgain(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Estimator = byCarrier{} })
	id := h.shipment(nil)
	take := `{"take":true,"allocations":[{"shipment":"` + id + `",` + fromTo + `,"options":[{"carrier":"ups","cost":1},{"carrier":"dhl","cost":5}]}]}`
	if got, taken := ranked(t, h.expect(200, "POST", "/v1/allocations", h.seller, take), 0); got != "dhl ups" || taken != 0.0 {
		t.Fatalf("%s, taken %v", got, taken)
	}
	a, err := tracker.Load[tracker.Allocation](t.Context(), h.store, id)
	if err != nil || a.Chosen.Carrier != "dhl" || a.Tenant != "acme" || !a.NextLook.After(h.clock.now()) {
		t.Errorf("%+v, %v", a, err)
	}
	if got := h.expect(200, "POST", "/v1/allocations", h.rival, take); !strings.Contains(string(got.body), "no shipment with this ID") {
		t.Errorf("another seller allocates it: %s", got.body)
	}
}
