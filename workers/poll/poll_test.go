package poll

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/adapters/pull"
	"waybill/adapters/pull/pulltest"
	"waybill/tracker"
	"waybill/tracker/limit"
)

const number = "999900000001"

var policy = pull.Policy{Expire: 30 * 24 * time.Hour}

// oneParcel is a house with one parcel on its way, planned and due.
func oneParcel(t *testing.T) (*house, *Poller) {
	t.Helper()
	h := newHouse(t)
	h.account(tracker.CallRate{Calls: 100, Per: time.Second})
	h.carrier.Parcels[number] = &pulltest.Parcel{Scans: []pulltest.Scan{
		{At: begin.Add(10 * time.Minute), Code: "PU"}, {At: begin.Add(5 * time.Hour), Code: "AR"}, {At: begin.Add(30 * time.Hour), Code: "DL"},
	}}
	p := h.poller(policy, limit.NewLocal(h.clock.now))
	h.register(p, number)
	h.clock.advance(15 * time.Minute)
	return h, p
}

// TestAParcelIsAskedAboutUntilItsEnd: each scan comes onto the leg by the way of every payload, what is said twice is
// kept once, and after the delivery nobody asks.
func TestAParcelIsAskedAboutUntilItsEnd(t *testing.T) {
	h, p := oneParcel(t)
	for range 3 * 24 * 12 {
		h.pass(p)
		h.clock.advance(5 * time.Minute)
	}
	leg := h.leg(number)
	if len(leg.Events) != 3 || leg.Events[2].Substatus.Milestone() != tracker.Delivered || leg.Events[0].Source != tracker.FromPoll {
		t.Errorf("the leg has %d events: %+v", len(leg.Events), leg.Events)
	}
	if poll := h.poll(number); !poll.Next.IsZero() || poll.Failures != 0 {
		t.Errorf("after its end it is asked about at %s", poll.Next)
	}
	receipts, err := h.store.Search(t.Context(), tracker.Receipts, "", nil, tracker.Page{Limit: 100})
	if err != nil || len(receipts) != 3 {
		t.Errorf("%d receipts are kept of %d replies (%v), want one for each scan", len(receipts), h.carrier.Tally().Calls, err)
	}
	if tally := h.carrier.Tally(); tally.Calls < 6 || tally.Bad+tally.Over > 0 {
		t.Errorf("the carrier counts %+v", tally)
	}
}

// TestTwoWorkersAskOnce: of two processes that look at once, one asks about a parcel.
func TestTwoWorkersAskOnce(t *testing.T) {
	h, p := oneParcel(t)
	const parcels = 100
	numbers := make([]string, parcels)
	for i := range numbers {
		numbers[i] = "8888000" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + "111"
	}
	h.register(p, numbers...)
	h.clock.advance(10 * time.Minute)
	shared := limit.NewLocal(h.clock.now)
	var all sync.WaitGroup
	for range 2 {
		worker := h.poller(policy, shared)
		all.Go(func() {
			for range 4 {
				if _, err := worker.Pass(t.Context(), nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := h.carrier.Tally().Numbers; n != parcels+1 {
		t.Errorf("the carrier was asked about %d numbers, want %d", n, parcels+1)
	}
}

// TestWhatIsDueStandsInTheStore: a worker that begins with nothing but the store asks what another had planned.
func TestWhatIsDueStandsInTheStore(t *testing.T) {
	h, _ := oneParcel(t)
	h.pass(h.poller(policy, limit.NewLocal(h.clock.now)))
	next := h.poll(number).Next
	if !next.After(h.clock.now()) {
		t.Fatalf("it is asked about next at %s", next)
	}
	h.clock.advance(next.Sub(h.clock.now()))
	before := h.carrier.Tally().Calls
	h.pass(h.poller(policy, limit.NewLocal(h.clock.now)))
	if calls := h.carrier.Tally().Calls - before; calls != 1 {
		t.Errorf("a worker that knows nothing but the store made %d calls", calls)
	}
}

func TestWhenACarrierDoesNotAnswer(t *testing.T) {
	for _, c := range []struct {
		what        string
		status      int
		body        string
		trouble     string
		least, most time.Duration
	}{
		{"it fails: minutes", 500, "", string(pull.Unavailable), 2 * time.Minute, 3 * time.Minute},
		{"it does not take the account: a quarter of an hour", 403, "", string(pull.Unauthorised), 15 * time.Minute, 20 * time.Minute},
		{"it was called too often: as long as it says, and no failure", 429, "", "", 10 * time.Minute, 10*time.Minute + time.Second},
		{"what it says cannot be read: as ever", 200, "<html>maintenance</html>", "", 30 * time.Minute, 9 * time.Hour},
	} {
		t.Run(c.what, func(t *testing.T) {
			h, p := oneParcel(t)
			h.carrier.Wrong = func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Retry-After", map[bool]string{true: "600"}[c.status == 429])
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
				return true
			}
			h.pass(p)
			poll := h.poll(number)
			if poll.Trouble != c.trouble || h.due(c.least-time.Second) {
				t.Errorf("before %s it is due, or its trouble is %q", c.least, poll.Trouble)
			}
			if !h.due(c.most) {
				t.Errorf("after %s it is not due", c.most)
			}
			for _, secret := range append(h.carrier.Tally().Spent, pulltest.Secret) {
				if strings.Contains(h.log.String(), secret) {
					t.Errorf("a secret is in the log: %s", h.log.String())
				}
			}
		})
	}
}

// TestWithoutAnAccountNobodyIsAsked, and with one the parcels are asked about that are planned from then on.
func TestWithoutAnAccountNobodyIsAsked(t *testing.T) {
	h := newHouse(t)
	p := h.poller(policy, limit.NewLocal(h.clock.now))
	h.register(p, number)
	if rows, err := h.store.Search(t.Context(), tracker.Polls, "", nil, tracker.Page{}); err != nil || len(rows) > 0 {
		t.Errorf("%d legs are planned without an account (%v)", len(rows), err)
	}
	h.account()
	h.clock.advance(accountsFor)
	h.register(p, "999900000002")
	if h.poll("999900000002").Next.IsZero() {
		t.Error("with an account it is not planned")
	}
}
