package notify

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/words"
)

// parcels gives the office more parcels of the same recipient, each out for delivery, and decides what is told of them.
func (o *office) parcels(n int) []*tracker.Message {
	o.tb.Helper()
	first, list := o.shipment, []*tracker.Message{}
	for i := range n {
		s := *first
		s.ID = fmt.Sprintf("WB234567ABCDEFG%02d", i+10)
		leg := *o.leg
		leg.LegKey.Number = fmt.Sprintf("1Z999AA1012345%04d", i)
		s.Legs = []tracker.ShipmentLeg{{LegKey: leg.LegKey, Since: o.now.Add(-day)}}
		copied := tracker.Shipment{
			ID: s.ID, Tenant: s.Tenant, Order: fmt.Sprintf("10%02d", i), Zone: s.Zone, CreatedAt: s.CreatedAt, Registered: true,
			Service: s.Service, Locale: s.Locale, Legs: s.Legs, Items: []tracker.Item{{SKU: fmt.Sprintf("TEA-%d", i), Quantity: 1}},
		}
		o.shipment, o.leg = &copied, &tracker.Leg{LegKey: leg.LegKey, CreatedAt: o.now}
		o.scan("out_for_delivery", "Mon 08:50")
		o.save(o.shipment)
		o.recipient()
		list = append(list, o.daily()...)
	}
	return list
}

// daily decides the messages of the parcel at hand with the recipient's preference.
func (o *office) daily() []*tracker.Message {
	o.tb.Helper()
	people, err := o.desk.Of(o.tb.Context(), o.shipment.ID)
	if err != nil {
		o.tb.Fatal(err)
	}
	preferences, err := PreferencesOf(o.tb.Context(), o.store, people)
	if err != nil {
		o.tb.Fatal(err)
	}
	after := tracker.Compose(o.shipment, tracker.Carriages(o.shipment, []*tracker.Leg{o.leg}), nil, tracker.DefaultPatience, o.now)
	var list []*tracker.Message
	for _, m := range Decide(Input{Shipment: o.shipment, Before: o.shipment.View, After: after, Subscriptions: people, Preferences: preferences, Now: o.now}) {
		o.save(m)
		if m.State == tracker.MessageDecided {
			list = append(list, m)
		}
	}
	return list
}

// prefer has the recipient choose.
func (o *office) prefer(c Choice) {
	o.tb.Helper()
	s := o.recipient()
	if err := o.desk.Choose(o.tb.Context(), s.ID, o.keys.Sign(LinkPreferences, s.ID), c); err != nil {
		o.tb.Fatal(err)
	}
}

// morningAfter is when the daily mail of Monday's news goes out, with the parcels still on the road.
func (o *office) morningAfter() { o.now = clock("Tue 08:00") }

func TestManyParcelsAreToldInOneMailADay(t *testing.T) {
	o := newOffice(t)
	o.prefer(Choice{Daily: true})
	messages := o.parcels(3)
	if len(messages) != 3 {
		t.Fatalf("%d messages were decided", len(messages))
	}
	for _, m := range messages {
		if got := o.send(m.ID); got.State != tracker.MessageDecided || m.DueAt.Format("Mon 15:04") != "Tue 08:00" {
			t.Errorf("it is %s, due %s", got.State, m.DueAt)
		}
	}
	o.morningAfter()
	for _, m := range messages {
		o.send(m.ID)
	}
	for _, m := range messages {
		o.send(m.ID)
	}
	if len(o.email.sent) != 1 {
		t.Fatalf("%d mails were sent", len(o.email.sent))
	}
	mail := o.email.sent[0].Content
	for _, part := range []string{"Neues zu 3 Paketen", "WB234567ABCDEFG10", "TEA-0", "WB234567ABCDEFG12", "TEA-2", "/unsubscribe?", "/preferences?"} {
		if !strings.Contains(mail.Subject+mail.Text, part) || !strings.Contains(mail.Subject+mail.HTML, part) {
			t.Errorf("the mail does not say %q:\n%s", part, mail.Text)
		}
	}
	for _, m := range messages {
		if got := o.message(m.ID); got.State != tracker.MessageSent {
			t.Errorf("%s is %s (%s)", m.ID, got.State, got.Reason)
		}
	}
}

func TestOneParcelIsToldAsAlways(t *testing.T) {
	o := newOffice(t)
	o.prefer(Choice{Daily: true})
	m := o.parcels(1)[0]
	o.morningAfter()
	o.send(m.ID)
	if len(o.email.sent) != 1 || strings.Contains(o.email.sent[0].Content.Subject, "Neues") {
		t.Errorf("%+v", o.email.sent)
	}
}

func TestADailyMailGoesOnceThoughAllAreTakenUpAtOnce(t *testing.T) {
	o := newOffice(t)
	o.prefer(Choice{Daily: true})
	messages := o.parcels(8)
	o.morningAfter()
	for range 3 {
		var group sync.WaitGroup
		for _, m := range messages {
			group.Go(func() {
				if err := o.sender.Send(t.Context(), m.ID); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	told := 0
	for _, m := range messages {
		got := o.message(m.ID)
		if got.State != tracker.MessageSent || got.Attempts != 1 {
			t.Errorf("%s is %s after %d attempts", m.ID, got.State, got.Attempts)
		}
		for _, e := range o.email.sent {
			if strings.Contains(e.Content.Text, got.Shipment) {
				told++
			}
		}
	}
	if told != 8 {
		t.Errorf("8 parcels are told %d times in %d mails", told, len(o.email.sent))
	}
}

func TestWhatIsOverIsLeftOutOfADailyMail(t *testing.T) {
	o := newOffice(t)
	o.prefer(Choice{Daily: true})
	messages := o.parcels(3)
	o.scan("delivered", "Mon 12:00") // the last one
	o.morningAfter()
	for _, m := range messages {
		o.send(m.ID)
	}
	if got := o.message(messages[2].ID); got.State != tracker.MessageSuppressed || !strings.Contains(got.Reason, "delivered in the meantime") {
		t.Errorf("it is %s: %s", got.State, got.Reason)
	}
	if len(o.email.sent) != 1 || strings.Contains(o.email.sent[0].Content.Text, messages[2].Shipment) {
		t.Errorf("%d mails: %v", len(o.email.sent), o.email.sent)
	}
}

func TestADailyMailThatIsNotTakenIsTriedAgain(t *testing.T) {
	o := newOffice(t)
	o.prefer(Choice{Daily: true})
	messages := o.parcels(2)
	o.morningAfter()
	o.email.answer = func(Envelope) error { return &Failure{Verdict: Retry, What: "busy"} }
	for _, m := range messages {
		o.send(m.ID)
	}
	o.email.answer, o.now = nil, o.now.Add(time.Hour)
	for _, m := range messages {
		o.send(m.ID)
	}
	if len(o.email.sent) != 2 || !strings.Contains(o.email.sent[1].Content.Text, messages[0].Shipment) || !strings.Contains(o.email.sent[1].Content.Text, messages[1].Shipment) {
		t.Errorf("%d attempts: %+v", len(o.email.sent), o.email.sent)
	}
}

func TestADailyMailInEveryLanguage(t *testing.T) {
	w := testWriter(t)
	for _, language := range words.Languages() {
		var entries []entry
		for i, moment := range []tracker.Moment{tracker.MomentArrivingToday, tracker.MomentDelivered, tracker.MomentDelayed} {
			said := sampleSaid(moment, tracker.Email, language, sampleTenant)
			p, err := w.page(&said)
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, entry{&tracker.Message{Shipment: strconv.Itoa(i)}, p})
		}
		mail, err := w.Digest(entries)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "daily."+language+".txt", []byte("Subject: "+mail.Subject+"\n\n"+mail.Text))
		if language == "en" {
			golden(t, "daily."+language+".html", []byte(mail.HTML))
		}
	}
}
