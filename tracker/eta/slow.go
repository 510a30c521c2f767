package eta

import (
	"context"
	"errors"
	"fmt"
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
func (m *Model) Slowed(ctx context.Context, now time.Time) (lanes []string, err error) {
	known, err := m.knowledge(ctx, now)
	if err != nil {
		return nil, err
	}
	told := slow{row: tracker.Row{Key: slowKey, Order: neverOld}}
	rows, err := m.store.Get(ctx, tracker.Transits, slowKey)
	if err != nil {
		return nil, fmt.Errorf("read how the lanes fared: %w", err)
	}
	if len(rows) > 0 {
		if err := unpack(rows[0].Doc, &told); err != nil {
			m.log.Warn("how the lanes fared cannot be read: all are looked at anew", "error", err)
		}
		told.row = rows[0]
	}
	if told.Pace == nil {
		told.Pace = map[string]float64{}
	}
	for key := range known.tallies {
		lane, isLane := strings.CutPrefix(key, lanePrefix)
		if !isLane {
			continue
		}
		pace, ok := known.pace(lane, now)
		if !ok || math.Abs(pace-told.Pace[lane]) < jump {
			continue
		}
		lanes = append(lanes, lane)
		told.Pace[lane] = pace
		if math.Abs(pace) < jump/2 || len(told.Pace) > slowMost {
			delete(told.Pace, lane)
		}
	}
	if len(lanes) == 0 {
		return nil, nil
	}
	slices.Sort(lanes)
	err = m.save(ctx, func() (tracker.Write, error) { return packed(told.row, &told) })
	if errors.Is(err, tracker.ErrConflict) {
		return nil, nil // another process has just told the same
	}
	return lanes, err
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
