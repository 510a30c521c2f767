package transit

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// Version of the state and of the Basis. A state of another version is
// learnt anew; it says nothing of this model's features.
const Version = 1

// ErrState is wrapped by the errors of Decode.
var ErrState = errors.New("state of the transit model")

// State is all that is learnt: sums that add up. The zero State is not ready for use.
type State struct {
	Version uint8          `cbor:"1,keyasint"`
	Tracks  [moments]Track `cbor:"2,keyasint"`
}

func newState() State {
	s := State{Version: Version}
	for i := range s.Tracks {
		s.Tracks[i] = newTrack()
	}
	return s
}

// NewState is an empty state, for a worker's additions.
func NewState() *State {
	s := newState()
	return &s
}

// Merge adds what another state has learnt. In whatever order states are
// merged, sums agree but for rounding: predictions to a millionth of a day.
func (s *State) Merge(o *State) {
	for i := range s.Tracks {
		s.Tracks[i].merge(&o.Tracks[i])
	}
}

// Prune forgets groups of which next to nothing is left, which bounds the
// state by what was delivered in the last years.
func (s *State) Prune(now time.Time) {
	for i := range s.Tracks {
		s.Tracks[i].prune(civil(now))
	}
}

var encoding, encodingErr = cbor.CoreDetEncOptions().EncMode()

var decoding, decodingErr = cbor.DecOptions{MaxMapPairs: 1 << 24, DupMapKey: cbor.DupMapKeyEnforcedAPF}.DecMode()

// Encode writes the state: the same state is the same bytes.
func (s *State) Encode() ([]byte, error) {
	if encodingErr != nil {
		return nil, encodingErr
	}
	return encoding.Marshal(s)
}

// Decode reads what Encode wrote. Errors wrap ErrState.
func Decode(data []byte) (*State, error) {
	if decodingErr != nil {
		return nil, decodingErr
	}
	s := newState()
	if err := decoding.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrState, err)
	}
	if s.Version != Version {
		return nil, fmt.Errorf("%w: version %d, not %d; start with an empty one", ErrState, s.Version, Version)
	}
	for i := range s.Tracks {
		if err := s.Tracks[i].check(); err != nil {
			return nil, fmt.Errorf("%w: track %d: %w", ErrState, i, err)
		}
	}
	return &s, nil
}

// Load is a model that goes on from an encoded state.
func Load(data []byte) (*Model, error) {
	s, err := Decode(data)
	if err != nil {
		return nil, err
	}
	m := &Model{State: *s}
	m.Refresh()
	return m, nil
}

// check refuses what would make predictions mean nothing.
func (t *Track) check() error {
	if !(t.Latest >= 0 && t.Latest < 1e6) {
		return fmt.Errorf("the newest outcome is of day %v", t.Latest)
	}
	if err := t.checkMemories(); err != nil {
		return err
	}
	for _, r := range append(t.ByLength[:], t.All) {
		if n := len(r.Bins); n != 0 && n != bins || !r.Scale.plausible() || !finite(r.Bins...) || slices.ContainsFunc(r.Bins, negative) {
			return errors.New("a histogram of residuals is damaged")
		}
	}
	if n := len(t.Ridge.Sums); n != 0 && n != size || !t.Ridge.Scale.plausible() || !finite(t.Ridge.Sums...) {
		return errors.New("the sums of the regression are damaged")
	}
	if strengths := t.Ridge.solve(t.Latest); !finite(strengths[:]...) {
		return errors.New("the sums of the regression have no solution")
	}
	return nil
}

// checkMemories looks at the long memory, the effects, and at the short one, the paces.
func (t *Track) checkMemories() error {
	for e, means := range t.Effects {
		if means == nil {
			return fmt.Errorf("the effects of %s are null", tables[e].name)
		}
		for _, m := range means {
			if m == nil || !m.Scale.plausible() || !(m.Weight >= 0 && finite(m.Weight, m.Sum)) {
				return fmt.Errorf("an effect of %s is damaged", tables[e].name)
			}
		}
	}
	for _, all := range []map[Key]*Pace{t.Base, t.Forecast} {
		if all == nil {
			return errors.New("a table of paces is null")
		}
		for _, p := range all {
			if p == nil || slices.ContainsFunc(p.Days[:], damaged) {
				return errors.New("a pace is damaged")
			}
		}
	}
	return nil
}

func damaged(d PaceDay) bool {
	return d.Day < 0 || d.Day > 1e6 || !finite(d.Expected, d.Information, d.Arrived)
}

func negative(x float64) bool { return x < 0 }

func finite(xs ...float64) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
}

// MarshalCBOR writes the days of a Pace that hold something.
func (p *Pace) MarshalCBOR() ([]byte, error) {
	days := make([]PaceDay, 0, paceRing)
	for _, d := range p.Days {
		if d.Day != 0 {
			days = append(days, d)
		}
	}
	return encoding.Marshal(days)
}

// UnmarshalCBOR reads them.
func (p *Pace) UnmarshalCBOR(data []byte) error {
	var days []PaceDay
	if err := decoding.Unmarshal(data, &days); err != nil {
		return err
	}
	*p = Pace{}
	for _, d := range days {
		p.merge(d)
	}
	return nil
}
