package metrics

import "github.com/prometheus/client_golang/prometheus"

// Register adds figures of other parts of the process.
func (m *Metrics) Register(collectors ...prometheus.Collector) {
	m.registry.MustRegister(collectors...)
}
