package eta

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

const (
	// jump is by how much, as a logarithm, the pace of a lane must have changed for its parcels to be looked at again.
	jump = 0.15
	// slowMost is how many lanes are remembered to be out of step.
	slowMost = 2_000
	slowKey  = "eta/slow"
)

// slow is how the lanes fared when their parcels were last looked at, where that was not as usual.
//
//	key  "eta/slow"
type slow struct {
	Pace map[string]float64 `cbor:"1,keyasint"`

	row tracker.Row
}

// Slowed is Estimator's. It asks the model for the pace of every lane that it has seen deliveries on: parcels that are
// still under way tell it before they arrive.
func (m *Model) Slowed(ctx context.Context, now time.Time, again func(lane string) error) error {
	known, err := m.knowledge(ctx, now)
	if err != nil {
		return err
	}
	told, err := m.told(ctx)
	if err != nil {
		return err
	}
	changed := known.changed(told, now)
	var failed error
	done := 0
	for _, lane := range slices.Sorted(maps.Keys(changed)) {
		if failed = again(lane); failed != nil {
			break
		}
		told.put(lane, changed[lane])
		done++
	}
	if done == 0 {
		return failed
	}
	err = m.save(ctx, func() (tracker.Write, error) { return packed(told.row, told) })
	if errors.Is(err, tracker.ErrConflict) {
		err = nil // another process has just told the same
	}
	return errors.Join(failed, err)
}

// told reads how the lanes fared.
func (m *Model) told(ctx context.Context) (*slow, error) {
	told := &slow{row: tracker.Row{Key: slowKey, Order: neverOld}}
	rows, err := m.store.Get(ctx, tracker.Transits, slowKey)
	if err != nil {
		return nil, fmt.Errorf("read how the lanes fared: %w", err)
	}
	if len(rows) > 0 {
		if err := unpack(rows[0].Doc, told); err != nil {
			m.log.Warn("how the lanes fared cannot be read: all are looked at anew", "error", err)
		}
		told.row = rows[0]
	}
	if told.Pace == nil {
		told.Pace = map[string]float64{}
	}
	return told, nil
}

func (s *slow) put(lane string, pace float64) {
	s.Pace[lane] = pace
	if math.Abs(pace) < jump/2 || len(s.Pace) > slowMost {
		delete(s.Pace, lane)
	}
}

// changed are the lanes that fare otherwise than was told, with their pace.
func (k *knowledge) changed(told *slow, now time.Time) map[string]float64 {
	changed := map[string]float64{}
	for key := range k.tallies {
		lane, isLane := strings.CutPrefix(key, lanePrefix)
		if !isLane {
			continue
		}
		if pace, ok := k.pace(lane, now); ok && math.Abs(pace-told.Pace[lane]) >= jump {
			changed[lane] = pace
		}
	}
	return changed
}

// pace is by how much, as a logarithm, parcels on a lane are slower now than usual.
func (k *knowledge) pace(lane string, now time.Time) (pace float64, ok bool) {
	carrier, way, _ := strings.Cut(lane, "|")
	from, to, ok := strings.Cut(way, ">")
	if !ok {
		return 0, false
	}
	place := func(region string) transit.Place {
		country, state, _ := strings.Cut(region, "-")
		return transit.Place{Country: country, Region: word(state)}
	}
	p := k.predict(transit.Query{Moment: transit.Handover, At: now, Carrier: carrier, Origin: place(from), Destination: place(to)})
	return math.Log(p.Reason.Congestion), p.Reason.Congestion > 0
}
