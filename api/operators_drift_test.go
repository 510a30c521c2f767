package api_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/drift"
)

// drifting is a house to which UPS sent a payload of which nothing can be read, and one with a code that nobody knows.
func drifting(t *testing.T) (h *house, quarantined string) {
	t.Helper()
	h = newHouse(t)
	quarantined = h.quarantined()
	flusher := &drift.Flusher{
		Collector: drift.NewCollector(), Store: h.store, Now: h.clock.now, Log: slog.New(slog.DiscardHandler), Listens: true,
	}
	receipt := &tracker.Receipt{ID: quarantined, Source: tracker.FromWebhook, Carrier: "ups", Account: "main", ReceivedAt: h.clock.now()}
	flusher.Collector.Read(receipt, &tracker.Reading{Carrier: "ups"})
	flusher.Collector.Read(receipt, &tracker.Reading{Carrier: "ups", Format: "track", UnknownCodes: []string{"ZZ"}, Shipments: []tracker.ReadShipment{{
		Number: "1Z1", Events: []tracker.Event{{Code: "ZZ", Text: "Held for pigeons", Time: tracker.StampAt(h.clock.now())}},
	}}})
	must(t, flusher.Flush(t.Context()))
	return h, quarantined
}

func TestAnOperatorSeesHowACarrierDrifts(t *testing.T) {
	h, sample := drifting(t)
	b := h.person("operator@example.com", operatorSeat)
	b.get("/operators/carriers")
	b.shows(`href="/operators/carriers/ups"`, "UPS", "alive")
	b.get("/operators/carriers/ups")
	b.shows("ZZ", "Held for pigeons", "unreadable", `href="/agents/receipts/`+sample)
	b.get("/agents/receipts/" + sample)
	b.shows("unheard")
	if entries := h.entries(sample); len(entries) == 0 || entries[0].Action != "payload.read" {
		t.Error("the look at the sample is not in the audit log")
	}
	if a := h.do(http.MethodGet, "/v1/operator/drift/pigeon", h.operator, nil); a.status != http.StatusNotFound || a.code() != "unknown_carrier" {
		t.Errorf("a carrier that is not: %d %s", a.status, a.body)
	}
}

func TestAReplayIsAskedForOnceAndFollowed(t *testing.T) {
	h, _ := drifting(t)
	b := h.person("operator@example.com", operatorSeat)
	b.get("/operators/carriers/ups")
	a := b.post("/operators/carriers/ups/replay", url.Values{"days": {"7"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if again := b.post("/operators/carriers/ups/replay", url.Values{"days": {"7"}}); again.status != http.StatusConflict {
		t.Errorf("asked again while it goes on: %d", again.status)
	}
	path, _, _ := strings.Cut(a.header.Get("Location"), "?")
	b.get(path)
	b.shows("It goes on", `http-equiv="refresh"`)
	id := strings.TrimPrefix(path, "/operators/replays/")
	run, err := tracker.Load[tracker.ReplayRun](t.Context(), h.store, id)
	must(t, err)
	must(t, tracker.NewReplay(h.ingest).Go(t.Context(), run, func(*tracker.ReplayChange) {}))
	b.get(path)
	b.shows("Ended", "1, of which 0 came out of quarantine and 1 stay there", "Nothing.")
	b.get("/operators/replays")
	b.shows(path, "0 of 0")
	for name, body := range map[string]string{
		"a carrier that is not": `{"carrier":"pigeon","since":"2026-11-20T00:00:00Z"}`,
		"the future":            `{"carrier":"ups","since":"` + h.clock.now().Add(time.Hour).Format(time.RFC3339) + `"}`,
	} {
		if a := h.do(http.MethodPost, "/v1/operator/replays", h.operator, body); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}
