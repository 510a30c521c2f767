package webhook

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/notify"
	"waybill/tracker"
)

// An endpoint that fails for five days is disabled, its owner told once, and re-enabled by one call. Everything that
// happened, before, during and after, arrives once, each shipment's in its order.
func TestAfterFiveDaysItIsDisabledAndNothingIsLost(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		all := []*tracker.Endpoint{e}
		ids := w.happen(all, "A", "B")
		w.pass(time.Hour)
		w.server.set(always(http.StatusBadGateway))
		for range 6 {
			ids = append(ids, w.happen(all, "A", "B")...)
			w.pass(24 * time.Hour)
		}
		if got := w.now(e); got.Disabled == "" || !strings.Contains(got.Disabled, "five days") {
			t.Fatalf("it is not disabled: %+v", got)
		}
		if mails := w.mail.list(); len(mails) != 1 || mails[0].To != "ops@shop.example.com" || !strings.Contains(mails[0].Content.Text, "shop.example.com") {
			t.Errorf("the owner got %+v", mails)
		}
		tries := len(w.server.tried())
		w.server.set(nil)
		for range 8 { // two days in which nobody looks
			ids = append(ids, w.happen(all, "A", "C")...)
			w.pass(6 * time.Hour)
		}
		if n := len(w.server.tried()); n != tries {
			t.Errorf("%d attempts were made while it was disabled", n-tries)
		}
		if _, err := w.desk.Enable(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, w.happen(all, "A")...)
		w.pass(10 * time.Minute)
		w.server.expectOnce(ids...)
		if got := w.now(e); got.Disabled != "" || len(got.Replays) != 0 || !got.FailingSince.IsZero() {
			t.Errorf("it stands as %+v", got)
		}
		if mails := w.mail.list(); len(mails) != 1 {
			t.Errorf("the owner got %d e-mails", len(mails))
		}
	})
}

func TestOneThatAnswers410IsDisabledAtOnce(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		w.server.set(always(http.StatusGone))
		ids := w.happen([]*tracker.Endpoint{e}, "A")
		w.pass(24 * time.Hour)
		if got := w.now(e); !strings.Contains(got.Disabled, "410") || len(w.server.tried()) != 1 {
			t.Errorf("disabled %q after %d attempts", got.Disabled, len(w.server.tried()))
		}
		w.server.set(nil)
		ids = append(ids, w.happen([]*tracker.Endpoint{e}, "A")...)
		if _, err := w.desk.Enable(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		w.server.expectOnce(ids...)
	})
}

func TestOneThatSucceedsNowAndThenIsNotDisabled(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		n := 0
		w.server.set(func(post) (int, http.Header) {
			if n++; n%6 == 0 {
				return http.StatusOK, nil
			}
			return http.StatusInternalServerError, nil
		})
		for range 8 {
			w.happen([]*tracker.Endpoint{e}, "A")
			w.pass(24 * time.Hour)
		}
		if got := w.now(e); got.Disabled != "" {
			t.Errorf("disabled: %s", got.Disabled)
		}
	})
}

func TestWhoCannotBeToldIsTriedAgain(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		w.mail.fail = &notify.Failure{Verdict: notify.Retry, What: "the mail server is away"}
		w.server.set(always(http.StatusGone))
		w.happen([]*tracker.Endpoint{e}, "A")
		w.pass(3 * time.Hour)
		w.mail.fail = nil
		w.pass(48 * time.Hour)
		if mails := w.mail.list(); len(mails) != 1 {
			t.Errorf("the owner got %d e-mails", len(mails))
		}
	})
}

func TestWithoutAContactTheSellersAddressForAnswersIsTold(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		w.save(&tracker.Tenant{ID: "acme", Name: "Acme Tea", Brand: tracker.Brand{ReplyTo: "tea@acme.example"}, CreatedAt: time.Now()})
		e := w.endpoint(func(w *Wishes) { w.Contact = "" })
		w.server.set(always(http.StatusGone))
		w.happen([]*tracker.Endpoint{e}, "A")
		w.pass(time.Hour)
		if mails := w.mail.list(); len(mails) != 1 || mails[0].To != "tea@acme.example" {
			t.Errorf("told %+v", mails)
		}
	})
}

func TestWhileASecretIsRotatedBothSign(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		old := slices.Clone(w.server.secrets)
		_, fresh, err := w.desk.Rotate(t.Context(), e.ID, "", 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		for _, known := range [][]string{old, {fresh}} {
			w.server.secrets = known // the server complains of what it cannot verify
			w.happen([]*tracker.Endpoint{e}, "A")
			w.pass(time.Minute)
		}
		w.pass(25 * time.Hour)
		open, err := openSecrets(w.now(e), w.keys, time.Now())
		if err != nil || !slices.Equal(open, []string{fresh}) {
			t.Errorf("after the overlap %d secrets hold, %v", len(open), err)
		}
	})
}

func TestATimeIsReplayed(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		first := w.endpoint()
		began := time.Now()
		var ids []string
		for range 5 {
			ids = append(ids, w.happen([]*tracker.Endpoint{first}, "A", "B")...)
			w.pass(time.Hour)
		}
		w.server.expectOnce(ids...)
		late := w.endpoint() // another endpoint, made afterwards, gets the past too
		for _, e := range []*tracker.Endpoint{first, late} {
			if _, err := w.desk.Replay(t.Context(), e.ID, began.Add(30*time.Minute), began.Add(150*time.Minute), false); err != nil {
				t.Fatal(err)
			}
		}
		w.pass(time.Minute)
		for i, id := range ids {
			want := 1
			if i >= 2 && i < 6 { // those at one and at two hours
				want = 3
			}
			if got := w.server.times()[id]; got != want {
				t.Errorf("event %d was taken %d times, want %d", i, got, want)
			}
		}
		if got := w.now(late); len(got.Replays) != 0 {
			t.Error("the replay is not done")
		}
	})
}

func TestWhatFailedIsReplayed(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		began := time.Now()
		bad := EventID("A", 2, Updated)
		w.server.set(func(p post) (int, http.Header) {
			if p.id == bad {
				return http.StatusBadRequest, nil
			}
			return http.StatusOK, nil
		})
		ids := w.happen([]*tracker.Endpoint{e}, "A", "A", "A")
		w.pass(4 * 24 * time.Hour)
		if d := w.delivery(e, bad); d.State != tracker.WebhookFailed {
			t.Fatalf("it is %s", d.State)
		}
		w.server.set(nil)
		if _, err := w.desk.Replay(t.Context(), e.ID, began, time.Now(), true); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		w.server.expectOnce(ids...)
	})
}

// What is sent again and fails is tried again like the new, also once the replay itself is through.
func TestWhatIsReplayedIsTriedAgainToo(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		began := time.Now()
		ids := w.happen([]*tracker.Endpoint{e}, "A", "B")
		w.pass(time.Minute)
		w.server.set(always(http.StatusBadGateway))
		if _, err := w.desk.Replay(t.Context(), e.ID, began, time.Now(), false); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		w.server.set(nil)
		w.pass(time.Hour)
		for _, id := range ids {
			if n := w.server.times()[id]; n != 2 {
				t.Errorf("%s was taken %d times", id, n)
			}
		}
	})
}

func TestOneIsSentAgainByHand(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		id := w.happen([]*tracker.Endpoint{e}, "A")[0]
		w.pass(time.Minute)
		if _, err := w.desk.Resend(t.Context(), e, id); err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.Resend(t.Context(), e, id); !errors.Is(err, ErrBusy) {
			t.Errorf("asked for twice: %v", err)
		}
		w.pass(time.Minute)
		if n := w.server.times()[id]; n != 2 {
			t.Errorf("it was taken %d times", n)
		}
		if d := w.delivery(e, id); d.State != tracker.WebhookDelivered || d.Tries != 1 || len(d.Attempts) != 2 {
			t.Errorf("it is %s, %d tries, %d attempts", d.State, d.Tries, len(d.Attempts))
		}
	})
}

func TestATestEventIsSentWhateverTheEndpointWants(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint(func(w *Wishes) { w.Types = []string{Customs} })
		d, err := w.desk.Test(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		took := w.server.taken()
		if len(took) != 1 || took[0].id != d.Event || took[0].payload.Type != Test || !took[0].payload.Data.Test {
			t.Errorf("it got %+v", took)
		}
	})
}

func TestADeletedEndpointGetsNothing(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		w.server.set(always(http.StatusBadGateway))
		w.happen([]*tracker.Endpoint{e}, "A")
		w.pass(time.Second)
		if err := w.desk.Delete(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		w.pass(24 * time.Hour)
		if n := len(w.server.tried()); n != 1 {
			t.Errorf("%d attempts were made", n)
		}
	})
}
