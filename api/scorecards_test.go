package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/score"
)

// scored has deliveries of a seller on the board, each two days on its way and three hours at the depot of Berlin.
func (h *house) scored(tenant string, deliveries int) {
	h.t.Helper()
	board := score.NewBoard(h.store)
	for i := range deliveries {
		end := noon.Add(-time.Duration(i) * time.Hour)
		id := fmt.Sprintf("%s-%d", tenant, i)
		leg := &tracker.Leg{LegKey: tracker.LegKey{Carrier: "ups", Number: id}, CreatedAt: end}
		for _, e := range []struct {
			substatus tracker.Substatus
			before    time.Duration
		}{{"picked_up", 48 * time.Hour}, {"arrived_at_facility", 6 * time.Hour}, {"departed_facility", 3 * time.Hour}, {"delivered", 0}} {
			leg.Events = append(leg.Events, tracker.Event{
				Kind: string(e.substatus), Substatus: e.substatus, Time: tracker.StampAt(end.Add(-e.before)), Location: tracker.Location{Facility: "BER-1"},
			})
		}
		s := &tracker.Shipment{
			ID: id, Tenant: tenant, Service: tracker.Express, Legs: []tracker.ShipmentLeg{{LegKey: leg.LegKey}},
			Origin: tracker.Location{Country: "DE"}, Destination: tracker.Location{Country: "FR"}, Promise: tracker.Promise{To: end.Add(time.Hour)},
		}
		p := &tracker.Tracking{Shipment: s, Legs: []*tracker.Leg{leg}, Carriages: tracker.Carriages(s, []*tracker.Leg{leg})}
		p.View = tracker.Compose(s, p.Carriages, nil, tracker.DefaultPatience, noon)
		must(h.t, board.Learn(h.t.Context(), p, noon))
	}
	must(h.t, board.Fold(h.t.Context(), noon))
}

func TestSellersSeeTheirOwnScorecardsAndOperatorsAll(t *testing.T) {
	h := newHouse(t)
	h.scored("acme", 60)
	h.scored("globex", 5)
	for _, c := range []struct {
		name, path, key string
		delivered       float64
		verdict         any
	}{
		{"a seller's own", "/v1/scorecards", h.seller, 60, "keeps"},
		{"of a lane", "/v1/scorecards?by=lane&days=90", h.seller, 60, "keeps"},
		{"of another seller, too few to say anything", "/v1/scorecards?by=service", h.rival, 5, nil},
		{"of all", "/v1/scorecards?days=7", h.operator, 65, "keeps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := h.do(http.MethodGet, c.path, c.key, nil)
			items, _ := a.json(t)["items"].([]any)
			if a.status != http.StatusOK || len(items) != 1 {
				t.Fatalf("%d %s", a.status, a.body)
			}
			card, _ := items[0].(map[string]any)
			if card["delivered"] != c.delivered || card["carrier"] != "ups" || card["verdict"] != c.verdict {
				t.Errorf("%v", card)
			}
			thin := c.delivered < 20
			if _, said := card["transit_hours"]; said == thin || (card["confidence"] == "thin") != thin {
				t.Errorf("of %v deliveries it says %v", c.delivered, card)
			}
		})
	}
	lane := string(h.do(http.MethodGet, "/v1/scorecards?by=lane", h.seller, nil).body)
	if !strings.Contains(lane, `"origin":"DE","destination":"FR"`) || !strings.Contains(lane, `"service":"express"`) {
		t.Error(lane)
	}
	if a := h.do(http.MethodGet, "/v1/scorecards?days=31", h.seller, nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("31 days: %d", a.status)
	}
	if a := h.do(http.MethodGet, "/v1/scorecards?carrier=dhl", h.seller, nil); strings.Contains(string(a.body), "ups") {
		t.Errorf("another carrier's: %s", a.body)
	}
}

func TestOperatorsSeeHowLongParcelsLie(t *testing.T) {
	h := newHouse(t)
	h.scored("acme", 40)
	items, _ := h.do(http.MethodGet, "/v1/facilities/dwell", h.operator, nil).json(t)["items"].([]any)
	facility, _ := items[0].(map[string]any)
	if len(items) != 1 || facility["facility"] != "BER-1" || facility["count"] != 40.0 || facility["hours"] != nil {
		t.Fatalf("%v", items)
	}
	if p95, _ := facility["p95_hours"].(float64); p95 < 2.9 || p95 > 3.1 {
		t.Errorf("stays of three hours have a p95 of %v", p95)
	}
	one := h.do(http.MethodGet, "/v1/facilities/dwell?carrier=ups&facility=BER-1", h.operator, nil)
	if !strings.Contains(string(one.body), `"hours":[{"weekday":`) {
		t.Errorf("%s", one.body)
	}
	if a := h.do(http.MethodGet, "/v1/facilities/dwell?facility=nowhere", h.operator, nil); a.status != http.StatusOK || strings.Contains(string(a.body), "BER-1") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
