package week

import (
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"waybill/adapters"
	"waybill/adapters/pull"
	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/storetest/memory"
)

var (
	policy = pull.Policy{Expire: 30 * 24 * time.Hour}
	fixed  = pull.Fixed{Every: 2 * time.Hour}
)

// TestAWeek holds the policy against asking every two hours: it looks up less and knows sooner, of the day of delivery
// far sooner.
func TestAWeek(t *testing.T) {
	w := New(1000)
	byPolicy, everyTwo := w.Decide(policy, 30, Tick), w.Decide(fixed, 30, Tick)
	t.Log("\n" + Header + "\n" + byPolicy.Row("policy") + "\n" + everyTwo.Row("every two hours"))
	if byPolicy.Lookups >= everyTwo.Lookups {
		t.Errorf("the policy looks up %.1f times a parcel, a fixed interval %.1f", byPolicy.LookupsPer(), everyTwo.LookupsPer())
	}
	if m := byPolicy.All.Median; m > everyTwo.All.Median*9/10 {
		t.Errorf("of all scans the policy knows after %s, a fixed interval after %s", byPolicy.All, everyTwo.All)
	}
	if p := byPolicy.All.P95; p > everyTwo.All.P95*115/100 {
		t.Errorf("of all scans the policy knows after %s, a fixed interval after %s", byPolicy.All, everyTwo.All)
	}
	if d := byPolicy.Day; d.Median > everyTwo.Day.Median/3 || d.P95 > everyTwo.Day.P95*2/5 {
		t.Errorf("of the day of delivery the policy knows after %s, a fixed interval after %s", d, everyTwo.Day)
	}
	for _, r := range []*Report{byPolicy, everyTwo} {
		if r.Known < r.Scans*99/100 {
			t.Errorf("of %d scans %d were known at the end", r.Scans, r.Known)
		}
	}
}

// playedOf is how many parcels TestPlayed plays; WAYBILL_TEST_WEEK asks for more, such as the 10,000 of docs/operators.md.
func playedOf(t *testing.T) int {
	t.Helper()
	text := os.Getenv("WAYBILL_TEST_WEEK")
	if text == "" {
		return 25
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("WAYBILL_TEST_WEEK is %q, want a number of parcels", text)
	}
	return n
}

// TestPlayed has the same week done by the real poller, ingest and store: no call is over a limit or wrong, every scan
// that was told stands on its leg, and it costs and gives what the schedule alone comes to.
func TestPlayed(t *testing.T) {
	w := New(playedOf(t))
	stage := newStage(t)
	played, err := w.Play(t.Context(), stage, policy)
	if err != nil {
		t.Fatal(err)
	}
	decided := w.Decide(policy, 30, Tick)
	t.Log("\n" + Header + "\n" + played.Row("played") + "\n" + decided.Row("by schedule alone"))
	if played.Over > 0 || played.Bad > 0 {
		t.Errorf("%d calls were over the limit, %d wrong", played.Over, played.Bad)
	}
	if off := math.Abs(played.LookupsPer()/decided.LookupsPer() - 1); off > 0.05 {
		t.Errorf("played, %.1f look-ups a parcel; decided, %.1f", played.LookupsPer(), decided.LookupsPer())
	}
	if off := (played.All.Median - decided.All.Median).Abs(); off > 15*time.Minute {
		t.Errorf("played, scans are known after %s; decided, after %s", played.All, decided.All)
	}
	for i := range w.Parcels {
		p := &w.Parcels[i]
		leg, err := tracker.Load[tracker.Leg](t.Context(), stage.Store, "fedex:"+p.Number)
		if err != nil {
			t.Fatal(err)
		}
		known := 0
		for known < len(p.Scans) && (p.Scans[known].Code == label || played.known(p, known)) {
			known++
		}
		if len(leg.Events) != known {
			t.Fatalf("%d scans of %s were told, %d stand on its leg", known, p.Number, len(leg.Events))
		}
	}
}

func newStage(t *testing.T) Stage {
	t.Helper()
	keys, err := seal.New(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	carriers, err := adapters.New()
	if err != nil {
		t.Fatal(err)
	}
	return Stage{Store: memory.New(), Keys: keys, Carriers: carriers}
}
