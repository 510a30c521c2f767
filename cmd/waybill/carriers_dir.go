package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"waybill/adapters"
)

// carriersLook is how often the operator's folder of carriers is looked at; a change is taken at the second look.
const carriersLook = 2 * time.Second

// watchCarriersDir keeps the operator's carriers in force as their folder has them.
func (a *app) watchCarriersDir(ctx context.Context) error {
	for _, code := range a.carriers.Own() {
		a.log.Info("carrier of carriers_dir in use", "carrier", code, "mapping", a.carriers.Version(code))
	}
	for _, refusal := range a.carriers.Refusals() {
		a.log.Error("carrier of carriers_dir refused", "carrier", refusal.Carrier, "reason", refusal.Reason, "in_force", refusal.InForce)
	}
	reloads := prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: "waybill", Name: "carrier_reloads_total", Help: "Changed folders in carriers_dir, by what became of them.",
	}, []string{"outcome"})
	refused := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "waybill", Name: "carriers_refused", Help: "Folders in carriers_dir that are not used since they are broken.",
	}, func() float64 { return float64(len(a.carriers.Refusals())) })
	a.measures.Register(reloads, refused)
	return a.carriers.Watch(ctx, carriersLook, func(changes []adapters.Change, err error) {
		if err != nil {
			a.log.Error("carriers_dir cannot be read; all carriers stay as they are", "error", err)
			reloads.WithLabelValues("unreadable").Inc()
		}
		for _, change := range changes {
			switch {
			case change.Refused != "":
				a.log.Error("carrier of carriers_dir refused; the old mapping stays", "carrier", change.Carrier, "reason", change.Refused)
				reloads.WithLabelValues("refused").Inc()
			case change.Version == "":
				a.log.Info("carrier is no longer in carriers_dir", "carrier", change.Carrier)
				reloads.WithLabelValues("removed").Inc()
			default:
				a.log.Info("carrier reloaded", "carrier", change.Carrier, "mapping", change.Version)
				reloads.WithLabelValues("loaded").Inc()
			}
		}
	})
}
