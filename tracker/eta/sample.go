package eta

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// sample is something to learn. Its key is what makes it count once: it stays, folded, for as long as anybody might hand
// the same in again.
//
//	key  "eta/start/<moment>/<shipment>" for a parcel under way, "eta/end/<shipment>" for one that has come, with "/<lesson>"
//	     where it taught something else before, and "eta/undo/<shipment>/<lesson>" for what takes a lesson back
//	due  until it is folded
type sample struct {
	Forecasts []forecast `cbor:"1,keyasint"`
	// Ended: it was delivered At, in Unix milliseconds, and this was reported at Reported.
	Ended    bool  `cbor:"2,keyasint,omitempty"`
	At       int64 `cbor:"3,keyasint,omitempty"`
	Reported int64 `cbor:"4,keyasint"`
	// HandedOver is when the carrier got it, in Unix milliseconds; 0 where unknown.
	HandedOver int64 `cbor:"5,keyasint,omitempty"`
	// Lane that it went.
	Lane string `cbor:"6,keyasint,omitempty"`
	// ErrorOf is the carrier whose own estimate erred by ErrorHours; positive is late. "" where it gave none.
	ErrorOf    string  `cbor:"7,keyasint,omitempty"`
	ErrorHours float64 `cbor:"8,keyasint,omitempty"`
	// Gaps are the open hours between its scans.
	Gaps []gap `cbor:"9,keyasint,omitempty"`
	// Folded: it is in the state.
	Folded bool `cbor:"10,keyasint,omitempty"`
	// Undoes is what is taken back; nothing else is said then.
	Undoes *sample `cbor:"11,keyasint,omitempty"`

	row tracker.Row
}

// gap is the open time from a scan to the next.
type gap struct {
	_     struct{} `cbor:",toarray"`
	Key   string
	Hours float64
}

const (
	startPrefix = "eta/start/"
	endPrefix   = "eta/end/"
	undoPrefix  = "eta/undo/"
	// keptFor is how long folded samples are kept: for as long as a lesson may be handed in again, or taken back.
	keptFor = tracker.LessonStands + 5*24*time.Hour
	// undoAfter is how long what takes a lesson back waits: until the lesson itself is in, whoever folds it.
	undoAfter = 2 * foldLease
	// gapsMost bounds the gaps of one parcel.
	gapsMost = 40
)

// Learn is Estimator's. It writes down what the model is to learn of a parcel that has come; Fold takes it in.
func (m *Model) Learn(ctx context.Context, t *tracker.Tracking) error {
	s := t.Shipment
	delivered := t.View.Reached[tracker.Delivered]
	if !delivered.Known() || s.Test {
		return nil
	}
	list, err := forecastsOf(s)
	if err != nil {
		m.log.Warn("what was predicted of a shipment cannot be learnt from", "shipment", s.ID, "error", err)
	}
	j, d := journeyOf(t), m.doorOf(t)
	if j.started.IsZero() {
		return nil // never in anybody's hand: it says nothing of transit
	}
	one := &sample{
		Forecasts: list, Ended: true, At: delivered.Instant().UnixMilli(), HandedOver: milli(j.started), Lane: j.lane(),
		Gaps: j.gaps(d),
	}
	if claim, ok := claimOf(t, d.zone); ok {
		one.ErrorOf, one.ErrorHours = word(claim.carrier), delivered.Instant().Sub(claim.middle()).Hours()
	}
	return m.put(ctx, one, lessonKey(s.ID, s.Lesson.Number+1), 0)
}

func lessonKey(shipment string, number int) string {
	if number == 1 {
		return endPrefix + shipment
	}
	return fmt.Sprintf("%s%s/%d", endPrefix, shipment, number)
}

// Unlearn is Estimator's.
func (m *Model) Unlearn(ctx context.Context, t *tracker.Tracking) error {
	s := t.Shipment
	key := lessonKey(s.ID, s.Lesson.Number)
	rows, err := m.store.Get(ctx, tracker.Transits, key)
	if err != nil {
		return fmt.Errorf("read what was learnt, %s: %w", key, err)
	}
	if len(rows) == 0 {
		return nil // nothing was: nobody had it in hand
	}
	learnt, err := readSamples(rows)
	if err != nil {
		m.log.Warn("what a shipment taught cannot be read, and stays", "shipment", s.ID, "error", err)
		return nil
	}
	undo := &sample{Undoes: learnt[0]}
	if err := m.put(ctx, undo, fmt.Sprintf("%s%s/%d", undoPrefix, s.ID, s.Lesson.Number), undoAfter); err != nil {
		return err
	}
	return setForecasts(s, learnt[0].Forecasts)
}

// start writes down that a parcel is on its way, for the predictions that were stored with the shipment before and are
// not yet counted; marks them, and gives all that are stored.
func (m *Model) start(ctx context.Context, s *tracker.Shipment) ([]forecast, error) {
	list, err := forecastsOf(s)
	if err != nil || s.Learnt || s.Test {
		return nil, nil //nolint:nilerr // Learn says it once; until then the shipment is estimated like any other
	}
	changed := false
	for i := range list {
		f := &list[i]
		// Stages have no pace of their own: there the parcels of all stages are counted once, from hand-over.
		if f.Started || f.Moment == transit.Scan {
			continue
		}
		if err := m.put(ctx, &sample{Forecasts: []forecast{*f}}, fmt.Sprintf("%s%d/%s", startPrefix, f.Moment, s.ID), 0); err != nil {
			return nil, err
		}
		f.Started, changed = true, true
	}
	if !changed {
		return list, nil
	}
	return list, setForecasts(s, list)
}

// put stores a sample, to be folded after some time; one that is there already is learnt already.
func (m *Model) put(ctx context.Context, s *sample, key string, after time.Duration) error {
	now := m.now()
	s.Reported = now.UnixMilli()
	s.row = tracker.Row{Key: key, Order: now.UnixMilli(), Due: now.Add(after).UnixMilli()}
	write, err := packed(s.row, s)
	if err != nil {
		return err
	}
	err = tracker.ErrorOf(m.store.Apply(ctx, []tracker.Write{write}))
	if err != nil && !errors.Is(err, tracker.ErrConflict) {
		return fmt.Errorf("write down what is to be learnt, %s: %w", key, err)
	}
	return nil
}

func readSamples(rows []tracker.Row) ([]*sample, error) {
	samples := make([]*sample, len(rows))
	for i, row := range rows {
		samples[i] = &sample{}
		if err := unpack(row.Doc, samples[i]); err != nil {
			return nil, fmt.Errorf("read %s: %w", row.Key, err)
		}
		samples[i].row = row
	}
	return samples, nil
}

// lane names the lane of the journey; "" where its ends are unknown.
func (j *journey) lane() string {
	if j.origin.Country == "" || j.destination.Country == "" {
		return ""
	}
	return tracker.LaneOf(word(j.carrier), j.origin, j.destination)
}

// gaps are the open hours between the scans of a journey.
func (j *journey) gaps(d door) []gap {
	var gaps []gap
	for i := 1; i < len(j.scans) && len(gaps) < gapsMost; i++ {
		before := &j.scans[i-1]
		gaps = append(gaps, gap{Key: gapKey(before.carrier, before.stage), Hours: d.openTime(before.at, j.scans[i].at).Hours()})
	}
	return gaps
}

func gapKey(carrier string, s stage) string { return word(carrier) + "@" + string(s) }
