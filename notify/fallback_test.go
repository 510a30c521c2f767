package notify

import (
	"errors"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
)

const testDevice = `{"platform":"fcm","token":"fXinvented_device:APA91bInventedTokenOfADevice"}`

// phone subscribes the recipient over a phone's channel, and gives the message that is decided for it.
func (o *office) phone(channel tracker.Channel, address string) (*script, *tracker.Message) {
	o.tb.Helper()
	answers := &script{}
	o.sender.channels[channel] = answers
	if _, err := o.desk.Recipient(o.tb.Context(), o.shipment, Wish{Channel: channel, Address: address, Consent: "check-out"}); err != nil {
		o.tb.Fatal(err)
	}
	return answers, o.decide()
}

// mailInPlace is the e-mail that tells the recipient what the parcel does; nil where none was decided.
func (o *office) mailInPlace(of *tracker.Message) *tracker.Message {
	o.tb.Helper()
	m, err := tracker.Load[tracker.Message](o.tb.Context(), o.store, MessageID(of.Shipment, of.Moment, of.Occurrence, recipientID(of.Shipment, tracker.Email), tracker.Email))
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		o.tb.Fatal(err)
	}
	return m
}

func TestWhatAPhoneDoesNotTellGoesByEMail(t *testing.T) {
	refused := func(v Verdict) func(Envelope) error {
		return func(Envelope) error { return &Failure{Verdict: v, What: "the provider refused it"} }
	}
	for _, test := range []struct {
		name    string
		channel tracker.Channel
		answer  func(Envelope) error
		// after is what happens once it was sent.
		after func(o *office, m *tracker.Message)
		want  string // the reason of the e-mail; "" where none is decided
	}{
		{"an SMS that arrives", tracker.SMS, nil, nil, ""},
		{"an SMS that is refused", tracker.SMS, refused(Permanent), nil, "in place of the SMS: it was not taken"},
		{"a number that is gone", tracker.SMS, refused(Gone), nil, "in place of the SMS: it was not taken"},
		{"an SMS that may have been taken", tracker.SMS, refused(Unsure), nil, ""},
		{"an SMS that will be tried again", tracker.SMS, refused(Retry), nil, ""},
		{"an SMS that is not delivered", tracker.SMS, nil, func(o *office, m *tracker.Message) {
			for range 2 {
				if err := o.sender.Arrived(o.tb.Context(), tracker.SMS, Arrival{Message: m.ID, Provider: m.Provider, State: tracker.MessageFailed, Reason: "unreachable"}); err != nil {
					o.tb.Fatal(err)
				}
			}
		}, "in place of the SMS: it was not delivered"},
		{"a failure that comes after the delivery", tracker.SMS, nil, func(o *office, m *tracker.Message) {
			for _, state := range []tracker.MessageState{tracker.MessageArrived, tracker.MessageFailed} {
				if err := o.sender.Arrived(o.tb.Context(), tracker.SMS, Arrival{Message: m.ID, Provider: m.Provider, State: state}); err != nil {
					o.tb.Fatal(err)
				}
			}
		}, ""},
		{"a push that a device shows", tracker.Push, nil, func(o *office, m *tracker.Message) {
			for range 2 {
				if err := o.sender.Shown(o.tb.Context(), m.ID, o.keys.Sign(LinkShown, m.ID)); err != nil {
					o.tb.Fatal(err)
				}
			}
			o.now = o.now.Add(3 * time.Hour)
			if got := o.send(m.ID); got.State != tracker.MessageArrived {
				o.tb.Errorf("the push is %s", got.State)
			}
		}, ""},
		{"a push that no device shows", tracker.Push, nil, func(o *office, m *tracker.Message) {
			o.now = o.now.Add(shownWithin)
			if got := o.send(m.ID); got.State != tracker.MessageSent || !got.DueAt.IsZero() {
				o.tb.Errorf("the push is %s, due %v", got.State, got.DueAt)
			}
		}, "in place of the push: no device said that it showed it"},
		{"a push that is not shown yet", tracker.Push, nil, func(o *office, m *tracker.Message) {
			o.now = o.now.Add(shownWithin - time.Minute)
			o.send(m.ID)
		}, ""},
		{"an app that was removed", tracker.Push, refused(Gone), nil, "in place of the push: it was not taken"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newOffice(t)
			address := "+4915112345678"
			if test.channel == tracker.Push {
				address = testDevice
			}
			phone, m := o.phone(test.channel, address)
			o.recipient()
			phone.answer = test.answer
			m = o.send(m.ID)
			if test.after != nil {
				test.after(o, m)
			}
			mail := o.mailInPlace(m)
			switch {
			case mail == nil && test.want != "":
				t.Error("no e-mail was decided")
			case mail != nil && mail.Reason != test.want:
				t.Errorf("the e-mail is decided %q, want %q", mail.Reason, test.want)
			case mail != nil:
				if got := o.send(mail.ID); got.State != tracker.MessageSent || len(o.email.sent) != 1 {
					t.Errorf("the e-mail is %s (%s), %d were sent", got.State, got.Reason, len(o.email.sent))
				}
			}
		})
	}
}

func TestAnEMailThatWasDecidedAnywayIsNotSentTwice(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	o.sender.channels[tracker.SMS] = &script{answer: func(Envelope) error { return &Failure{Verdict: Permanent, What: "no"} }}
	if _, err := o.desk.Recipient(t.Context(), o.shipment, Wish{Channel: tracker.SMS, Address: "+4915112345678", Consent: "check-out"}); err != nil {
		t.Fatal(err)
	}
	o.decide()
	ids, err := tracker.LoadList[tracker.Message](t.Context(), o.store, tracker.ListOfShipment(o.shipment.ID), tracker.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, m := range ids {
			o.send(m.ID)
		}
	}
	if len(o.email.sent) != 1 {
		t.Errorf("%d e-mails were sent", len(o.email.sent))
	}
}

func TestAStrangerWhoSubscribedHasNoEMailToFallBackOn(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	o.sender.channels[tracker.Push] = &script{answer: func(Envelope) error { return &Failure{Verdict: Gone, What: "gone"} }}
	s, err := o.desk.Subscribe(t.Context(), o.shipment, Wish{Channel: tracker.Push, Address: testDevice})
	if err != nil {
		t.Fatal(err)
	}
	m := &tracker.Message{
		ID: MessageID(o.shipment.ID, tracker.MomentOutForDelivery, "x", s.ID, tracker.Push), Tenant: "acme", Shipment: o.shipment.ID,
		Moment: tracker.MomentOutForDelivery, Occurrence: "2026-11-23", Channel: tracker.Push, Subscription: s.ID, State: tracker.MessageDecided,
		DueAt: o.now, Expires: o.now.Add(day), DecidedAt: o.now,
	}
	o.save(m)
	if got := o.send(m.ID); got.State != tracker.MessageFailed {
		t.Fatalf("%s: %s", got.State, got.Reason)
	}
	if mail := o.mailInPlace(m); mail != nil {
		t.Errorf("the recipient is told of a stranger's push: %+v", mail)
	}
}

func TestOnlyThePushItselfSaysThatItWasShown(t *testing.T) {
	o := newOffice(t)
	_, m := o.phone(tracker.Push, testDevice)
	o.send(m.ID)
	if err := o.sender.Shown(t.Context(), m.ID, o.keys.Sign(LinkTrack, m.ID)); !errors.Is(err, ErrLink) {
		t.Error(err)
	}
	if err := o.sender.Shown(t.Context(), "nobody", o.keys.Sign(LinkShown, "nobody")); !errors.Is(err, ErrLink) {
		t.Error(err)
	}
	if push := string(o.sender.channels[tracker.Push].(*script).sent[0].Content.Push); !strings.Contains(push, "/v1/messages/"+m.ID+"/shown?s=") { //nolint:forcetypeassert // set above
		t.Errorf("the push carries %s", push)
	}
}
