package api_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"waybill/api"
	"waybill/tracker"
	"waybill/tracker/drift"
)

// While a carrier's systems err, the pages of its parcels say so and since when; afterwards they say nothing more of it.
func TestPagesSayThatACarriersSystemsErr(t *testing.T) {
	health := &drift.Health{}
	h := newHouse(t, func(o *api.Options) {
		patience := tracker.DefaultPatience
		patience.Outages = health.Outages
		o.Finder = tracker.NewFinder(o.Store, o.Keys, patience, o.Now)
	})
	collector := drift.NewCollector()
	flusher := &drift.Flusher{Collector: collector, Store: h.store, Now: h.clock.now, Log: slog.New(slog.DiscardHandler)}
	watch := &drift.Watch{Store: h.store, Now: h.clock.now, Log: slog.New(slog.DiscardHandler)}
	look := func() {
		t.Helper()
		must(t, flusher.Flush(t.Context()))
		must(t, watch.Look(t.Context()))
		must(t, health.Refresh(t.Context(), h.store))
	}
	const ups, other = "1Z999AA10123456784", "00340434161094042557"
	h.shipment(map[string]any{"carrier": "ups", "tracking_number": ups})
	h.shipment(map[string]any{"carrier": "dhl", "tracking_number": other})
	says := func(number, language string) string {
		t.Helper()
		return string(h.do("GET", "/t/"+number+"?lang="+language, "", nil).body)
	}

	collector.Pulled("ups", "main", "", h.clock.now())
	look()
	if page := says(ups, "en"); strings.Contains(page, "answered properly") {
		t.Errorf("all is well, and the page says\n%s", page)
	}
	for range 6 {
		h.clock.move(5 * time.Minute)
		collector.Pulled("ups", "main", "it answered 503", h.clock.now())
	}
	look()
	if page := says(ups, "en"); !strings.Contains(page, "UPS&#39;s systems have not answered properly since") {
		t.Errorf("the page says nothing of it\n%s", page)
	}
	if page := says(ups, "de"); !strings.Contains(page, "UPS") || !strings.Contains(page, "callout warn") {
		t.Errorf("the page in German says nothing of it\n%s", page)
	}
	if page := says(other, "en"); strings.Contains(page, "answered properly") {
		t.Errorf("another carrier's page says\n%s", page)
	}
	var told struct {
		Feed *struct {
			State string    `json:"state"`
			Since time.Time `json:"since"`
		} `json:"feed"`
	}
	must(t, json.Unmarshal(h.do("GET", "/v1/track/"+ups, "", nil).body, &told))
	if told.Feed == nil || told.Feed.State != "erring" || told.Feed.Since.Before(noon) || told.Feed.Since.After(noon.Add(5*time.Minute)) {
		t.Errorf("programs are told %+v", told.Feed)
	}

	h.clock.move(5 * time.Minute)
	collector.Pulled("ups", "main", "", h.clock.now())
	look()
	if page := says(ups, "en"); strings.Contains(page, "answered properly") {
		t.Errorf("it answers again, and the page says\n%s", page)
	}
}
