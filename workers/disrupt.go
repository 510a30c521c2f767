package workers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta"
)

// disrupt brings the beginning or the end of a disruption to the shipments concerned: page by page, with a note of how
// far it has come, so that after a crash it goes on from there.
func (w *Workers) disrupt(ctx context.Context, key string) error {
	d, err := tracker.Load[tracker.Disruption](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for {
		now := w.Now()
		phase := tracker.DisruptionBegun
		switch {
		case now.Before(d.From):
			return nil // due when it begins
		case !d.InForce(now):
			phase = tracker.DisruptionEnded
		}
		if d.Told == phase {
			return w.settleDisruption(ctx, d)
		}
		if d.Seen == nil || d.Seen.Phase != phase {
			d.Seen = &tracker.Seen{Phase: phase}
		}
		if d.Seen.List >= len(d.Countries) {
			w.Log.Info("the shipments concerned are estimated anew", "disruption", d.ID, "reason", d.Reason, "now", phase)
			d.Told, d.Seen = phase, nil
			return w.settleDisruption(ctx, d)
		}
		if err := w.disruptPage(ctx, d, now); err != nil {
			if errors.Is(err, tracker.ErrConflict) {
				return nil // changed meanwhile, and thereby due again
			}
			return err
		}
	}
}

// disruptPage has the next page of a disruption's shipments looked at again, and notes how far it has come.
func (w *Workers) disruptPage(ctx context.Context, d *tracker.Disruption, now time.Time) (err error) {
	list := tracker.ListOfOpen(d.Countries[d.Seen.List])
	at := now.Add(2 * eta.DisruptionsKnownWithin) // by then every process knows of it
	meant := func(s *tracker.Shipment) bool { return concerned(d, s) }
	if d.Seen.After, err = w.lookAgain(ctx, list, meant, d.Seen.After, at); err != nil {
		return err
	}
	if d.Seen.After == nil {
		d.Seen.List++
	}
	if err := tracker.Save(ctx, w.Store, d); err != nil {
		return fmt.Errorf("note how far disruption %s has been told: %w", d.ID, err)
	}
	return nil
}

// settleDisruption stores a disruption, due again only when something more is to happen.
func (w *Workers) settleDisruption(ctx context.Context, d *tracker.Disruption) error {
	if err := tracker.Save(ctx, w.Store, d); err != nil && !errors.Is(err, tracker.ErrConflict) {
		return err
	}
	return nil
}

// concerned reports whether a shipment is in a disruption's area, and may be in the hands of one of its carriers.
func concerned(d *tracker.Disruption, s *tracker.Shipment) bool {
	if len(d.Carriers) == 0 {
		return slices.ContainsFunc(s.Places(), d.Covers)
	}
	return slices.ContainsFunc(s.Legs, func(leg tracker.ShipmentLeg) bool { return d.Concerns(leg.Carrier, s.Places()...) })
}
