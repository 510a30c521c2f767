package notify

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/storetest/memory"
)

// script is a channel that does what it is told.
type script struct {
	mu     sync.Mutex
	sent   []Envelope
	answer func(e Envelope) error
	sender string
}

func (s *script) Sender() string { return s.sender }

func (s *script) Send(_ context.Context, e Envelope) (Receipt, error) {
	s.mu.Lock()
	s.sent = append(s.sent, e)
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		if err := answer(e); err != nil {
			return Receipt{}, err
		}
	}
	return Receipt{ProviderID: "provider-" + e.ID}, nil
}

// office is a Sender and a Desk over a store, with a parcel that is out for delivery on Monday at nine.
type office struct {
	tb       testing.TB
	store    tracker.Store
	keys     *seal.Keys
	now      time.Time
	email    *script
	sender   *Sender
	desk     *Desk
	shipment *tracker.Shipment
	leg      *tracker.Leg
	mu       sync.Mutex
	outcomes []string
}

func (o *office) Told(_ *tracker.Message, outcome, code string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if code != "" {
		outcome += " " + code
	}
	o.outcomes = append(o.outcomes, outcome)
}

func newOffice(tb testing.TB) *office {
	tb.Helper()
	store := memory.New()
	o := &office{tb: tb, store: store, keys: testKeys(tb), now: clock("Mon 09:00"), email: &script{}}
	clock := func() time.Time { return o.now }
	o.desk = NewDesk(store, o.keys, clock)
	o.sender = NewSender(SenderOptions{
		Store: store, Keys: o.keys, Finder: tracker.NewFinder(store, o.keys, tracker.DefaultPatience, clock), PublicURL: "https://track.example.com",
		Channels: map[tracker.Channel]Channel{tracker.Email: o.email}, Observer: o, Now: clock, Log: slog.New(slog.DiscardHandler),
	})
	key := tracker.LegKey{Carrier: "ups", Number: "1Z999AA10123456784"}
	o.leg = &tracker.Leg{LegKey: key, CreatedAt: o.now}
	o.shipment = &tracker.Shipment{
		ID: "WB234567ABCDEFG01", Tenant: "acme", Order: "1001", Zone: "Europe/Berlin", CreatedAt: o.now.Add(-day), Registered: true,
		Service: tracker.Express, Locale: "de", Legs: []tracker.ShipmentLeg{{LegKey: key, Since: o.now.Add(-day)}},
	}
	o.scan("out_for_delivery", "Mon 08:50")
	o.save(o.shipment)
	o.save(&tracker.Tenant{ID: "acme", Name: "Acme Tea", Brand: tracker.Brand{ReplyTo: "tea@acme.example"}, CreatedAt: o.now})
	return o
}

func (o *office) save(record tracker.Record) {
	o.tb.Helper()
	if err := tracker.Save(o.tb.Context(), o.store, record); err != nil {
		o.tb.Fatal(err)
	}
}

// scan brings a scan onto the leg.
func (o *office) scan(substatus tracker.Substatus, happened string) {
	o.tb.Helper()
	receipt := &tracker.Receipt{ID: tracker.NewID(o.now), ReceivedAt: o.now, Source: tracker.FromWebhook}
	event := tracker.Event{Kind: string(substatus), Substatus: substatus, Time: tracker.StampAt(clock(happened))}
	if _, err := o.leg.Absorb(receipt, tracker.ReadShipment{Events: []tracker.Event{event}}, o.keys, o.now); err != nil {
		o.tb.Fatal(err)
	}
	o.save(o.leg)
}

// recipient subscribes the parcel's own recipient by e-mail.
func (o *office) recipient() *tracker.Subscription {
	o.tb.Helper()
	s, err := o.desk.Recipient(o.tb.Context(), o.shipment, Wish{Channel: tracker.Email, Address: "Ada@Example.com", Consent: "check-out"})
	if err != nil {
		o.tb.Fatal(err)
	}
	return s
}

// decide stores the messages of the parcel going out for delivery, and gives the one about that.
func (o *office) decide() *tracker.Message {
	o.tb.Helper()
	people, err := o.desk.Of(o.tb.Context(), o.shipment.ID)
	if err != nil {
		o.tb.Fatal(err)
	}
	after := tracker.Compose(o.shipment, tracker.Carriages(o.shipment, []*tracker.Leg{o.leg}), nil, tracker.DefaultPatience, o.now)
	var found *tracker.Message
	for _, m := range Decide(Input{Shipment: o.shipment, Before: o.shipment.View, After: after, Subscriptions: people, Now: o.now}) {
		o.save(m)
		if m.Moment == tracker.MomentOutForDelivery {
			found = m
		}
	}
	if found == nil {
		o.tb.Fatal("nothing was decided")
	}
	return found
}

// send takes up a message and gives it as it is then.
func (o *office) send(id string) *tracker.Message {
	o.tb.Helper()
	if err := o.sender.Send(o.tb.Context(), id); err != nil {
		o.tb.Fatal(err)
	}
	return o.message(id)
}

func (o *office) message(id string) *tracker.Message {
	o.tb.Helper()
	m, err := tracker.Load[tracker.Message](o.tb.Context(), o.store, id)
	if err != nil {
		o.tb.Fatal(err)
	}
	return m
}
