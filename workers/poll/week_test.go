package poll

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"waybill/adapters/pull"
	"waybill/adapters/pull/pulltest"
	"waybill/tracker"
	"waybill/tracker/limit"
)

// weekOf is how many parcels travel in TestAWeek; WAYBILL_TEST_WEEK asks for more, as the 10,000 of docs/operators.md.
func weekOf(t *testing.T) int {
	t.Helper()
	if text := os.Getenv("WAYBILL_TEST_WEEK"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("WAYBILL_TEST_WEEK is %q, want a number of parcels", text)
		}
		return n
	}
	return 150
}

// week is what came of a simulated one.
type week struct {
	tally   pulltest.Tally
	parcels int
	// all is the staleness of all scans, last of those of the day of delivery: out, attempted, delivered.
	all, last   staleness
	scans, told int
}

// staleness is the time between a scan and our knowing it.
type staleness struct{ median, p95 time.Duration }

func stalenessOf(lags []time.Duration) staleness {
	slices.Sort(lags)
	return staleness{lags[len(lags)/2], lags[len(lags)*95/100]}
}

func (s staleness) String() string {
	return fmt.Sprintf("median %s, p95 %s", s.median.Round(time.Minute), s.p95.Round(time.Minute))
}

func (w *week) String() string {
	per := func(n int) float64 { return float64(n) / float64(w.parcels) }
	return fmt.Sprintf("%d parcels: %.1f look-ups and %.2f calls per parcel, %d over the limit; staleness of all scans %s, of the day of delivery %s; %d of %d scans known at the end",
		w.parcels, per(w.tally.Numbers), per(w.tally.Calls), w.tally.Over, w.all, w.last, w.told, w.scans)
}

// lookEvery is how often the store is looked at.
const lookEvery = 2 * time.Minute

// TestAWeek has parcels travel for a week, asked about by the policy and every two hours, at a carrier that counts its
// calls. The policy spends its look-ups where somebody waits: of the day of delivery it knows within minutes; on the way,
// and by night, it is later than a fixed interval, and it looks up more.
func TestAWeek(t *testing.T) {
	parcels := weekOf(t)
	byPolicy := simulate(t, parcels, policy)
	fixed := simulate(t, parcels, pull.Fixed{Every: 2 * time.Hour})
	t.Logf("policy:          %s", byPolicy)
	t.Logf("every two hours: %s", fixed)
	for what, w := range map[string]*week{"policy": byPolicy, "every two hours": fixed} {
		if w.tally.Over > 0 || w.tally.Bad > 0 {
			t.Errorf("%s: %d calls over the limit, %d wrong", what, w.tally.Over, w.tally.Bad)
		}
		if w.told < w.scans*98/100 {
			t.Errorf("%s: %d of %d scans were known at the end of the week", what, w.told, w.scans)
		}
	}
	if m := byPolicy.last.median; m > 15*time.Minute || m > fixed.last.median/3 {
		t.Errorf("of the day of delivery the policy knows after %s", byPolicy.last)
	}
	if m := byPolicy.all.median; m > 90*time.Minute || byPolicy.all.p95 > 10*time.Hour {
		t.Errorf("of all scans the policy knows after %s", byPolicy.all)
	}
	if most := 60 * parcels; byPolicy.tally.Numbers > most {
		t.Errorf("the policy looks up %d times, want at most %d", byPolicy.tally.Numbers, most)
	}
}

func simulate(t *testing.T, parcels int, schedule pull.Schedule) *week {
	t.Helper()
	h := newHouse(t)
	h.account(tracker.CallRate{Calls: 4, Per: time.Second}, tracker.CallRate{Calls: 2000 + 8*parcels, Per: 24 * time.Hour})
	w := &week{parcels: parcels}
	lags := map[string]time.Duration{}
	var last []time.Duration
	var mu sync.Mutex
	h.carrier.Told = func(number string, scans []pulltest.Scan, now time.Time) {
		mu.Lock()
		defer mu.Unlock()
		for i, scan := range scans {
			if key := number + strconv.Itoa(i); lags[key] == 0 {
				lags[key] = max(now.Sub(scan.At), 1)
				if scan.Code == "OD" || scan.Code == "DE" || scan.Code == "DL" {
					last = append(last, lags[key])
				}
			}
		}
	}
	registered := h.travellers(parcels)
	for _, parcel := range h.carrier.Parcels {
		for _, scan := range parcel.Scans {
			if scan.At.Before(begin.Add(7 * 24 * time.Hour)) {
				w.scans++
			}
		}
	}
	p := h.poller(schedule, limit.NewLocal(h.clock.now))
	for end := begin.Add(7 * 24 * time.Hour); h.clock.now().Before(end); h.clock.advance(lookEvery) {
		h.register(p, registered[h.clock.now()]...)
		h.pass(p)
	}
	w.tally, w.told = h.carrier.Tally(), len(lags)
	w.all, w.last = stalenessOf(slices.Collect(maps.Values(lags))), stalenessOf(last)
	return w
}

// travellers are parcels that are registered in two days: when. They are collected in the afternoon, scanned
// on their way, and delivered by day after one to four days; some need a second attempt, some fall silent.
func (h *house) travellers(parcels int) map[time.Time][]string {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same parcels each time
	registered := map[time.Time][]string{}
	hours := func(least, most int) time.Duration {
		return time.Duration(least)*time.Hour + time.Duration(random.Int64N(int64(most-least)*int64(time.Hour)))
	}
	for i := range parcels {
		number := fmt.Sprintf("9999%08d", i)
		day := random.IntN(2)
		when := begin.AddDate(0, 0, day).Add(hours(1, 11).Truncate(lookEvery))
		registered[when] = append(registered[when], number)
		at := begin.Truncate(24*time.Hour).AddDate(0, 0, day).Add(hours(16, 20))
		out := begin.Truncate(24*time.Hour).AddDate(0, 0, day+1+random.IntN(4)).Add(hours(5, 8))
		parcel := &pulltest.Parcel{Expected: out.Truncate(24 * time.Hour).Add(18 * time.Hour), Scans: []pulltest.Scan{{At: at, Code: "PU"}}}
		for at = at.Add(hours(2, 10)); at.Before(out.Add(-2 * time.Hour)); at = at.Add(hours(3, 14)) {
			parcel.Scans = append(parcel.Scans, pulltest.Scan{At: at, Code: []string{"AR", "DP"}[len(parcel.Scans)%2]})
		}
		if random.IntN(50) > 0 { // else it is lost on its way
			parcel.Scans = append(parcel.Scans, pulltest.Scan{At: out, Code: "OD"})
			if random.IntN(20) == 0 {
				parcel.Scans = append(parcel.Scans, pulltest.Scan{At: out.Add(hours(2, 8)), Code: "DE"})
				out = out.AddDate(0, 0, 1)
				parcel.Scans = append(parcel.Scans, pulltest.Scan{At: out, Code: "OD"})
			}
			parcel.Scans = append(parcel.Scans, pulltest.Scan{At: out.Add(hours(2, 10)), Code: "DL"})
		}
		h.carrier.Parcels[number] = parcel
	}
	return registered
}
