package tracker

import (
	"fmt"
	"slices"
	"time"

	"waybill/tracker/seal"
)

// Route is the round of one vehicle of our own: its stops in the order in which it means to drive them. What it holds of
// places is sealed, and where the vehicle is stands to a kilometre: the rest of it is distances and times.
//
//	key    its id, as the fleet calls it
//	lists  "shipment:<id>" of every shipment on it
//	due    when its times are to be looked at: at once after a change, else at NextLook
type Route struct {
	ID      string `cbor:"1,keyasint"`
	Vehicle string `cbor:"2,keyasint,omitempty"`
	// Depot and Driver are the fleet's own codes, by which service times are told apart; the driver's is a blind index.
	Depot  string `cbor:"3,keyasint,omitempty"`
	Driver string `cbor:"4,keyasint,omitempty"`
	// Zone is the IANA zone in which it drives.
	Zone string `cbor:"5,keyasint,omitempty"`
	// StartsAt is when it is to leave; StartedAt when it was first seen under way.
	StartsAt  time.Time `cbor:"6,keyasint"`
	StartedAt time.Time `cbor:"7,keyasint,omitempty"`
	Stops     []Stop    `cbor:"8,keyasint"`
	// SealedPoints are the StopPoints, sealed.
	SealedPoints []byte `cbor:"9,keyasint,omitempty"`
	// Position is where the vehicle was last, to a kilometre.
	Position Position `cbor:"10,keyasint,omitempty"`
	// Left is how far it was from its next stop then, in metres, where that is known.
	Left      float64   `cbor:"11,keyasint,omitempty"`
	LeftStop  string    `cbor:"12,keyasint,omitempty"`
	CreatedAt time.Time `cbor:"13,keyasint"`
	UpdatedAt time.Time `cbor:"14,keyasint"`
	// NextLook is when time alone changes what is to be said; zero once it is over.
	NextLook time.Time `cbor:"15,keyasint,omitempty"`

	meta
}

// MaxStops bounds a route, MaxAtStop the shipments of one stop.
const (
	MaxStops  = 400
	MaxAtStop = 100
)

// StopKind is what kind of place a stop is: how long it takes depends on it.
type StopKind string

// The kinds of stops.
const (
	StopHouse    StopKind = "house"
	StopFlat     StopKind = "flat"
	StopBusiness StopKind = "business"
	StopPickup   StopKind = "pickup_point"
	StopLocker   StopKind = "locker"
	StopBreak    StopKind = "break"
	StopOther    StopKind = "other"
)

// StopKinds lists all kinds.
func StopKinds() []StopKind {
	return []StopKind{StopHouse, StopFlat, StopBusiness, StopPickup, StopLocker, StopBreak, StopOther}
}

// StopState is how far a stop is.
type StopState string

// The states of a stop. Open is the empty one.
const (
	StopOpen    StopState = ""
	StopArrived StopState = "arrived"
	StopDone    StopState = "done"
	StopFailed  StopState = "failed"
	StopSkipped StopState = "skipped"
)

// Stop is one halt of a route.
type Stop struct {
	// ID is the fleet's name of it, unique on the route.
	ID string `cbor:"1,keyasint"`
	// Shipments that are brought there; none for a break.
	Shipments []string `cbor:"2,keyasint,omitempty"`
	Kind      StopKind `cbor:"3,keyasint,omitempty"`
	// Window is when it was announced, or asked for; nobody is served before its beginning.
	Window Promise `cbor:"4,keyasint,omitempty"`
	// Service is how long it is planned to take, 0 where nothing is planned.
	Service time.Duration `cbor:"5,keyasint,omitempty"`
	// Metres is how far it is by road from the stop before (of the first, from the depot); 0 where unknown.
	Metres float64   `cbor:"6,keyasint,omitempty"`
	State  StopState `cbor:"7,keyasint,omitempty"`
	// ArrivedAt and ClosedAt are when the vehicle came, and when the stop was done, failed or skipped.
	ArrivedAt time.Time `cbor:"8,keyasint,omitempty"`
	ClosedAt  time.Time `cbor:"9,keyasint,omitempty"`
	// Shown is the estimate that its shipments were last given.
	Shown *Estimate `cbor:"10,keyasint,omitempty"`
	// Foretold are what was expected of it at several distances, for learning how right that was.
	Foretold []Foretold `cbor:"11,keyasint,omitempty"`
	// Learnt: what it taught when it was closed was taken in.
	Learnt bool `cbor:"12,keyasint,omitempty"`
	// Untold: its shipments do not have what is Shown yet.
	Untold bool `cbor:"13,keyasint,omitempty"`
}

// Foretold is what was expected of a stop at a moment.
type Foretold struct {
	// Left is how many stops were left, itself included.
	Left int       `cbor:"1,keyasint"`
	At   time.Time `cbor:"2,keyasint"`
	// In is how many seconds it was to take from then.
	In float64 `cbor:"3,keyasint"`
}

// Closed reports whether nothing more is to come of the stop.
func (s *Stop) Closed() bool {
	return s.State == StopDone || s.State == StopFailed || s.State == StopSkipped
}

// Last is the index of the stop that was closed last, by its time; -1 where none was.
func (r *Route) Last() int {
	last := -1
	for i := range r.Stops {
		if r.Stops[i].Closed() && (last < 0 || r.Stops[i].ClosedAt.After(r.Stops[last].ClosedAt)) {
			last = i
		}
	}
	return last
}

// Over reports whether all stops are closed.
func (r *Route) Over() bool {
	return !slices.ContainsFunc(r.Stops, func(s Stop) bool { return !s.Closed() })
}

// StopOf is the index of the stop of a shipment, -1 where it is not on the route.
func (r *Route) StopOf(shipment string) int {
	return slices.IndexFunc(r.Stops, func(s Stop) bool { return slices.Contains(s.Shipments, shipment) })
}

// Advance notes that a stop came to a state at a moment, and reports whether that is news. A closed stop stays closed,
// and what lies before a stop's arrival, or in the future, is no time to learn from: it is taken for now.
func (r *Route) Advance(stop int, state StopState, at, now time.Time) bool {
	s := &r.Stops[stop]
	if at.IsZero() || at.After(now) {
		at = now
	}
	at = at.UTC()
	switch {
	case s.Closed() || s.State == state:
		return false
	case state == StopArrived:
		s.State, s.ArrivedAt = state, at
	case state == StopDone || state == StopFailed || state == StopSkipped:
		if at.Before(s.ArrivedAt) {
			s.ArrivedAt = time.Time{}
		}
		s.State, s.ClosedAt = state, at
		s.Untold = s.Untold || state == StopSkipped // no scan tells its shipments
	default:
		return false
	}
	if r.StartedAt.IsZero() || at.Before(r.StartedAt) {
		r.StartedAt = at
	}
	r.touch(now)
	return true
}

// touch makes the route due at once.
func (r *Route) touch(now time.Time) { r.UpdatedAt, r.NextLook = now.UTC(), now.UTC() }

// Replan gives the route other stops; what is known of those that stay is kept.
func (r *Route) Replan(stops []Stop, now time.Time) {
	for i := range stops {
		if old := slices.IndexFunc(r.Stops, func(s Stop) bool { return s.ID == stops[i].ID }); old >= 0 {
			known := &r.Stops[old]
			stops[i].State, stops[i].ArrivedAt, stops[i].ClosedAt = known.State, known.ArrivedAt, known.ClosedAt
			stops[i].Shown, stops[i].Foretold, stops[i].Learnt = known.Shown, known.Foretold, known.Learnt
			stops[i].Untold = known.Untold
		}
	}
	r.Stops = stops
	r.Left, r.LeftStop = 0, ""
	r.touch(now)
}

// StopPoints are where the stops of a route are, by their ids. They are people's doors: kept sealed, given out to nobody.
type StopPoints map[string]Point

// SealPoints keeps where the stops are.
func (r *Route) SealPoints(keys *seal.Keys, points StopPoints) (err error) {
	r.SealedPoints = nil
	if len(points) == 0 {
		return nil
	}
	plain, err := docEncoding.Marshal(points)
	if err != nil {
		return fmt.Errorf("encode the points of route %s: %w", r.ID, err)
	}
	r.SealedPoints, err = keys.Envelope(plain, r.sealContext())
	return err
}

// Points opens where the stops are.
func (r *Route) Points(keys *seal.Keys) (StopPoints, error) {
	if len(r.SealedPoints) == 0 {
		return StopPoints{}, nil
	}
	plain, err := keys.OpenEnvelope(r.SealedPoints, r.sealContext())
	if err != nil {
		return nil, fmt.Errorf("open the points of route %s: %w", r.ID, err)
	}
	points := StopPoints{}
	if err := docDecoding.Unmarshal(plain, &points); err != nil {
		return nil, fmt.Errorf("decode the points of route %s: %w", r.ID, err)
	}
	return points, nil
}

func (r *Route) sealContext() string { return "route:" + r.ID }

func (r *Route) place() place {
	p := place{table: Routes, key: r.ID, order: r.CreatedAt, due: dueAt(r.NextLook)}
	for i := range r.Stops {
		for _, id := range r.Stops[i].Shipments {
			if list := ListOfShipment(id); !slices.Contains(p.lists, list) {
				p.lists = append(p.lists, list)
			}
		}
	}
	return p
}
