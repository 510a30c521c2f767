// Package metrics keeps the figures that operators watch, in Prometheus' form. None has personal data in a label.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"waybill/tracker"
)

// Metrics are the figures of one process. It implements tracker.Observer.
type Metrics struct {
	registry *prometheus.Registry

	scans         *prometheus.CounterVec
	lag           *prometheus.HistogramVec
	unknownCodes  *prometheus.CounterVec
	quarantined   *prometheus.CounterVec
	notifications *prometheus.CounterVec
	requests      *prometheus.HistogramVec
	watchers      prometheus.Gauge
	shed          *prometheus.CounterVec
}

// New makes the figures, all zero.
func New() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "waybill", Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry:      prometheus.NewRegistry(),
		scans:         counter("scans_total", "Events read from receipts, duplicates included.", "carrier", "source"),
		unknownCodes:  counter("unknown_codes_total", "Readings in which a carrier's code was not known.", "carrier"),
		quarantined:   counter("quarantined_total", "Receipts of which nothing could be read.", "carrier"),
		notifications: counter("notifications_total", "Messages by what became of them.", "channel", "outcome"),
		shed:          counter("shed_total", "Requests turned away because too much was going on.", "class"),
		lag: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "scan_lag_seconds", Help: "From when a scan occurred to when it arrived.",
			Buckets: []float64{1, 10, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 86400, 3 * 86400, 7 * 86400},
		}, []string{"carrier"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "status"}),
		watchers: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "waybill", Name: "watchers", Help: "Open live streams.",
		}),
	}
	m.registry.MustRegister(
		m.scans, m.lag, m.unknownCodes, m.quarantined, m.notifications, m.requests, m.watchers, m.shed,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Read counts what was read of a receipt.
func (m *Metrics) Read(receipt *tracker.Receipt, reading *tracker.Reading) {
	carrier := receipt.Carrier
	if len(reading.Shipments) == 0 && len(reading.Errors) == 0 {
		m.quarantined.WithLabelValues(carrier).Inc()
	}
	if n := len(reading.UnknownCodes); n > 0 {
		m.unknownCodes.WithLabelValues(carrier).Add(float64(n))
	}
	lag, count := m.lag.WithLabelValues(carrier), 0
	for i := range reading.Shipments {
		events := reading.Shipments[i].Events
		count += len(events)
		// A reply to a poll repeats the whole history: only the latest event is news.
		if last := newest(events); !last.IsZero() {
			lag.Observe(max(0, receipt.ReceivedAt.Sub(last).Seconds()))
		}
	}
	m.scans.WithLabelValues(carrier, string(receipt.Source)).Add(float64(count))
}

// newest is the latest moment of which the offset is known: a lag against another would be off by hours.
func newest(events []tracker.Event) (last time.Time) {
	for i := range events {
		t := events[i].Time
		if t.Precision >= tracker.PrecisionMinute && t.Source != tracker.ZoneUnknown && t.Instant().After(last) {
			last = t.Instant()
		}
	}
	return last
}

// Register adds figures of other parts of the process.
func (m *Metrics) Register(more ...prometheus.Collector) { m.registry.MustRegister(more...) }

// Notified counts a message's outcome ("sent", "failed", "suppressed", "unknown").
func (m *Metrics) Notified(channel tracker.Channel, outcome tracker.MessageState) {
	m.notifications.WithLabelValues(string(channel), string(outcome)).Inc()
}

// Queue makes the depth of a queue visible; depth is asked at each look.
func (m *Metrics) Queue(name string, depth func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "waybill", Name: "queue_depth", Help: "Tasks that wait in a queue.",
		ConstLabels: prometheus.Labels{"queue": name},
	}, depth))
}

// Route gives the function that counts the answers of one route.
func (m *Metrics) Route(route string) func(status int, took time.Duration) {
	byStatus := m.requests.MustCurryWith(prometheus.Labels{"route": route})
	ok := byStatus.WithLabelValues("200")
	return func(status int, took time.Duration) {
		if status == http.StatusOK {
			ok.Observe(took.Seconds())
			return
		}
		byStatus.WithLabelValues(strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// Shed counts a request that was turned away.
func (m *Metrics) Shed(class string) { m.shed.WithLabelValues(class).Inc() }

// Watching counts open live streams, up or down.
func (m *Metrics) Watching(delta int) { m.watchers.Add(float64(delta)) }

// Handler shows the figures.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
