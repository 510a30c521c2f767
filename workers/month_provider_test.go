package workers

import (
	"context"
	"time"

	"waybill/notify"
	"waybill/tracker"
)

// provider takes messages, but for its outages.
type provider struct {
	m       *month
	channel tracker.Channel
}

func (p *provider) Sender() string { return "" }

func (p *provider) Send(_ context.Context, e notify.Envelope) (notify.Receipt, error) {
	now := time.Now()
	for _, o := range p.m.outages[string(p.channel)] {
		if !now.Before(o.from) && now.Before(o.until) {
			return notify.Receipt{}, &notify.Failure{Verdict: notify.Retry, What: "the provider is down"}
		}
	}
	p.m.mu.Lock()
	p.m.posts = append(p.m.posts, posted{e.ID, e.To, now})
	p.m.mu.Unlock()
	if p.channel == tracker.SMS {
		p.callBack(e.ID)
	}
	return notify.Receipt{ProviderID: "p-" + e.ID}, nil
}

// callBack tells what became of an SMS: out of order, and twice.
func (p *provider) callBack(id string) {
	m := p.m
	message, err := tracker.Load[tracker.Message](m.t.Context(), m.store, id)
	if err != nil {
		m.t.Error(err)
		return
	}
	end := notify.Arrival{Message: id, Provider: "p-" + id, State: tracker.MessageArrived}
	if m.parcel(message.Shipment).person.deadPhone {
		end.State, end.Reason = tracker.MessageFailed, "the phone could not be reached"
	}
	taken := notify.Arrival{Message: id, Provider: "p-" + id, State: tracker.MessageSent}
	for i, arrival := range []notify.Arrival{end, taken, end} {
		m.plan(time.Now().Add(undelivered+time.Duration(i)*time.Second), func() { m.arrived(arrival, 0) })
	}
}

// arrived takes a callback in; one that a dying process answered with an error comes again.
func (m *month) arrived(a notify.Arrival, tries int) {
	sender := m.workers.Sender.(*notify.Sender) //nolint:forcetypeassert // hire makes it one
	err := sender.Arrived(m.t.Context(), tracker.SMS, a)
	switch {
	case m.body.died():
		m.deaths++
		m.hire()
		fallthrough
	case err != nil && tries < 3:
		m.plan(time.Now().Add(time.Minute), func() { m.arrived(a, tries+1) })
	case err != nil:
		m.t.Error(err)
	}
}
