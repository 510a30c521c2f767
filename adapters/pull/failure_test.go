package pull_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"waybill/adapters"
	"waybill/adapters/pull"
	"waybill/adapters/pull/pulltest"
	"waybill/adapters/pull/rule"
)

func ruleOf(r *adapters.Registry) func(string) *rule.Rule {
	return func(carrier string) *rule.Rule {
		if c := r.Carrier(carrier); c != nil {
			return c.Pull
		}
		return nil
	}
}

const (
	known   = "999900000001"
	unknown = "999900000002"
)

// desk is an asker before a fake carrier, with what it logged.
type desk struct {
	t       *testing.T
	carrier *pulltest.Carrier
	account *pull.Account
	asker   *pull.Asker
	log     bytes.Buffer
	errs    []error
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, account: &pull.Account{
		Carrier: "fedex", Name: "main", Credentials: map[string]string{"client_id": pulltest.ID, "client_secret": pulltest.Secret},
	}}
	d.carrier = &pulltest.Carrier{
		Now: time.Now, Rates: []rule.Rate{{Calls: 1000, Per: rule.Duration(time.Second)}}, Most: 30,
		Parcels: map[string]*pulltest.Parcel{known: {Scans: []pulltest.Scan{{At: time.Now().Add(-time.Hour), Code: "PU"}}}},
	}
	d.asker = newAsker(t, &http.Client{Transport: d.carrier}, time.Now, slog.New(slog.NewTextHandler(&d.log, nil)))
	return d
}

func (d *desk) ask(numbers ...string) ([]pull.Reply, error) {
	replies, err := d.asker.Ask(d.t.Context(), d.account, numbers)
	if err != nil {
		d.errs = append(d.errs, err)
	}
	return replies, err
}

// quiet looks whether a secret, a token, a number or an address stands in an error or in the log.
func (d *desk) quiet() {
	d.t.Helper()
	joined := errors.Join(d.errs...)
	told := d.log.String() + fmt.Sprintf("%v %+v %#v %s", d.account, d.account, d.account, d.account) + fmt.Sprintf("%v %+v", joined, joined)
	for _, secret := range append(d.carrier.Tally().Spent, pulltest.Secret, pulltest.ID, known, "apis.fedex.com") {
		if strings.Contains(told, secret) {
			d.t.Errorf("%q stands in what is told: %s", secret, told)
		}
	}
}

func wrong(status int, header, value, body string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		if header != "" {
			w.Header().Set(header, value)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

func TestWhatACarrierDoesWrongIsToldByKind(t *testing.T) {
	for _, c := range []struct {
		what  string
		wrong func(http.ResponseWriter, *http.Request) bool
		kind  pull.Kind
		wait  time.Duration
	}{
		{"called too often, with a wait in seconds", wrong(429, "Retry-After", "90", ""), pull.RateLimited, 90 * time.Second},
		{"called too often, with a date", wrong(429, "Retry-After", "Sat, 01 Jan 2000 00:02:00 GMT", ""), pull.RateLimited, 2 * time.Minute},
		{"called too often, without a wait", wrong(429, "", "", ""), pull.RateLimited, time.Minute},
		{"a wait of a year is a day", wrong(429, "Retry-After", "31536000", ""), pull.RateLimited, 24 * time.Hour},
		{"out of order for a while", wrong(503, "Retry-After", "30", ""), pull.Unavailable, 30 * time.Second},
		{"out of order", wrong(500, "", "", "<html>"), pull.Unavailable, 0},
		{"not allowed", wrong(403, "", "", "{}"), pull.Unauthorised, 0},
		{"no such request", wrong(405, "", "", "{}"), pull.Rejected, 0},
		{"longer than any answer", wrong(200, "", "", strings.Repeat(" ", pull.MaxReply+1)), pull.Malformed, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.carrier.Wrong = c.wrong
				_, err := d.ask(known)
				var failure *pull.Error
				if !errors.As(err, &failure) || failure.Kind != c.kind || failure.RetryAfter != c.wait {
					t.Fatalf("it is %v, want %s and %s", err, c.kind, c.wait)
				}
				d.quiet()
			})
		})
	}
}

// TestAWaitThatTheCarrierAsksForIsHeld: not one call comes before its end, and the next is made then.
func TestAWaitThatTheCarrierAsksForIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.carrier.Wrong = wrong(429, "Retry-After", "90", "")
		_, _ = d.ask(known)
		d.carrier.Wrong = nil
		<-time.After(89 * time.Second)
		before := d.carrier.Tally().Calls
		if _, err := d.ask(known); pull.KindOf(err) != pull.Held || d.carrier.Tally().Calls != before {
			t.Errorf("within the wait it is %v, after %d calls", err, d.carrier.Tally().Calls-before)
		}
		<-time.After(2 * time.Second)
		if replies, err := d.ask(known); err != nil || replies[0].Verdict != pull.Answered {
			t.Errorf("after the wait it is %v, %v", replies, err)
		}
	})
}

func TestACarrierThatFailsIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.carrier.Wrong = wrong(500, "", "", "")
		for range pull.FailuresMost {
			_, _ = d.ask(known)
		}
		calls := d.carrier.Tally().Calls
		if _, err := d.ask(known); pull.KindOf(err) != pull.Held || d.carrier.Tally().Calls != calls {
			t.Errorf("after %d failures it is %v, and it was called %d times more", pull.FailuresMost, err, d.carrier.Tally().Calls-calls)
		}
		d.carrier.Wrong = nil
		<-time.After(61 * time.Second)
		if _, err := d.ask(known); err != nil {
			t.Errorf("once it is well again: %v", err)
		}
		d.quiet()
	})
}

func TestTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		for _, c := range []struct {
			what   string
			before func()
			tokens int
		}{
			{"the first call gets one", func() {}, 1},
			{"the second has it", func() {}, 1},
			{"shortly before its end it is got anew", func() { <-time.After(56 * time.Minute) }, 2},
			{"one that is refused is got anew", d.carrier.Revoke, 3},
		} {
			c.before()
			if _, err := d.ask(known); err != nil || d.carrier.Tally().Tokens != c.tokens {
				t.Errorf("%s: %d tokens, %v", c.what, d.carrier.Tally().Tokens, err)
			}
		}
		d.account.Credentials = map[string]string{"client_id": pulltest.ID, "client_secret": "wrong"}
		d.asker.Forget(d.account.Key())
		if _, err := d.ask(known); pull.KindOf(err) != pull.Unauthorised {
			t.Errorf("with wrong credentials it is %v", err)
		}
		d.quiet()
	})
}

func TestACallAboutSeveralNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		first, err := d.ask(known, unknown)
		if err != nil {
			t.Fatal(err)
		}
		if first[0].Verdict != pull.Answered || first[1].Verdict != pull.Unknown {
			t.Errorf("the verdicts are %s and %s", first[0].Verdict, first[1].Verdict)
		}
		if strings.Contains(string(first[0].Body), unknown) {
			t.Error("a number's reply holds another's")
		}
		<-time.After(time.Minute)
		// The id of the transaction is another one; nothing else is.
		second, err := d.ask(known)
		if err != nil || second[0].Digest != first[0].Digest {
			t.Errorf("an equal reply has another digest (%v)", err)
		}
		d.carrier.Parcels[known].Scans = append(d.carrier.Parcels[known].Scans, pulltest.Scan{At: time.Now(), Code: "AR"})
		third, err := d.ask(known)
		if err != nil || third[0].Digest == first[0].Digest {
			t.Errorf("a reply with a new scan has the old digest (%v)", err)
		}
		if _, err := d.ask(make([]string, 31)...); pull.KindOf(err) != pull.Misused {
			t.Errorf("more numbers than the carrier takes: %v", err)
		}
	})
}

// TestNoMoreThanTheRate: whoever asks as fast as it can is never told by the carrier that it is too much.
func TestNoMoreThanTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.account.Rates = []rule.Rate{{Calls: 2, Per: rule.Duration(time.Second)}, {Calls: 60, Per: rule.Duration(time.Minute)}}
		d.carrier.Rates = d.account.Rates
		for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); {
			_, err := d.asker.Ask(t.Context(), d.account, []string{known})
			if failure, held := errors.AsType[*pull.Error](err); held {
				<-time.After(failure.RetryAfter)
			}
		}
		if tally := d.carrier.Tally(); tally.Over > 0 || tally.Calls < 240 {
			t.Errorf("%d calls in five minutes of 60 each, %d over the rate", tally.Calls, tally.Over)
		}
	})
}

// TestACarrierThatHangs is cut off by the client's time.
func TestACarrierThatHangs(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(release)
	d := newDesk(t)
	d.asker = newAsker(t, &http.Client{Timeout: 50 * time.Millisecond}, time.Now, slog.New(slog.NewTextHandler(&d.log, nil)))
	d.account.Base = server.URL
	if _, err := d.ask(known); pull.KindOf(err) != pull.Unavailable || !strings.Contains(err.Error(), "in time") {
		t.Errorf("it is %v", err)
	}
	d.quiet()
}
