package poll

import (
	"context"
	"errors"
	"slices"
	"time"

	"waybill/adapters/detect"
	"waybill/tracker"
)

// wish is a poll that a shipment calls for. turn is which of a question's carriers it is, the likeliest 0.
type wish struct {
	*tracker.Poll

	turn int
}

// turnAfter is how long after the one before it the next carrier of a question is first asked: the likelier one has
// answered by then, and is followed.
const turnAfter = 10 * time.Minute

// wanted are the polls that a shipment calls for. A number of which nobody named the carrier is a question (rule 8):
// every carrier that it may belong to is asked, the likeliest first, until one has told of it.
func (p *Poller) wanted(t *tracker.Tracking) []wish {
	var list []wish
	for i := range t.Carriages {
		c := &t.Carriages[i]
		if c.Found != tracker.FoundByGuess || len(c.Generation.Events) > 0 {
			list = p.want(list, t.Shipment, c.LegKey, c, "", 0)
			continue
		}
		first := len(list)
		list = p.want(list, t.Shipment, c.LegKey, c, t.Shipment.ID, 0)
		for _, candidate := range detect.Candidates(c.Number) {
			if candidate.Carrier != c.Carrier {
				key := tracker.LegKey{Carrier: candidate.Carrier, Number: c.Number}
				list = p.want(list, t.Shipment, key, c, t.Shipment.ID, len(list)-first)
			}
		}
	}
	return list
}

func (p *Poller) want(list []wish, s *tracker.Shipment, key tracker.LegKey, c *tracker.Carriage, question string, turn int) []wish {
	if p.Asker.Most(key.Carrier) == 0 || p.accounts.of(key.Carrier, s.Tenant) == nil {
		return list
	}
	for _, have := range list {
		if have.LegKey == key {
			return list
		}
	}
	return append(list, wish{&tracker.Poll{
		LegKey: key, Tenant: s.Tenant, Service: s.Service, Zone: s.Zone, Promise: s.Promise.To, Since: c.Since, Question: question,
	}, turn})
}

// answerQuestion ends a question where it is answered: the shipment follows the one carrier that knows its number. Where
// several know it, a person chooses: each is shown under the number, and the seller names its own. over says that this
// carrier is asked no more.
func (p *Poller) answerQuestion(ctx context.Context, poll *tracker.Poll, leg *tracker.Leg) (over bool, err error) {
	legs, err := tracker.LoadList[tracker.Leg](ctx, p.Store, tracker.ListOfNumber(poll.Number), tracker.Page{})
	if err != nil {
		return false, err
	}
	legs = slices.DeleteFunc(legs, func(l *tracker.Leg) bool { return len(l.Events) == 0 })
	if len(legs) == 0 {
		return false, nil
	}
	shipment := poll.Question
	poll.Question = ""
	if leg == nil || len(leg.Events) == 0 {
		return true, nil
	}
	if slices.ContainsFunc(leg.Followers, func(f tracker.Follower) bool { return f.Shipment == shipment }) {
		return false, nil
	}
	if len(legs) > 1 {
		p.Log.Warn("several carriers know a number; its seller must name the one it means", "shipment", shipment, "carriers", len(legs))
		return true, nil
	}
	s, err := tracker.Load[tracker.Shipment](ctx, p.Store, shipment)
	if errors.Is(err, tracker.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, p.Ingest.AddLeg(ctx, s, poll.LegKey, "answered")
}
