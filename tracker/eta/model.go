package eta

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// Model is the estimator of an installation. It is safe for concurrent use; several processes may have one on one store.
type Model struct {
	store  tracker.Store
	now    func() time.Time
	log    *slog.Logger
	claims func(carrier string) ClaimRule

	memory memory
	zones  sync.Map // IANA name -> *time.Location
	// once is for saying what is said once.
	once   sync.Once
	alerts alerts
}

// Options are what a Model needs.
type Options struct {
	Store tracker.Store
	Now   func() time.Time
	Log   *slog.Logger
	// Claims says when carriers take claims; nil is DefaultClaims for all.
	Claims func(carrier string) ClaimRule
}

// NewModel makes a Model over the tables Transits and Disruptions of a store.
func NewModel(o Options) *Model {
	if o.Claims == nil {
		o.Claims = func(string) ClaimRule { return DefaultClaims }
	}
	return &Model{store: o.Store, now: o.Now, log: o.Log, claims: o.Claims}
}

var _ Estimator = (*Model)(nil)

// Estimate is Estimator's.
func (m *Model) Estimate(ctx context.Context, t *tracker.Tracking, now time.Time) (Outlook, error) {
	said, err := m.start(ctx, t.Shipment)
	if err != nil {
		return Outlook{}, err
	}
	known, err := m.knowledge(ctx, now)
	if err != nil {
		return Outlook{}, err
	}
	j, d := journeyOf(t), m.doorOf(t)
	out := Outlook{Watch: m.watch(known, t, j, d, now), Lane: j.lane()}
	v := &t.View
	if !underWay(v) {
		return out, nil
	}
	trouble, err := m.disruption(ctx, t.Shipment, j, now)
	if err != nil {
		return Outlook{}, err
	}
	promise := t.Shipment.Promise.To
	if v.Milestone == tracker.OutForDelivery || v.Milestone == tracker.AttemptFailed {
		if v.Milestone == tracker.OutForDelivery {
			d.out = v.LastAt.Instant().In(d.zone) // who is out on a Sunday delivers on Sundays
		}
		out.Estimate = d.lastMile(v, promise, now)
		if trouble != nil {
			out.Estimate = d.heldUp(out.Estimate, trouble, promise, now)
		}
	} else {
		f := m.foresee(known, j, d, now)
		if err := remember(t.Shipment, said, j, d, f); err != nil {
			return Outlook{}, err
		}
		f.withCarrier(known, t, j, d, now)
		f.widen(trouble)
		out.Estimate = f.estimate(d, promise, now)
	}
	if trouble != nil {
		out.Estimate.Why.Disruption = trouble.Reason
	}
	return out, nil
}

// underWay reports whether the view is of a parcel that is expected to come to the door.
func underWay(v *tracker.View) bool {
	switch v.Milestone {
	case tracker.InfoReceived, tracker.InTransit, tracker.OutForDelivery, tracker.AttemptFailed:
		return true
	case tracker.Exception:
		switch v.Substatus {
		case "lost", "probably_lost", "stolen", "disposed", "refused", "undeliverable", "rejected_by_carrier", "pickup_missed":
			return false
		}
		return true
	case tracker.NoMilestone, tracker.Pending, tracker.AvailableForPickup, tracker.Delivered, tracker.Returning,
		tracker.Returned, tracker.Cancelled, tracker.Expired:
	}
	return false
}

// remember puts the predictions of this point of the way onto the shipment, to be learnt against, beside those that were
// said before.
func remember(s *tracker.Shipment, said []forecast, j *journey, d door, f *foresight) error {
	if s.Learnt || s.Test {
		return nil
	}
	all := said
	for i := range f.made {
		made := &f.made[i]
		at := stage("")
		if made.query.Moment == transit.Scan {
			at = j.stage
		}
		all = addForecast(all, newForecast(&made.query, made.prediction.Basis, at, d.name))
	}
	if len(all) == len(said) {
		return nil
	}
	return setForecasts(s, all)
}
