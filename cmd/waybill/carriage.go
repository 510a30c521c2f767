package main

import (
	"context"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/configs"
	"waybill/tracker"
	"waybill/tracker/drift"
)

// carriage is how carriers do: what they send is counted and watched, and which feeds are down is held in memory.
type carriage struct {
	collector *drift.Collector
	health    *drift.Health
	watch     *drift.Watch
}

// watchCarriers begins to count what carriers send, until the app is closed; what is counted then is stored.
func (a *app) watchCarriers(ctx context.Context) {
	now := a.program.now
	a.carriage = &carriage{
		collector: drift.NewCollector(), health: &drift.Health{}, watch: &drift.Watch{Store: a.store, Now: now, Log: a.log},
	}
	flusher := &drift.Flusher{
		Collector: a.carriage.collector, Store: a.store, Now: now, Log: a.log, Listens: a.role != configs.RoleWorker,
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	var background sync.WaitGroup
	background.Go(func() { flusher.Run(running) })
	background.Go(func() { a.carriage.health.Run(running, a.store, a.log) })
	a.atEnd(func() error { stop(); background.Wait(); return nil })
	a.measures.Register(carriageFigures{a.carriage})
}

// patience is how long silence is borne: not while a carrier's feed is down.
func (a *app) patience() tracker.Patience {
	p := silence(a.config)
	p.Outages = a.carriage.health.Outages
	return p
}

// observers are told one after the other.
type observers []tracker.Observer

// Read implements tracker.Observer.
func (o observers) Read(receipt *tracker.Receipt, reading *tracker.Reading) {
	for _, one := range o {
		one.Read(receipt, reading)
	}
}

// carriageFigures are how carriers do as metrics. Their labels are the carriers and kinds that the program knows.
type carriageFigures struct{ *carriage }

var (
	driftHits = prometheus.NewDesc("waybill_drift_hits_total",
		"Payloads, or shipments in them, with a fault of a kind.", []string{"carrier", "kind"}, nil)
	driftTrials = prometheus.NewDesc("waybill_drift_trials_total",
		"Payloads, or shipments in them, among which faults of a kind are counted.", []string{"carrier", "kind"}, nil)
	driftAlerts = prometheus.NewDesc("waybill_drift_alerts",
		"Open alerts on what carriers send, the same in every process.", []string{"carrier", "kind"}, nil)
	feedDown = prometheus.NewDesc("waybill_carrier_feed_down",
		"1 for a carrier's feed that is silent or errs, the same in every process.", []string{"carrier", "state"}, nil)
)

// Describe implements prometheus.Collector.
func (f carriageFigures) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{driftHits, driftTrials, driftAlerts, feedDown} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (f carriageFigures) Collect(to chan<- prometheus.Metric) {
	f.collector.Totals(func(carrier string, k drift.Kind, hits, trials uint64) {
		to <- prometheus.MustNewConstMetric(driftHits, prometheus.CounterValue, float64(hits), carrier, k.Name)
		to <- prometheus.MustNewConstMetric(driftTrials, prometheus.CounterValue, float64(trials), carrier, k.Name)
	})
	type label struct{ carrier, kind string }
	open := map[label]float64{}
	for _, alert := range f.health.Alerts() {
		open[label{alert.Carrier, alert.Kind}]++
	}
	for l, n := range open {
		to <- prometheus.MustNewConstMetric(driftAlerts, prometheus.GaugeValue, n, l.carrier, l.kind)
	}
	for _, feed := range f.health.Feeds() {
		for _, state := range []tracker.FeedState{tracker.FeedSilent, tracker.FeedErring} {
			value := 0.0
			if feed.State == state {
				value = 1
			}
			to <- prometheus.MustNewConstMetric(feedDown, prometheus.GaugeValue, value, feed.Carrier, string(state))
		}
	}
}
