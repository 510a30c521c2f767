package drift

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
)

// monday is a Monday at midnight UTC.
var monday = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

// house is a carrier's post that is counted and watched by a clock that tests move.
type house struct {
	t     testing.TB
	store tracker.Store
	at    time.Time
	flush *Flusher
	watch *Watch
	sent  int
}

func newHouse(t testing.TB) *house {
	t.Helper()
	store := &memory{rows: map[string]tracker.Row{}}
	h := &house{t: t, store: store, at: monday}
	now := func() time.Time { return h.at }
	quiet := slog.New(slog.DiscardHandler)
	h.flush = &Flusher{Collector: NewCollector(), Store: store, Now: now, Log: quiet, Listens: true}
	h.watch = &Watch{Store: store, Now: now, Log: quiet}
	return h
}

// post has a payload come in.
func (h *house) post(change ...func(*tracker.Reading)) {
	h.sent++
	receipt, reading := scan(fmt.Sprintf("r%08d", h.sent), h.at)
	for _, f := range change {
		f(reading)
	}
	h.flush.Collector.Read(receipt, reading)
}

func scan(id string, at time.Time) (*tracker.Receipt, *tracker.Reading) {
	event := tracker.Event{Code: "DP", Text: "Departed", Substatus: "departed_facility", Time: tracker.StampAt(at), Location: tracker.Location{City: "Köln"}}
	receipt := &tracker.Receipt{ID: id, Source: tracker.FromWebhook, Carrier: "ups", Account: "main", ReceivedAt: at}
	return receipt, &tracker.Reading{
		Carrier: "ups", Format: "track", Shipments: []tracker.ReadShipment{{Number: "1Z1", Events: []tracker.Event{event}}},
	}
}

func unknownCode(r *tracker.Reading) {
	e := &r.Shipments[0].Events[0]
	e.Code, e.Text, e.Substatus, r.UnknownCodes = "ZZ", "Held for pigeons", "", []string{"ZZ"}
}

func noPlace(r *tracker.Reading) { r.Shipments[0].Events[0].Location = tracker.Location{} }

func unreadable(r *tracker.Reading) { r.Shipments, r.Format = nil, "" }

// look brings what was counted into the store and has it looked at.
func (h *house) look() {
	h.t.Helper()
	if err := h.flush.Flush(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	if err := h.watch.Look(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

// hours lets time pass, with perHour payloads in each hour, told by each; it looks a few times in every hour.
func (h *house) hours(n, perHour int, tell func() []func(*tracker.Reading)) {
	h.t.Helper()
	const looks = 4
	for range n {
		for quarter := range looks {
			for range perHour/looks + min(1, max(0, perHour%looks-quarter)) {
				h.post(tell()...)
			}
			h.at = h.at.Add(time.Hour / looks)
			h.look()
		}
	}
}

func plain() []func(*tracker.Reading) { return nil }

// some tells a share of the payloads so.
func some(share float64, random *rand.Rand, how func(*tracker.Reading)) func() []func(*tracker.Reading) {
	return func() []func(*tracker.Reading) {
		if random.Float64() < share {
			return []func(*tracker.Reading){how}
		}
		return nil
	}
}

func (h *house) open() (open []Alert) {
	h.t.Helper()
	for _, a := range h.alerts() {
		if a.Closed == 0 {
			open = append(open, a)
		}
	}
	return open
}

func (h *house) alerts() (all []Alert) {
	h.t.Helper()
	list, err := list[Alert](context.Background(), h.store, listOfAlerts, everything)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, a := range list {
		all = append(all, a.record)
	}
	return all
}

func (h *house) feed() Feed {
	h.t.Helper()
	found, err := get[Feed](context.Background(), h.store, feedKey("ups"))
	if err != nil {
		h.t.Fatal(err)
	}
	return found[feedKey("ups")].record
}

func TestDaysMergeInAnyOrder(t *testing.T) {
	draw := rapid.Custom(func(t *rapid.T) Day {
		var d Day
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			hour, count := rapid.IntRange(0, 23).Draw(t, "hour"), Count(rapid.IntRange(0, int(counts)-1).Draw(t, "count")) //nolint:gosec // below counts
			d.Hours[hour][count] += rapid.Uint32Range(0, 1000).Draw(t, "by")
			d.Samples[count].put(rapid.StringMatching("r[0-9]{3}").Draw(t, "receipt"))
		}
		d.Posted, d.Answered = rapid.Int64Range(0, 9).Draw(t, "posted"), rapid.Int64Range(0, 9).Draw(t, "answered")
		d.Refusal, d.Reason = rapid.Int64Range(0, 2).Draw(t, "refusal"), rapid.SampledFrom([]string{"", "timeout", "status 503"}).Draw(t, "reason")
		return d
	})
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(draw, 1, 6).Draw(t, "parts")
		order := rapid.Permutation(parts).Draw(t, "order")
		var left, right, nested, pair Day
		for i := range parts {
			left.merge(&parts[i])
			right.merge(&order[i])
			if i > 0 {
				pair.merge(&parts[i])
			}
		}
		nested.merge(&parts[0])
		nested.merge(&pair)
		if left != right || left != nested {
			t.Fatalf("three ways of merging differ:\n%v\n%v\n%v", left, right, nested)
		}
	})
}

func TestCountingAllocatesNothing(t *testing.T) {
	c := NewCollector()
	receipt, reading := scan("r1", monday)
	c.Read(receipt, reading)
	if n := testing.AllocsPerRun(100, func() { c.Read(receipt, reading) }); n != 0 {
		t.Errorf("%v allocations for a payload of a source that is known", n)
	}
}

func BenchmarkCounting(b *testing.B) {
	c := NewCollector()
	receipt, reading := scan("r1", monday)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Read(receipt, reading)
		}
	})
}
