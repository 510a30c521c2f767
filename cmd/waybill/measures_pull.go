package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"waybill/workers/poll"
)

// pullMeasures are the figures of asking carriers. Accounts are few and named by operators, so they make labels.
type pullMeasures struct {
	calls   *prometheus.CounterVec
	numbers *prometheus.CounterVec
	seconds *prometheus.HistogramVec
	lag     *prometheus.HistogramVec
}

var _ poll.Observer = (*pullMeasures)(nil)

func newPullMeasures() *pullMeasures {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "waybill", Name: name, Help: help}, labels)
	}
	return &pullMeasures{
		calls: counter("pull_calls_total", "Calls to carriers' APIs, by what came of them.", "account", "outcome"),
		numbers: counter("pull_numbers_total", "Numbers that carriers were asked about: asked, answered, changed, refused, unreadable.",
			"account", "verdict"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "pull_seconds", Help: "Time that a carrier took for a call.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 15, 30},
		}, []string{"account"}),
		lag: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "pull_lag_seconds",
			Help:    "Of replies that told something new, how old their latest scan was when it was asked for.",
			Buckets: []float64{60, 300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 259200},
		}, []string{"carrier"}),
	}
}

func (m *pullMeasures) all() []prometheus.Collector {
	return []prometheus.Collector{m.calls, m.numbers, m.seconds, m.lag}
}

// Asked implements poll.Observer.
func (m *pullMeasures) Asked(call poll.Call) {
	m.calls.WithLabelValues(call.Account, call.Outcome).Inc()
	if call.Outcome == "held" {
		return // no call was made
	}
	m.seconds.WithLabelValues(call.Account).Observe(call.Took.Seconds())
	for verdict, count := range map[string]int{
		"asked": call.Numbers, "answered": call.Answered, "changed": call.Changed, "refused": call.Refused, "unreadable": call.Unreadable,
	} {
		m.numbers.WithLabelValues(call.Account, verdict).Add(float64(count))
	}
	for _, lag := range call.Lags {
		m.lag.WithLabelValues(call.Carrier).Observe(lag.Seconds())
	}
}
