package webhook

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waybill/tracker"
)

func TestMain(m *testing.M) {
	// The compressor makes its channels at the first use: not within the first test's bubble, where the others could not
	// use them.
	c := changeOf("A", 1, time.Unix(0, 0))
	c.Reference = strings.Repeat("x", 1000)
	if write, err := tracker.Encode(c); err == nil {
		_, _ = tracker.Decode[tracker.WebhookChange](write.Row)
	}
	goleak.VerifyTestMain(m)
}

func always(status int) func(post) (int, http.Header) {
	return func(post) (int, http.Header) { return status, http.Header{} }
}

func TestAttemptsAreMadeByTheSchedule(t *testing.T) {
	for _, random := range []float64{0, 1} {
		t.Run(fmt.Sprintf("jitter %g", random), func(t *testing.T) {
			simulate(t, func(t *testing.T, w *world) {
				w.random = random
				w.server.set(always(http.StatusInternalServerError))
				e := w.endpoint()
				began := time.Now()
				id := w.happen([]*tracker.Endpoint{e}, "A")[0]
				w.pass(5 * 24 * time.Hour)
				tries := w.server.tried()
				if len(tries) != len(schedule) {
					t.Fatalf("%d attempts were made", len(tries))
				}
				want := began
				for i, p := range tries {
					want = want.Add(schedule[i] + time.Duration(float64(schedule[i])*random*jitter))
					if off := p.at.Sub(want); off < 0 || off > time.Minute+time.Second { // the breaker's rest may come on top
						t.Errorf("attempt %d was made %s off its time", i+1, off)
					}
					if p.id != id {
						t.Errorf("attempt %d has another id", i+1)
					}
					want = p.at
				}
				d := w.delivery(e, id)
				if d.State != tracker.WebhookFailed || d.Tries != 10 || len(d.Attempts) != 10 {
					t.Errorf("it ends as %s after %d tries, %d attempts", d.State, d.Tries, len(d.Attempts))
				}
				if a := d.Attempts[3]; a.Status != 500 || a.Body != "answer 500" || a.Error != "the endpoint answered 500" {
					t.Errorf("an attempt says %+v", a)
				}
			})
		})
	}
}

func TestWhatAnEndpointAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		after  string
		// next is after how long the second attempt is made; 0 for never.
		next time.Duration
	}{
		"200":                         {status: 200},
		"299":                         {status: 299},
		"a redirect":                  {status: 302, next: 5 * time.Second},
		"a permanent redirect":        {status: 308, next: 5 * time.Second},
		"400":                         {status: 400, next: 5 * time.Second},
		"404":                         {status: 404, next: 5 * time.Second},
		"429, in an hour":             {status: 429, after: "3600", next: time.Hour},
		"503, in a second":            {status: 503, after: "1", next: 5 * time.Second},
		"503, in a month":             {status: 503, after: "2592000", next: 24 * time.Hour},
		"503, at some nonsense":       {status: 503, after: "soon", next: 5 * time.Second},
		"nothing, for 15 s, then 5 s": {status: hang, next: 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, func(t *testing.T, w *world) {
				w.server.set(func(post) (int, http.Header) { return c.status, http.Header{"Retry-After": {c.after}} })
				w.happen([]*tracker.Endpoint{w.endpoint()}, "A")
				w.pass(25 * time.Hour)
				tries := w.server.tried()
				if c.next == 0 {
					if len(tries) != 1 {
						t.Errorf("%d attempts were made", len(tries))
					}
					return
				}
				if got := tries[1].at.Sub(tries[0].at).Truncate(time.Second); got != c.next {
					t.Errorf("the next attempt came after %s, want %s", got, c.next)
				}
			})
		})
	}
}

func TestNothingWaitsBehindAFailedOne(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		var bad string
		w.server.set(func(p post) (int, http.Header) {
			if p.id == bad {
				return http.StatusBadRequest, nil
			}
			return http.StatusOK, nil
		})
		bad = EventID("A", 1, Updated)
		ids := w.happen([]*tracker.Endpoint{e}, "A", "A", "B", "A")
		w.pass(time.Second)
		w.server.expectOnce(ids[1:]...)
		if d := w.delivery(e, bad); d.State != tracker.WebhookRetrying {
			t.Errorf("the failed one is %s", d.State)
		}
	})
}

func TestAShipmentsEventsArriveInTheirOrder(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		var ids []string
		for range 30 {
			ids = append(ids, w.happen([]*tracker.Endpoint{e}, "A", "B", "C", "D", "E", "F", "G")...)
			<-time.After(time.Millisecond)
		}
		w.pass(time.Second)
		w.server.expectOnce(ids...)
		last := map[string]int64{}
		for _, p := range w.server.taken() {
			if p.payload.Data.Seq <= last[p.payload.Data.Shipment] {
				t.Errorf("%s: %d after %d", p.payload.Data.Shipment, p.payload.Data.Seq, last[p.payload.Data.Shipment])
			}
			last[p.payload.Data.Shipment] = p.payload.Data.Seq
		}
	})
}

func TestAnEndpointHasABoundedShare(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		w.server.set(func(post) (int, http.Header) {
			<-time.After(time.Second)
			return http.StatusOK, nil
		})
		shipments := make([]string, 200)
		for i := range shipments {
			shipments[i] = fmt.Sprintf("S%d", i)
		}
		ids := w.happen([]*tracker.Endpoint{e}, shipments...)
		w.pass(10 * time.Minute)
		w.server.expectOnce(ids...)
		if w.server.most > lanesMost || w.server.most < 2 {
			t.Errorf("%d attempts were under way at once", w.server.most)
		}
	})
}

// Of 200 endpoints 150 hang, and there are fewer slots than those would take: the others are told at once.
func TestEndpointsThatHangDelayNobody(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		w.office.Close()
		var all []*tracker.Endpoint
		for i := range 200 {
			host := "well"
			if i%4 != 0 {
				host = "hangs"
			}
			e := &tracker.Endpoint{
				ID: fmt.Sprintf("ep_%03d", i), Tenant: "acme", URL: fmt.Sprintf("https://%s.example.com/%d", host, i),
				Form: tracker.WebhookStandard, CreatedAt: time.Now(), UpdatedAt: time.Now(),
			}
			secret := NewSecret()
			e.AddSecret(w.keys.Wrap([]byte(secret), secretContext(e.ID)), 0, time.Now())
			w.save(e)
			w.server.know(secret)
			all = append(all, e)
		}
		w.start()
		w.server.set(func(p post) (int, http.Header) {
			if p.host == "hangs.example.com" {
				return hang, nil
			}
			return http.StatusOK, nil
		})
		for range 8 {
			w.happen(all, "A", "B")
			began := time.Now()
			w.pass(5 * time.Second)
			for _, p := range w.server.taken() {
				if late := p.at.Sub(p.payload.Timestamp); p.at.After(began) && late > time.Second {
					t.Fatalf("a healthy endpoint was told %s late", late)
				}
			}
		}
		if got := len(w.server.taken()); got != 8*2*50 {
			t.Errorf("%d of %d were told", got, 8*2*50)
		}
	})
}

func TestAnEndpointThatIsBackGetsWhatWaitsAtOnce(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		w.server.set(always(http.StatusBadGateway))
		ids := w.happen([]*tracker.Endpoint{e}, "A", "B", "C", "D", "E", "F", "G", "H")
		w.pass(8 * time.Hour)
		before := len(w.server.tried())
		w.server.set(nil)
		ids = append(ids, w.happen([]*tracker.Endpoint{e}, "I")...)
		w.pass(2 * time.Minute) // the breaker's rest
		w.server.expectOnce(ids...)
		if got := w.now(e); !got.FailingSince.IsZero() || got.SucceededAt.IsZero() {
			t.Errorf("the endpoint stands as failing since %s", got.FailingSince)
		}
		if extra := len(w.server.tried()) - before; extra != len(ids) {
			t.Errorf("%d attempts were needed for %d events", extra, len(ids))
		}
	})
}

func TestABreakerLeavesAnEndpointAlone(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		w.server.set(always(http.StatusBadGateway))
		shipments := make([]string, 100)
		for i := range shipments {
			shipments[i] = fmt.Sprintf("S%d", i)
		}
		w.happen([]*tracker.Endpoint{e}, shipments...)
		w.pass(30 * time.Second)
		if n := len(w.server.tried()); n != tripAfter {
			t.Errorf("%d attempts were made before it was left alone", n)
		}
		w.pass(10 * time.Minute)
		if n := len(w.server.tried()); n < tripAfter+9 || n > tripAfter+11 {
			t.Errorf("%d attempts were made in ten minutes more", n-tripAfter)
		}
		for _, p := range w.server.tried() {
			if d := w.delivery(e, p.id); d.Tries > 3 {
				t.Errorf("%s was tried %d times", p.id, d.Tries)
			}
		}
	})
}

func TestACrashBetweenIntentAndOutcomeSendsAgainUnderTheSameID(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		fail := func(write tracker.Write) bool {
			if write.Table != tracker.WebhookDeliveries || write.Row.Version < 2 {
				return false // all but the outcomes go well
			}
			return true
		}
		w.store.fail.Store(&fail)
		id := w.happen([]*tracker.Endpoint{e}, "A")[0]
		w.pass(30 * time.Second)
		w.store.fail.Store(nil)
		if d := w.delivery(e, id); d.State != tracker.WebhookSending {
			t.Fatalf("after the crash it is %s", d.State)
		}
		w.office.Close()
		w.start()
		w.pass(2 * time.Minute)
		if got := w.server.times(); got[id] != 2 || len(got) != 1 {
			t.Errorf("the events were taken so often: %v", got)
		}
		if d := w.delivery(e, id); d.State != tracker.WebhookDelivered {
			t.Errorf("it is %s", d.State)
		}
	})
}

func TestAnOfficeThatClosesFinishesWhatItHasInHand(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		w.server.set(func(post) (int, http.Header) {
			<-time.After(3 * time.Second)
			return http.StatusOK, nil
		})
		ids := w.happen([]*tracker.Endpoint{e}, "A", "B", "C", "D")
		w.work()
		w.office.Close()
		for _, id := range ids {
			if d := w.delivery(e, id); d.State != tracker.WebhookDelivered && (d.State != tracker.WebhookPending || d.Tries != 0) {
				t.Errorf("%s is %s after %d tries", id, d.State, d.Tries)
			}
		}
		w.start()
		w.pass(time.Minute)
		w.server.expectOnce(ids...)
	})
}

func TestTwoOfficesSendNothingTwice(t *testing.T) {
	simulate(t, func(t *testing.T, w *world) {
		e := w.endpoint()
		first := w.office
		w.start()
		ids := []string{}
		for i := range 50 {
			ids = append(ids, w.happen([]*tracker.Endpoint{e}, fmt.Sprintf("S%d", i))...)
		}
		first.Look(e.ID)
		w.office.Look(e.ID)
		w.pass(time.Minute)
		first.Close()
		w.server.expectOnce(ids...)
	})
}

func TestDeliveriesGoToWhoWantsThem(t *testing.T) {
	c := changeOf("A", 7, time.Unix(0, 0))
	c.Types = []string{"shipment.delivered", EstimateChanged}
	for name, x := range map[string]struct {
		endpoint tracker.Endpoint
		want     []string
	}{
		"everything":          {tracker.Endpoint{}, []string{"shipment.delivered", EstimateChanged}},
		"one type":            {tracker.Endpoint{Types: []string{EstimateChanged}}, []string{EstimateChanged}},
		"another type":        {tracker.Endpoint{Types: []string{Customs}}, nil},
		"its carrier":         {tracker.Endpoint{Carriers: []string{"dhl", "ups"}}, []string{"shipment.delivered", EstimateChanged}},
		"another carrier":     {tracker.Endpoint{Carriers: []string{"dhl"}}, nil},
		"its tag, one type":   {tracker.Endpoint{Tags: []string{"gift"}, Types: []string{"shipment.delivered"}}, []string{"shipment.delivered"}},
		"another tag":         {tracker.Endpoint{Tags: []string{"b2b"}}, nil},
		"in EasyPost's form":  {tracker.Endpoint{Form: tracker.WebhookEasyPost}, []string{"shipment.delivered"}},
		"its carrier, no tag": {tracker.Endpoint{Carriers: []string{"ups"}, Tags: []string{"b2b"}}, nil},
	} {
		var got []string
		for _, d := range Deliveries(c, []*tracker.Endpoint{&x.endpoint}) {
			got = append(got, d.Type)
			if d.Seq != 7 || d.Event != EventID("A", 7, d.Type) {
				t.Errorf("%s: %+v", name, d)
			}
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: told %v, want %v", name, got, x.want)
		}
	}
}
