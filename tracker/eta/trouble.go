package eta

import (
	"context"
	"fmt"
	"sync"
	"time"

	"waybill/tracker"
)

const (
	// DisruptionsKnownWithin is by when every process knows of a disruption that was declared or taken back.
	DisruptionsKnownWithin = 5 * time.Second
	// disruptionsMost is how many are looked at.
	disruptionsMost = 500
)

// alerts is a process's copy of the disruptions.
type alerts struct {
	mu     sync.Mutex
	list   []*tracker.Disruption
	looked time.Time
}

// disruption is the one in force that concerns a shipment; nil where none does. Of several the one with most delay.
func (m *Model) disruption(ctx context.Context, s *tracker.Shipment, j *journey, now time.Time) (*tracker.Disruption, error) {
	list, err := m.disruptions(ctx, now)
	if err != nil {
		return nil, err
	}
	carrier := j.carrier
	if j.with != "" {
		carrier = j.with
	}
	return worst(list, now, carrier, append(s.Places(), j.origin, j.destination)...), nil
}

// worst is the disruption with most delay of those that concern a carrier's parcels at some places.
func worst(list []*tracker.Disruption, now time.Time, carrier string, places ...tracker.Location) (found *tracker.Disruption) {
	for _, d := range list {
		if d.InForce(now) && d.Concerns(carrier, places...) && (found == nil || d.ExtraHours > found.ExtraHours) {
			found = d
		}
	}
	return found
}

func (m *Model) disruptions(ctx context.Context, now time.Time) ([]*tracker.Disruption, error) {
	a := &m.alerts
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.looked.IsZero() && now.Sub(a.looked).Abs() < DisruptionsKnownWithin {
		return a.list, nil
	}
	list, err := tracker.LoadList[tracker.Disruption](ctx, m.store, tracker.ListAll, tracker.Page{Limit: disruptionsMost})
	if err != nil {
		return nil, fmt.Errorf("read the disruptions: %w", err)
	}
	a.list, a.looked = list, now
	return list, nil
}
