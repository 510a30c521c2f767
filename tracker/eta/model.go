package eta

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/holidays"
)

// What an estimate rests on, as Estimate.Source says it.
const (
	sourceModel   = "model"
	sourceCarrier = "carrier"
	sourceBlend   = "blend"
)

// Model is the first model: the quantiles of past transit times. Each lane has a histogram of how long its parcels
// took; where it has seen few, it leans on that of the carrier over such distances, and this on that of all carriers,
// and this on round figures. Of a parcel under way it asks: of those that were not there by now, when did they come?
type Model struct {
	store tracker.Store
	now   func() time.Time
	cache cache
	zones sync.Map // IANA name -> *time.Location
}

// NewModel makes a Model over the table Transits of a store.
func NewModel(store tracker.Store, now func() time.Time) *Model {
	return &Model{store: store, now: now, cache: cache{store: store}}
}

var _ Estimator = (*Model)(nil)

// leaning is how many deliveries a wider group weighs against those of a narrower one.
const leaning = 12

// Estimate is Estimator's.
func (m *Model) Estimate(ctx context.Context, t *tracker.Tracking, now time.Time) (*tracker.Estimate, error) {
	v := &t.View
	if !underWay(v) {
		return nil, nil //nolint:nilnil // nothing can be said
	}
	door := m.doorOf(t)
	if v.Milestone == tracker.OutForDelivery || v.Milestone == tracker.AttemptFailed {
		return door.lastMile(v, now), nil
	}
	l := laneOf(t)
	groups, err := m.cache.get(ctx, l.groups(), now)
	if err != nil {
		return nil, err
	}
	if e := door.fromCarrier(t, groups[1], now); e != nil {
		return e, nil
	}
	return door.fromTransit(&l, groups, now), nil
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

// handOverWithin is by when, from now, a parcel that nobody has yet is taken to be handed over.
const handOverWithin = 24 * time.Hour

// fromTransit estimates by past transit times.
func (d door) fromTransit(l *lane, groups []*group, now time.Time) *tracker.Estimate {
	takes := priorOf(l)
	for _, g := range groups {
		takes = takes.lean(counts(g.Weights, now), leaning)
	}
	started, waits := l.started, l.started.IsZero()
	if waits {
		started = now.Add(handOverWithin)
	}
	elapsed := max(now.Sub(started).Hours(), 0)
	var at [3]time.Time
	for i, q := range [3]float64{0.1, 0.5, 0.9} {
		hours, ok := takes.quantile(q, elapsed)
		if !ok {
			return nil
		}
		at[i] = started.Add(time.Duration(hours * float64(time.Hour)))
	}
	e := d.window(at[0], at[1], at[2], now)
	e.Source, e.Reason = sourceModel, reason(l, groups, &takes, waits)
	return e
}

// reason says in words what an estimate rests on.
func reason(l *lane, groups []*group, d *distribution, waits bool) string {
	median, _ := d.quantile(0.5, 0)
	usually := fmt.Sprintf("usually %s", inDays(median))
	const enough = 5
	at := len(groups) - 1
	for at >= 0 && groups[at].Deliveries < enough {
		at--
	}
	var text string
	switch {
	case at < 0:
		text = fmt.Sprintf("a first guess, as hardly anything was delivered yet: %s %s", usually, l)
	case at == 0:
		text = fmt.Sprintf("%s over such a distance, from %d deliveries by all carriers", usually, groups[0].Deliveries)
	case at == 1:
		text = fmt.Sprintf("%s by %s over such a distance, from %d deliveries", usually, l.carrier, groups[1].Deliveries)
	default:
		text = fmt.Sprintf("%s %s, from %d deliveries", usually, l, groups[at].Deliveries)
	}
	if waits {
		text += ", once it is handed over"
	}
	return text
}

// inDays words a number of hours.
func inDays(hours float64) string {
	switch days := int(math.Round(hours / 24)); {
	case hours < 18:
		return fmt.Sprintf("%.0f hours", math.Max(hours, 1))
	case days <= 1:
		return "1 day"
	default:
		return fmt.Sprintf("%d days", days)
	}
}

// doorOf is where the days of a delivery are counted: in the destination's zone, else in that of the last scan.
func (m *Model) doorOf(t *tracker.Tracking) door {
	to, last := t.Shipment.Destination, t.View.LastAt
	d := door{zone: time.UTC, holidays: holidays.For(to.Country, to.State)}
	if zone := m.load(t.Shipment.Zone); zone != nil {
		d.zone, d.name = zone, t.Shipment.Zone
	} else if zone := m.load(last.Zone); zone != nil {
		d.zone = zone
	} else if last.Source != tracker.ZoneUnknown {
		d.zone = time.FixedZone("", int(last.Offset)*60)
	}
	return d
}

func (m *Model) load(name string) *time.Location {
	if name == "" {
		return nil
	}
	if zone, ok := m.zones.Load(name); ok {
		return zone.(*time.Location) //nolint:forcetypeassert // nothing else is stored
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil // a name that the system does not know counts days less well; that is all
	}
	m.zones.Store(name, zone)
	return zone
}
