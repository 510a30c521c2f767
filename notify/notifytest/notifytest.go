// Package notifytest is the suite that every channel passes.
package notifytest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/notify"
)

// Rig is a channel with a provider of its own to test it against.
type Rig struct {
	Channel notify.Channel
	// To is an address that the provider takes, Bad are some that no provider would.
	To  string
	Bad []string
	// Secrets may stand in no error: parts of addresses, passwords, tokens.
	Secrets []string
	// Sent counts the messages that the provider took.
	Sent func() int
	// Faults are what the provider can answer.
	Faults []Fault
}

// Fault is a way in which a provider fails.
type Fault struct {
	// Name says what it does ("HTTP 503").
	Name string
	// Begin makes the provider fail so from now on; the returned function mends it.
	Begin func() (mend func())
	// Want is what must follow.
	Want notify.Verdict
	// After is how long the provider asks to wait, where it does.
	After time.Duration
	// Hangs: the provider never answers, so that the context must end the attempt.
	Hangs bool
}

// Envelope is a message that goes over any channel.
func Envelope(to string) notify.Envelope {
	return notify.Envelope{
		ID: "0123456789abcdef0123456789abcdef", To: to, From: "Blätterteig & Söhne", ReplyTo: "shop@example.com",
		Content: notify.Content{
			Subject: "Ihr Paket ist unterwegs", Text: "Ihr Paket ist unterwegs.\n", HTML: "<p>Ihr Paket ist unterwegs.</p>",
			SMS: "Ihr Paket ist unterwegs.", Push: []byte(`{"title":"Ihr Paket ist unterwegs"}`),
		},
		Unsubscribe: "https://track.example.com/subscriptions/s/unsubscribe?s=x", Topic: "WB0000000000000SA", Locale: "de",
		Expires: time.Now().Add(time.Hour),
	}
}

// Run runs the suite; setUp makes a fresh rig for each test.
func Run(t *testing.T, setUp func(t *testing.T) *Rig) {
	t.Helper()
	t.Run("a message is taken", func(t *testing.T) {
		rig := setUp(t)
		if _, err := rig.Channel.Send(t.Context(), Envelope(rig.To)); err != nil {
			t.Fatal(err)
		}
		if got := rig.Sent(); got != 1 {
			t.Errorf("the provider has %d messages, want 1", got)
		}
	})
	t.Run("many at once are taken", func(t *testing.T) {
		rig := setUp(t)
		const n = 12
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				e := Envelope(rig.To)
				e.ID = fmt.Sprintf("%032x", i)
				if _, err := rig.Channel.Send(t.Context(), e); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := rig.Sent(); got != n {
			t.Errorf("the provider has %d messages of %d", got, n)
		}
	})
	t.Run("a context that has ended sends nothing", func(t *testing.T) {
		rig := setUp(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := rig.Channel.Send(ctx, Envelope(rig.To))
		rig.check(t, err, notify.Retry)
		if !errors.Is(err, context.Canceled) {
			t.Error("the error does not tell that the context was cancelled")
		}
		if got := rig.Sent(); got != 0 {
			t.Errorf("the provider has %d messages, want none", got)
		}
	})
	t.Run("an unusable address is refused without being told", func(t *testing.T) {
		rig := setUp(t)
		for _, bad := range append(rig.Bad, "") {
			_, err := rig.Channel.Send(t.Context(), Envelope(bad))
			rig.check(t, err, notify.Permanent)
		}
	})
	for _, name := range names(setUp(t)) {
		t.Run(name, func(t *testing.T) { runFault(t, setUp(t), name) })
	}
}

func names(rig *Rig) []string {
	list := make([]string, len(rig.Faults))
	for i, fault := range rig.Faults {
		list[i] = fault.Name
	}
	return list
}

// runFault has the provider fail once, and looks whether the channel works again afterwards.
func runFault(t *testing.T, rig *Rig, name string) {
	t.Helper()
	for _, fault := range rig.Faults {
		if fault.Name != name {
			continue
		}
		mend := fault.Begin()
		ctx := t.Context()
		if fault.Hangs {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
			defer cancel()
		}
		_, err := rig.Channel.Send(ctx, Envelope(rig.To))
		mend()
		rig.check(t, err, fault.Want)
		if failure, ok := errors.AsType[*notify.Failure](err); ok && failure.After != fault.After {
			t.Errorf("the provider asked to wait %v, understood %v", fault.After, failure.After)
		}
		if _, err := rig.Channel.Send(t.Context(), Envelope(rig.To)); err != nil {
			t.Errorf("after the provider was mended: %v", err)
		}
	}
}

// check looks at an error: its kind, what follows from it, and that it tells no secret.
func (r *Rig) check(t *testing.T, err error, want notify.Verdict) {
	t.Helper()
	failure, ok := errors.AsType[*notify.Failure](err)
	if !ok {
		t.Fatalf("the error is %T (%v), want *notify.Failure", err, err)
	}
	if failure.Verdict != want {
		t.Errorf("verdict %d, want %d: %v", failure.Verdict, want, err)
	}
	if failure.What == "" {
		t.Error("the failure says nothing")
	}
	for _, secret := range r.Secrets {
		if strings.Contains(err.Error()+failure.Code, secret) {
			t.Errorf("the error tells %q: %v", secret, err)
		}
	}
}
