package main

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/api/metrics"
	"waybill/notify"
	"waybill/notify/webhook"
	"waybill/tracker"
	"waybill/workers"
)

// measures are the figures of the process: those of the API, with those of the workers and of messages.
type measures struct {
	*metrics.Metrics

	worked   *prometheus.HistogramVec
	followed prometheus.Histogram
	hooked   *prometheus.HistogramVec
	hookLag  prometheus.Histogram
	pulls    *pullMeasures

	mu     sync.Mutex
	depths map[string]float64
}

var (
	_ workers.Metrics = (*measures)(nil)
	_ notify.Observer = (*measures)(nil)

	_ webhook.Observer = (*measures)(nil)
)

func newMeasures() *measures {
	m := &measures{
		Metrics: metrics.New(), depths: map[string]float64{}, pulls: newPullMeasures(),
		worked: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "work_seconds", Help: "Time that background work on one record took.",
			Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5, 30},
		}, []string{"kind", "outcome"}),
		followed: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "scan_to_view_seconds",
			Help:    "From when a scan came in to when its shipments' views stood and their messages were decided.",
			Buckets: []float64{.01, .025, .05, .1, .2, .3, .5, 1, 1.5, 3, 10, 60},
		}),
		hooked: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "webhook_attempt_seconds", Help: "Time that sellers' endpoints took to answer, by what came of it.",
			Buckets: []float64{.01, .05, .1, .5, 1, 5, 15},
		}, []string{"outcome", "code"}),
		hookLag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "waybill", Name: "scan_to_webhook_seconds",
			Help:    "From when a scan came in to when a webhook that tells of it was first sent.",
			Buckets: []float64{.01, .025, .05, .1, .2, .3, .5, 1, 1.5, 3, 10, 60},
		}),
	}
	m.Register(m.worked, m.followed, m.hooked, m.hookLag)
	m.Register(m.pulls.all()...)
	return m
}

// QueueDepth implements workers.Metrics. A queue is shown from when it is first heard of.
func (m *measures) QueueDepth(queue string, tasks int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.depths[queue]; !known {
		m.Queue(queue, func() float64 {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.depths[queue]
		})
	}
	m.depths[queue] = float64(tasks)
}

// Worked implements workers.Metrics.
func (m *measures) Worked(kind string, outcome workers.Outcome, took time.Duration) {
	m.worked.WithLabelValues(kind, string(outcome)).Observe(took.Seconds())
}

// Followed implements workers.Metrics.
func (m *measures) Followed(lag time.Duration) { m.followed.Observe(lag.Seconds()) }

// Attempted implements webhook.Observer.
func (m *measures) Attempted(outcome, code string, took, lag time.Duration) {
	m.hooked.WithLabelValues(outcome, code).Observe(took.Seconds())
	if lag > 0 {
		m.hookLag.Observe(lag.Seconds())
	}
}

// Told implements notify.Observer.
func (m *measures) Told(message *tracker.Message, outcome, _ string) {
	m.Notified(message.Channel, tracker.MessageState(outcome))
}
