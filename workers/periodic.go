package workers

import (
	"context"
	"errors"
	"time"

	"waybill/tracker/lease"
)

// periodical is work that is done every so often, by one worker of all.
type periodical struct {
	name  string
	every time.Duration
	work  func(ctx context.Context) error
}

func (w *Workers) periodicals() []periodical {
	list := []periodical{
		{name: "retention", every: retentionEvery, work: w.retain},
		{name: "learning", every: w.SweepInterval, work: w.fold},
		{name: "lanes", every: lanesEvery, work: w.lanes},
	}
	if w.Carriers != nil {
		list = append(list, periodical{name: "carriers", every: w.CarriersEvery, work: w.Carriers})
	}
	return list
}

// repeat does periodic work. Its lease is held for the whole period, so that whoever gets it first does the work and
// nobody does it again before the next.
func (w *Workers) repeat(ctx context.Context, p periodical) {
	ticker := time.NewTicker(p.every)
	defer ticker.Stop()
	for ctx.Err() == nil {
		err := w.once(ctx, p)
		if err != nil && !errors.Is(err, lease.ErrHeld) && ctx.Err() == nil {
			w.Log.Warn("periodic work failed and is tried again next time", "work", p.name, "every", p.every, "error", err)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

func (w *Workers) once(ctx context.Context, p periodical) error {
	if _, err := lease.Acquire(ctx, w.Store, "periodic:"+p.name, w.owner, p.every, w.Now()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.every)
	defer cancel()
	return p.work(ctx)
}

// fold takes what deliveries taught into the estimates.
func (w *Workers) fold(ctx context.Context) error {
	now := w.Now()
	return errors.Join(w.Estimator.Fold(ctx, now), w.rounds.Fold(ctx, now), w.scores.Fold(ctx, now))
}
