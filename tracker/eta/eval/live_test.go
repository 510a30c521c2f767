package eval

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"waybill/tracker"
	"waybill/tracker/eta/score"
	"waybill/tracker/sqlite"
)

func TestTheReportShowsPlotsAndScorecards(t *testing.T) {
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	now := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	board := score.NewBoard(store)
	for i := range 400 {
		end := now.Add(-time.Duration(i) * 4 * time.Hour)
		carrier := []string{"ups", "<script>", "dhl", "ups"}[i%4]
		leg := &tracker.Leg{LegKey: tracker.LegKey{Carrier: carrier, Number: fmt.Sprintf("N%d", i)}, CreatedAt: end, Events: []tracker.Event{
			{Kind: "p", Substatus: "picked_up", Time: tracker.StampAt(end.Add(-time.Duration(30+i%40) * time.Hour))},
			{Kind: "d", Substatus: "delivered", Time: tracker.StampAt(end)},
		}}
		s := &tracker.Shipment{
			ID: fmt.Sprintf("p%d", i), Tenant: "acme", Service: tracker.Standard, Legs: []tracker.ShipmentLeg{{LegKey: leg.LegKey}},
			Origin: tracker.Location{Country: "DE"}, Destination: tracker.Location{Country: "FR"},
			Promise: tracker.Promise{To: end.Add(time.Duration(i%9-1) * time.Hour)},
		}
		p := &tracker.Tracking{Shipment: s, Legs: []*tracker.Leg{leg}, Carriages: tracker.Carriages(s, []*tracker.Leg{leg})}
		p.View = tracker.Compose(s, p.Carriages, nil, tracker.DefaultPatience, now)
		middle := end.Add(time.Duration(i%21-10) * 3 * time.Hour)
		p.View.FirstEstimate = &tracker.Estimate{
			MadeAt: middle.Add(-time.Duration(40+i%5*24) * time.Hour), P10: middle.Add(-24 * time.Hour), P50: middle, P90: middle.Add(24 * time.Hour),
		}
		if err := board.Learn(t.Context(), p, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := board.Fold(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	page, err := Live(t.Context(), board, now)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	root, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			counts[n.Data]++
		}
		for _, a := range n.Attr {
			if a.Key == "src" || a.Key == "href" {
				t.Errorf("<%s> asks for %s", n.Data, a.Val)
			}
		}
	}
	// Three pictures, three tables with a head and three carriers each; no script though a carrier is called so.
	for name, want := range map[string]int{"svg": 3, "table": 3, "tr": 12, "h1": 1, "h2": 3, "script": 0, "link": 0, "img": 0} {
		if counts[name] != want {
			t.Errorf("%d of <%s>, want %d", counts[name], name, want)
		}
	}
	for _, want := range []string{"400 deliveries", "Carriers, last 90 days", "ups · standard · DE → FR", "polyline"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("it does not say %q", want)
		}
	}
}

func TestTheReportOfAnEmptyStoreSaysSo(t *testing.T) {
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	page, err := Live(t.Context(), score.NewBoard(store), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	if err != nil || strings.Contains(string(page), "NaN") || strings.Count(string(page), "No shipment has ended") != 3 {
		t.Errorf("%v\n%s", err, page)
	}
}
