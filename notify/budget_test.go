package notify

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
)

// texts decides n messages by SMS to the recipient.
func (o *office) texts(n int) []*tracker.Message {
	o.tb.Helper()
	_, first := o.phone(tracker.SMS, "+4915112345678")
	list := make([]*tracker.Message, n)
	for i := range list {
		m := &tracker.Message{
			Tenant: first.Tenant, Shipment: first.Shipment, Moment: first.Moment, Occurrence: first.Occurrence, Channel: tracker.SMS,
			Subscription: first.Subscription, State: tracker.MessageDecided, DueAt: o.now, Expires: o.now.Add(60 * day), DecidedAt: o.now,
			ID: fmt.Sprintf("%032d", i),
		}
		o.save(m)
		list[i] = m
	}
	return list
}

func (o *office) budget(segments int) {
	o.tb.Helper()
	tenant, err := tracker.Load[tracker.Tenant](o.tb.Context(), o.store, "acme")
	if err != nil {
		o.tb.Fatal(err)
	}
	tenant.SMSBudget = segments
	o.save(tenant)
}

func (o *office) spent() int {
	o.tb.Helper()
	spent, err := tracker.SpendingOf(o.tb.Context(), o.store, "acme", tracker.SMS, o.now)
	if err != nil {
		o.tb.Fatal(err)
	}
	return spent.Segments
}

func TestABudgetForSMSWarnsAndStops(t *testing.T) {
	o := newOffice(t)
	o.budget(10)
	states := map[tracker.MessageState]int{}
	for _, m := range o.texts(14) {
		got := o.send(m.ID)
		states[got.State]++
		if got.State == tracker.MessageSuppressed && !strings.Contains(got.Reason, "budget for SMS is used up") {
			t.Errorf("it is explained by %q", got.Reason)
		}
	}
	each := o.spent() / states[tracker.MessageSent]
	if o.spent() > 10 || states[tracker.MessageSent] != 10/each || states[tracker.MessageSuppressed] != 14-10/each {
		t.Errorf("%v with %d segments spent of 10", states, o.spent())
	}
	var warned []string
	for _, e := range o.email.sent {
		if e.To == "tea@acme.example" {
			warned = append(warned, e.Content.Subject)
		}
	}
	if want := "[Your SMS budget for November 2026 is used up to 80 % Your SMS budget for November 2026 is used up to 100 %]"; fmt.Sprint(warned) != want {
		t.Errorf("the seller was told %v", warned)
	}
	o.now = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	if o.spent() != 0 {
		t.Errorf("December begins with %d segments", o.spent())
	}
}

func TestABudgetHoldsWhenManySendAtOnce(t *testing.T) {
	o := newOffice(t)
	o.budget(8)
	messages := o.texts(20)
	var group sync.WaitGroup
	for _, m := range messages {
		group.Go(func() {
			if err := o.sender.Send(t.Context(), m.ID); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	sent := 0
	for _, m := range messages {
		if o.message(m.ID).State == tracker.MessageSent {
			sent++
		}
	}
	if o.spent() > 8 || sent == 0 || o.spent()%sent != 0 {
		t.Errorf("%d sent, %d segments of 8", sent, o.spent())
	}
}

func TestWhatTheProviderRefusesCostsNothing(t *testing.T) {
	for verdict, costs := range map[Verdict]bool{Permanent: false, Gone: false, Retry: false, Unsure: true} {
		o := newOffice(t)
		o.budget(10)
		m := o.texts(1)[0]
		o.sender.channels[tracker.SMS] = &script{answer: func(Envelope) error { return &Failure{Verdict: verdict, What: "no"} }}
		o.send(m.ID)
		if (o.spent() > 0) != costs {
			t.Errorf("verdict %d: %d segments are spent", verdict, o.spent())
		}
	}
}
