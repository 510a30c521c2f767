package eta

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	"waybill/tracker"
)

// sample is one delivery to learn from. Its key is what makes it count once: it stays, folded, for as long as anybody
// might hand the same delivery in again.
//
//	key  "sample:<shipment>"
//	due  until it is folded
type sample struct {
	// Groups that learn from it.
	Groups []string `cbor:"1,keyasint"`
	// Hours from the first hand that had it to delivery.
	Hours float64 `cbor:"2,keyasint"`
	// At is when it was delivered.
	At time.Time `cbor:"3,keyasint"`
	// Errored: ErrorHours is by how much later it came than the carrier had said at first.
	Errored    bool    `cbor:"4,keyasint,omitempty"`
	ErrorHours float64 `cbor:"5,keyasint,omitempty"`
	// Folded: all groups have it.
	Folded bool `cbor:"6,keyasint,omitempty"`

	row tracker.Row
}

const samplePrefix = "sample:"

// keptFor is how long folded samples are kept.
const keptFor = 35 * 24 * time.Hour

// Learn is Estimator's. What cannot be true (a delivery before the first scan, or after a quarter of a year) teaches
// nothing.
func (m *Model) Learn(ctx context.Context, t *tracker.Tracking) error {
	s, ok := m.sampleOf(t)
	if !ok {
		return nil
	}
	write, err := s.write()
	if err != nil {
		return err
	}
	err = tracker.ErrorOf(m.store.Apply(ctx, []tracker.Write{write}))
	if err != nil && !errors.Is(err, tracker.ErrConflict) { // a conflict: it is learnt already
		return fmt.Errorf("keep the transit time of %s: %w", t.Shipment.ID, err)
	}
	return nil
}

func (m *Model) sampleOf(t *tracker.Tracking) (*sample, bool) {
	now, l := m.now(), laneOf(t)
	delivered := t.View.Reached[tracker.Delivered]
	if l.started.IsZero() || !delivered.Known() {
		return nil, false
	}
	s := &sample{
		Groups: l.groups(), At: delivered.Instant(), Hours: delivered.Instant().Sub(l.started).Hours(),
		row: tracker.Row{Key: samplePrefix + t.Shipment.ID, Order: now.UnixMilli(), Due: now.UnixMilli()},
	}
	if s.Hours <= 0 || s.Hours >= longest || s.At.After(now.Add(24*time.Hour)) {
		return nil, false
	}
	if first := t.View.FirstEstimate; first != nil && first.Source != sourceModel {
		s.Errored, s.ErrorHours = true, s.At.Sub(first.P50).Hours()
	}
	return s, true
}

func (s *sample) write() (tracker.Write, error) {
	doc, err := cbor.Marshal(s)
	if err != nil {
		return tracker.Write{}, fmt.Errorf("encode the transit time %s: %w", s.row.Key, err)
	}
	row := s.row
	row.Doc = doc
	return tracker.Write{Table: tracker.Transits, Row: row}, nil
}

func readSamples(rows []tracker.Row) ([]*sample, error) {
	samples := make([]*sample, len(rows))
	for i, row := range rows {
		samples[i] = &sample{}
		if err := cbor.Unmarshal(row.Doc, samples[i]); err != nil {
			return nil, fmt.Errorf("decode the transit time %s: %w", row.Key, err)
		}
		samples[i].row = row
	}
	return samples, nil
}
