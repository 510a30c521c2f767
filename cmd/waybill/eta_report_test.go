package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/score"
	"waybill/tracker/sqlite"
)

// scoredIn fills the scorecards of a data folder with deliveries, each with a first estimate that was more or less right.
func scoredIn(t *testing.T, folder string, deliveries int) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(folder, "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	board, now := score.NewBoard(store), time.Now()
	for i := range deliveries {
		end := now.Add(-time.Duration(i+1) * 5 * time.Hour)
		leg := &tracker.Leg{LegKey: tracker.LegKey{Carrier: []string{"ups", "dhl"}[i%2], Number: fmt.Sprintf("N%d", i)}, CreatedAt: end, Events: []tracker.Event{
			{Kind: "p", Substatus: "picked_up", Time: tracker.StampAt(end.Add(-time.Duration(30+i%40) * time.Hour))},
			{Kind: "d", Substatus: "delivered", Time: tracker.StampAt(end)},
		}}
		s := &tracker.Shipment{
			ID: fmt.Sprintf("p%d", i), Tenant: "acme", Service: tracker.Standard, Legs: []tracker.ShipmentLeg{{LegKey: leg.LegKey}},
			Origin: tracker.Location{Country: "DE"}, Destination: tracker.Location{Country: "FR"}, Promise: tracker.Promise{To: end.Add(time.Hour)},
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
}

func TestEtaReportWritesAPageOfWhatTheStoreHas(t *testing.T) {
	t.Parallel()
	folder, out := t.TempDir(), t.ArtifactDir()
	if code, _, failure := tryCommand(t, "eta", "report", "--data-dir", folder, "--out", out); code == 0 || !strings.Contains(failure, folder) {
		t.Errorf("of a folder without data it writes a report: %d %s", code, failure)
	}
	if code, _, failure := tryCommand(t, "keys", "create", "--tenant", "acme", "--data-dir", folder); code != 0 {
		t.Fatal(failure)
	}
	scoredIn(t, folder, 150)
	code, said, failure := tryCommand(t, "eta", "report", "--data-dir", folder, "--out", out)
	file := filepath.Join(out, "eta-report.html")
	if code != 0 || strings.TrimSpace(said) != file {
		t.Fatalf("%d %q %s", code, said, failure)
	}
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "ups", "dhl", "DE", "150"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the report has no %q", want)
		}
	}
	if strings.Contains(string(page), "http://") && strings.Contains(string(page), "<script src") {
		t.Error("the report asks another host")
	}
	if code, _, failure := tryCommand(t, "eta", "report", "--data-dir", folder, "--out", filepath.Join(out, "none", "r.html")); code == 0 || !strings.Contains(failure, "--out") {
		t.Errorf("where it cannot be written: %d %s", code, failure)
	}
}
