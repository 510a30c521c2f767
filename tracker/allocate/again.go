package allocate

import (
	"context"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	"waybill/tracker"
	"waybill/tracker/eta"
	"waybill/tracker/eta/score"
)

// Asker answers when a parcel would come. eta.Model is one.
type Asker interface {
	Ask(ctx context.Context, q *eta.Question, now time.Time) (*eta.Answer, error)
}

// Planned is an option with the question that its estimate answers.
type Planned struct {
	Question eta.Question
	Facility string
	Cost     *float64
}

// Plan is what was asked for a parcel.
type Plan struct {
	Promise time.Time
	Options []Planned
}

// Desk estimates options.
type Desk struct {
	Store  tracker.Store
	Asker  Asker
	Scores *score.Board
	Now    func() time.Time
}

// scoredDays is over how many days it is looked how a carrier kept its promises.
const scoredDays = 90

// Kept is how a seller's carriers kept their promises of late, by carrier; those of whom too little is known are left out.
func (d *Desk) Kept(ctx context.Context, tenant string) (map[string]*score.Scored, error) {
	cards, err := d.Scores.Cards(ctx, tenant, score.ByCarrier, scoredDays, d.Now())
	if err != nil {
		return nil, err
	}
	kept := map[string]*score.Scored{}
	for _, c := range cards {
		if c.Promised >= score.Thin {
			kept[c.Carrier] = c
		}
	}
	return kept, nil
}

// Estimate makes an option of what was planned; day is the day of which it takes capacity.
func (d *Desk) Estimate(ctx context.Context, tenant string, p *Planned, kept map[string]*score.Scored) (o Option, day string, err error) {
	q := p.Question
	answer, err := d.Asker.Ask(ctx, &q, d.Now())
	if err != nil {
		return o, "", err
	}
	zone := answer.ArrivesBy.Location()
	o = Option{
		Carrier: q.Carrier, Service: q.Service, Facility: p.Facility, Cost: p.Cost,
		P50: answer.Estimate.P50.In(zone), P90: answer.Estimate.P90.In(zone),
	}
	if answer.Estimate.OnTime != nil {
		o.Chance = float64(*answer.Estimate.OnTime)
	}
	if q.Origin.Point != nil && q.Destination.Point != nil {
		o.Metres = tracker.RoadMetres(*q.Origin.Point, *q.Destination.Point)
	}
	if card := kept[q.Carrier]; card != nil {
		o.Kept, o.Promised = card.OnTime, card.Promised
	}
	day = handOverDay(answer.HandOver, q.Purchase, q.OriginZone)
	room, err := Room(ctx, d.Store, tenant, q.Carrier, p.Facility)
	if err != nil || room == nil {
		return o, day, err
	}
	o.Bounded, o.Left = true, room.Left(day)
	return o, day, nil
}

// handOverDay is the day of which a parcel takes capacity, where it is handed over.
func handOverDay(handOver, purchase time.Time, zone string) string {
	at := handOver
	if at.IsZero() {
		at = purchase
	}
	if l, err := time.LoadLocation(zone); err == nil {
		at = at.In(l)
	}
	return at.Format(time.DateOnly)
}

// Remember keeps a plan and what was chosen of it, to be asked again.
func (d *Desk) Remember(ctx context.Context, s *tracker.Shipment, plan *Plan, chosen *Ranked) error {
	doc, err := cbor.Marshal(plan)
	if err != nil {
		return fmt.Errorf("write the plan of shipment %s: %w", s.ID, err)
	}
	a := &tracker.Allocation{Shipment: s.ID}
	rows, err := d.Store.Get(ctx, tracker.Allocations, s.ID)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		if a, err = tracker.Decode[tracker.Allocation](rows[0]); err != nil {
			return err
		}
	} else {
		a.CreatedAt = d.Now().UTC()
	}
	a.Tenant, a.Plan, a.Chosen, a.Better = s.Tenant, doc, choiceOf(chosen), nil
	a.NextLook = d.Now().UTC().Add(askEvery)
	return tracker.Save(ctx, d.Store, a)
}

func choiceOf(r *Ranked) tracker.Choice {
	return tracker.Choice{Carrier: r.Carrier, Service: r.Service, Facility: r.Facility, Chance: r.Chance}
}

const (
	// askEvery is how often it is asked again, askFor how long.
	askEvery = 30 * time.Minute
	askFor   = 14 * 24 * time.Hour
	// muchBetter is by how much likelier another option must be to be worth a change.
	muchBetter = 0.2
)

// Again asks anew for a parcel that nobody has yet: handed over now, would the chosen one be late, and who would not? It
// changes the record, and reports whether there is something to tell.
func (d *Desk) Again(ctx context.Context, a *tracker.Allocation, s *tracker.Shipment) (news bool, err error) {
	now := d.Now().UTC()
	a.NextLook = time.Time{}
	if s == nil || s.View.Milestone >= tracker.InTransit || now.Sub(a.CreatedAt) > askFor {
		return false, nil
	}
	a.NextLook = now.Add(askEvery)
	var plan Plan
	if err := cbor.Unmarshal(a.Plan, &plan); err != nil {
		return false, fmt.Errorf("read the plan of shipment %s: %w", s.ID, err)
	}
	kept, err := d.Kept(ctx, a.Tenant)
	if err != nil {
		return false, err
	}
	options := make([]Option, len(plan.Options))
	for i := range plan.Options {
		p := &plan.Options[i]
		if p.Question.HandOver.Before(now) {
			p.Question.HandOver = now
		}
		if options[i], _, err = d.Estimate(ctx, a.Tenant, p, kept); err != nil {
			return false, err
		}
	}
	better := instead(Rank(options, plan.Promise), a.Chosen)
	if better == nil || a.Better != nil && a.Better.Same(*better) {
		return false, nil
	}
	a.Better = better
	a.Tellings++
	return true, nil
}

// instead is the option with room that would keep the promise, or nearly, where the chosen one would not; nil for none.
func instead(ranked []Ranked, chosen tracker.Choice) *tracker.Choice {
	var now *Ranked
	for i := range ranked {
		if choiceOf(&ranked[i]).Same(chosen) {
			now = &ranked[i]
		}
	}
	if now == nil || now.Meets {
		return nil
	}
	for i := range ranked {
		r := &ranked[i]
		if r != now && !r.Full() && r.Chance-now.Chance >= muchBetter {
			better := choiceOf(r)
			return &better
		}
	}
	return nil
}
