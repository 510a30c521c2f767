package notify

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
)

func TestAMessageIsSentOnce(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	m := o.decide()
	if m.DueAt != o.now || m.Service != tracker.Express || Queue(m.Service) != "express" {
		t.Errorf("decided: due %v, service %s", m.DueAt, m.Service)
	}
	var group sync.WaitGroup
	for range 8 { // the task comes to several workers
		group.Go(func() {
			if err := o.sender.Send(t.Context(), m.ID); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got := o.send(m.ID)
	if len(o.email.sent) != 1 || got.State != tracker.MessageSent || got.Provider != "provider-"+m.ID || !got.SentAt.Equal(o.now) {
		t.Errorf("sent %d times: %+v", len(o.email.sent), got)
	}
	e := o.email.sent[0]
	if e.To != "ada@example.com" || e.From != "Acme Tea" || e.ReplyTo != "tea@acme.example" || e.ID != m.ID || e.Locale != "de" {
		t.Errorf("envelope %+v", e)
	}
	if !strings.Contains(e.Content.Text, "https://track.example.com/t/"+o.shipment.ID+"?s=") || !strings.Contains(e.Content.Text, e.Unsubscribe) {
		t.Errorf("the text lacks its links:\n%s", e.Content.Text)
	}
	if !slices.Equal(o.outcomes, []string{"sent"}) {
		t.Errorf("outcomes %q", o.outcomes)
	}
}

func TestWhatIsNotSent(t *testing.T) {
	for name, test := range map[string]struct {
		before func(o *office, s *tracker.Subscription)
		reason string
	}{
		"delivered in the meantime": {func(o *office, _ *tracker.Subscription) {
			o.scan("delivered", "Mon 08:59")
		}, "not sent: delivered in the meantime"},
		"no news any more": {func(o *office, _ *tracker.Subscription) {
			o.now = clock("Mon 20:30")
		}, "not sent: it could not be sent while it was news"},
		"unsubscribed": {func(o *office, s *tracker.Subscription) {
			if _, err := o.desk.Unsubscribe(t.Context(), s.ID, o.keys.Sign(LinkUnsubscribe, s.ID)); err != nil {
				t.Fatal(err)
			}
		}, "not sent: unsubscribed"},
		"nothing may be sent there": {func(o *office, s *tracker.Subscription) {
			o.save(&tracker.Suppression{Key: SuppressionKey(tracker.Email, "", s.Blind), Reason: "hard bounce", At: o.now})
		}, "not sent: nothing may be sent to this address any more: hard bounce"},
		"the person was erased": {func(o *office, s *tracker.Subscription) {
			key, err := tracker.Load[tracker.DataKey](t.Context(), o.store, s.DataKey)
			if err != nil {
				t.Fatal(err)
			}
			write, err := tracker.Encode(key)
			if err != nil {
				t.Fatal(err)
			}
			write.Delete = true
			if err := tracker.ErrorOf(o.store.Apply(t.Context(), []tracker.Write{write})); err != nil {
				t.Fatal(err)
			}
		}, "not sent: the person's data was erased"},
		"a channel that is not configured": {func(o *office, _ *tracker.Subscription) {
			delete(o.sender.channels, tracker.Email)
		}, "not sent: no email is configured"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			s := o.recipient()
			m := o.decide()
			test.before(o, s)
			got := o.send(m.ID)
			if got.State != tracker.MessageSuppressed || got.Reason != test.reason || len(o.email.sent) != 0 {
				t.Errorf("%s: %q; sent %d times", got.State, got.Reason, len(o.email.sent))
			}
			if again := o.send(m.ID); again.Version() != got.Version() {
				t.Error("taken up again, it was written again")
			}
		})
	}
}

func TestWhatFollowsFromAFailure(t *testing.T) {
	for name, test := range map[string]struct {
		failure error
		state   tracker.MessageState
		due     time.Duration
		outcome string
		ended   bool
	}{
		"to be tried again":            {&Failure{Verdict: Retry, What: "busy", Code: "451"}, tracker.MessageDecided, 30 * time.Second, "retried 451", false},
		"to be tried again when asked": {&Failure{Verdict: Retry, What: "busy", After: time.Hour}, tracker.MessageDecided, time.Hour, "retried", false},
		"refused":                      {&Failure{Verdict: Permanent, What: "refused", Code: "554"}, tracker.MessageFailed, 0, "failed 554", false},
		"nobody is there":              {&Failure{Verdict: Gone, What: "no mailbox", Code: "550"}, tracker.MessageFailed, 0, "failed 550", true},
		"nobody knows":                 {&Failure{Verdict: Unsure, What: "no answer"}, tracker.MessageUnknown, 0, "unknown", false},
		"an error of no known kind":    {errors.New("?"), tracker.MessageUnknown, 0, "unknown", false},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			s := o.recipient()
			m := o.decide()
			o.email.answer = func(Envelope) error { return test.failure }
			got := o.send(m.ID)
			due := time.Time{}
			if test.due > 0 {
				due = o.now.Add(test.due)
			}
			if got.State != test.state || !got.DueAt.Equal(due) || got.Reason != test.failure.Error() {
				t.Errorf("%s (%s), due %v; want %s, due %v", got.State, got.Reason, got.DueAt, test.state, due)
			}
			if !slices.Equal(o.outcomes, []string{test.outcome}) {
				t.Errorf("outcomes %q, want %q", o.outcomes, test.outcome)
			}
			after, err := tracker.Load[tracker.Subscription](t.Context(), o.store, s.ID)
			if err != nil || after.EndedAt.IsZero() == test.ended {
				t.Errorf("the subscription ended at %v (%v), want ended: %v", after.EndedAt, err, test.ended)
			}
			_, err = tracker.Load[tracker.Suppression](t.Context(), o.store, SuppressionKey(tracker.Email, "", s.Blind))
			if (err == nil) != test.ended {
				t.Errorf("suppression: %v, want one: %v", err, test.ended)
			}
			o.now = o.now.Add(time.Second) // not due yet, or never again
			o.send(m.ID)
			if len(o.email.sent) != 1 {
				t.Errorf("sent %d times", len(o.email.sent))
			}
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	m := o.decide()
	m.Expires = o.now.Add(100 * day)
	o.save(m)
	o.email.answer = func(Envelope) error { return &Failure{Verdict: Retry, What: "busy"} }
	for range 20 {
		got := o.send(m.ID)
		if got.State != tracker.MessageDecided {
			break
		}
		o.now = got.DueAt
	}
	got := o.message(m.ID)
	if got.State != tracker.MessageFailed || got.Attempts != len(retries)+1 || !strings.HasPrefix(got.Reason, "given up after 7 attempts: busy") {
		t.Errorf("%s after %d attempts: %s", got.State, got.Attempts, got.Reason)
	}
}

func TestACrashWhileSendingLeavesItUnknown(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	m := o.decide()
	// The process died after the intent was written.
	m.State, m.Attempts, m.DueAt = tracker.MessageSending, 1, o.now.Add(settleWithin)
	o.save(m)
	if got := o.send(m.ID); got.State != tracker.MessageSending {
		t.Errorf("another that is sending was disturbed: %s", got.State)
	}
	o.now = o.now.Add(settleWithin)
	got := o.send(m.ID)
	if got.State != tracker.MessageUnknown || len(o.email.sent) != 0 || !got.DueAt.IsZero() {
		t.Errorf("%s, due %v; sent %d times", got.State, got.DueAt, len(o.email.sent))
	}
	listed, err := tracker.LoadList[tracker.Message](t.Context(), o.store, tracker.ListUnsent, tracker.Page{})
	if err != nil || len(listed) != 1 {
		t.Errorf("shown with those that a person must look at: %d, %v", len(listed), err)
	}
	if err := o.sender.Resend(t.Context(), m.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.send(m.ID); got.State != tracker.MessageSent || len(o.email.sent) != 1 {
		t.Errorf("resent: %s, %d times", got.State, len(o.email.sent))
	}
	if err := o.sender.Resend(t.Context(), m.ID); !errors.Is(err, ErrResend) {
		t.Errorf("resent though it is sent: %v", err)
	}
}

func TestARetryWaitsForTheMorning(t *testing.T) {
	o := newOffice(t)
	o.recipient()
	m := o.decide()
	m.Expires = o.now.Add(2 * day)
	o.save(m)
	o.now = clock("Mon 22:30")
	got := o.send(m.ID)
	if got.State != tracker.MessageDecided || !got.DueAt.Equal(clock("Tue 08:00")) || len(o.email.sent) != 0 {
		t.Errorf("%s, due %v; sent %d times", got.State, got.DueAt, len(o.email.sent))
	}
}
