package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/tracker/eta/transit"
)

// Window is a prediction as it is scored: quantiles at 0.1, 0.5 and 0.9, in
// days after the moment of the prediction.
type Window [3]float64

// WindowLevels are the levels of a Window.
var WindowLevels = [3]float64{0.1, 0.5, 0.9}

// Scored is a row that was predicted: by the model and by each baseline.
type Scored struct {
	Row    *Row
	At     time.Time // moment of the prediction
	Actual float64   // days from At to the delivery
	Model  Window
	// Baselines in the order of BaselineNames; nil where one has nothing to say.
	Baselines [len(BaselineNames)]*Window
}

// step is one thing that happens in a replay.
type step struct {
	at      time.Time
	arrival bool
	row     int
}

// steps are the predictions and arrivals of all rows in the order of time. Of
// one moment the predictions come first: an outcome may serve later ones only.
func steps(rows []Row, moment transit.Moment) []step {
	all := make([]step, 0, 2*len(rows))
	for i := range rows {
		all = append(all, step{at: start(&rows[i], moment), row: i}, step{at: rows[i].Delivered, arrival: true, row: i})
	}
	slices.SortStableFunc(all, func(a, b step) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		if a.arrival != b.arrival {
			if a.arrival {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.row, b.row)
	})
	return all
}

func start(row *Row, moment transit.Moment) time.Time {
	if moment == transit.Purchase {
		return row.Purchased
	}
	return row.Handed
}

// query is what is known of a row at the moment.
func query(row *Row, moment transit.Moment) transit.Query {
	q := transit.Query{
		Moment:      moment,
		At:          start(row, moment),
		Shipper:     row.Seller,
		Origin:      row.From,
		Destination: row.To,
		DistanceKM:  row.DistanceKM,
		WeightGrams: row.WeightGrams,
		Items:       row.Items,
		Ordered:     row.Purchased,
		Promised:    row.Promised,
	}
	if moment == transit.Handover {
		q.Due = row.Due
	}
	return q
}

// replay predicts every row at its moment and learns every outcome at its
// delivery, and calls score with each prediction in the order of time.
func replay(ctx context.Context, rows []Row, moment transit.Moment, progress func(done, all int), score func(Scored)) error {
	model, baselines := transit.New(), newBaselines()
	bases := make([]transit.Basis, len(rows))
	all := steps(rows, moment)
	for i, s := range all {
		if i%1024 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			progress(i, len(all))
		}
		row := &rows[s.row]
		q := query(row, moment)
		if s.arrival {
			outcome := transit.Outcome{Query: q, Basis: bases[s.row], Started: true, HandedOver: row.Handed, Delivered: row.Delivered}
			// What the model refuses, it refuses for being implausible; the row is scored all the same.
			if err := model.Learn(outcome, s.at); err != nil && !errors.Is(err, transit.ErrImplausible) {
				return fmt.Errorf("learning order %s: %w", row.Order, err)
			}
			baselines.learn(row, q.At)
			continue
		}
		p := model.Predict(q)
		bases[s.row] = p.Basis
		if err := model.Start(q, p.Basis); err != nil {
			return fmt.Errorf("starting order %s: %w", row.Order, err)
		}
		scored := Scored{Row: row, At: q.At, Actual: days(row.Delivered.Sub(q.At)), Baselines: baselines.predict(row, q.At)}
		for j, level := range WindowLevels {
			scored.Model[j] = p.Days(level)
		}
		score(scored)
	}
	progress(len(all), len(all))
	return nil
}

func days(d time.Duration) float64 { return d.Seconds() / 86400 }
