package notify

import (
	"errors"
	"testing"

	"waybill/tracker"
)

func TestCallbacks(t *testing.T) {
	arrival := func(state tracker.MessageState) Arrival { return Arrival{State: state, Reason: "why"} }
	sent, arrived, failed := arrival(tracker.MessageSent), arrival(tracker.MessageArrived), arrival(tracker.MessageFailed)
	for name, test := range map[string]struct {
		state    tracker.MessageState
		arrivals []Arrival
		want     tracker.MessageState
	}{
		"in order":                              {tracker.MessageSent, []Arrival{sent, arrived}, tracker.MessageArrived},
		"out of order and twice":                {tracker.MessageSent, []Arrival{arrived, sent, arrived, sent}, tracker.MessageArrived},
		"not delivered":                         {tracker.MessageSent, []Arrival{failed, sent, failed}, tracker.MessageFailed},
		"delivered after all":                   {tracker.MessageSent, []Arrival{failed, arrived}, tracker.MessageArrived},
		"a failure after delivery is no news":   {tracker.MessageSent, []Arrival{arrived, failed}, tracker.MessageArrived},
		"faster than the answer":                {tracker.MessageSending, []Arrival{sent}, tracker.MessageSent},
		"what nobody knew is settled":           {tracker.MessageUnknown, []Arrival{arrived}, tracker.MessageArrived},
		"an attempt that seemed to have failed": {tracker.MessageDecided, []Arrival{sent}, tracker.MessageSent},
		"a suppressed message stays so":         {tracker.MessageSuppressed, []Arrival{sent}, tracker.MessageSuppressed},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.recipient()
			m := o.decide()
			m.State, m.Attempts = test.state, 1
			if test.state == tracker.MessageSent {
				m.Provider = "SM1"
			}
			o.save(m)
			for _, a := range test.arrivals {
				a.Message, a.Provider = m.ID, "SM1"
				if err := o.sender.Arrived(t.Context(), tracker.Email, a); err != nil {
					t.Fatal(err)
				}
			}
			if got := o.message(m.ID); got.State != test.want {
				t.Errorf("state %s, want %s", got.State, test.want)
			}
		})
	}
	o := newOffice(t)
	o.recipient()
	m := o.decide()
	for name, err := range map[string]error{
		"unknown id":      o.sender.Arrived(t.Context(), tracker.Email, Arrival{Message: "nobody", State: tracker.MessageSent}),
		"another channel": o.sender.Arrived(t.Context(), tracker.SMS, Arrival{Message: m.ID, State: tracker.MessageSent}),
	} {
		if !errors.Is(err, tracker.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACallbackMayComeBeforeTheAnswer(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	m := o.decide()
	o.email.answer = func(e Envelope) error {
		return o.sender.Arrived(t.Context(), tracker.Email, Arrival{Message: e.ID, Provider: "SM1", State: tracker.MessageArrived})
	}
	if got := o.send(m.ID); got.State != tracker.MessageArrived {
		t.Errorf("state %s, want arrived: the answer undid the callback", got.State)
	}
}

func TestACallbackEndsASubscription(t *testing.T) {
	o := newOffice(t)
	s := o.recipient()
	m := o.send(o.decide().ID)
	gone := Arrival{Message: m.ID, Provider: m.Provider, State: tracker.MessageFailed, Reason: "no such number", Gone: true}
	for range 2 {
		if err := o.sender.Arrived(t.Context(), tracker.Email, gone); err != nil {
			t.Fatal(err)
		}
	}
	after, err := tracker.Load[tracker.Subscription](t.Context(), o.store, s.ID)
	if err != nil || after.Active() {
		t.Errorf("still in force (%v)", err)
	}
}

func TestSTOPAndSTART(t *testing.T) {
	o := newOffice(t)
	o.email.sender = "+15005550006"
	o.recipient()
	m := o.decide()
	for range 2 {
		if err := o.sender.OptOut(t.Context(), tracker.Email, "+15005550006", "ada@example.com", "the person answered STOP"); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.send(m.ID); got.State != tracker.MessageSuppressed {
		t.Errorf("after STOP: %s", got.State)
	}
	for range 2 {
		if err := o.sender.OptIn(t.Context(), tracker.Email, "+15005550006", "ada@example.com"); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.sender.Resend(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.send(m.ID); got.State != tracker.MessageSent {
		t.Errorf("after START: %s (%s)", got.State, got.Reason)
	}
}
