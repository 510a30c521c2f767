package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// RunIngest holds rule 2 against a store: whatever the order, the repetition, the batching and the haste in which
// scans are posted, the legs that come of it are the same.
func RunIngest(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Helper()
	store := open(t)
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		scans := rapid.SliceOfN(rapid.Custom(drawScan), 1, 20).Draw(t, "scans")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2)) //nolint:gosec // an order, no secret
		var shown [2]string
		for i := range shown {
			round++
			reader := &Scans{Prefix: fmt.Sprintf("R%d", round), Scans: scans}
			post(t, store, reader, batches(random, len(scans)))
			shown[i] = show(t, store, reader)
		}
		if shown[0] != shown[1] {
			t.Fatalf("two ways of posting give different legs:\n%s\n%s", shown[0], shown[1])
		}
	})
}

// Scan is one scan of a number.
type Scan struct {
	Number int
	Event  tracker.Event
}

// Scans is a reader for tests: a payload names scans by their places in the list ("3,5,5").
type Scans struct {
	// Prefix parts the numbers of one round from those of others.
	Prefix string
	Scans  []Scan
}

// Read gives the scans that the body names; anything else is a fault.
func (r *Scans) Read(receipt *tracker.Receipt) tracker.Reading {
	reading := tracker.Reading{Carrier: receipt.Carrier, Format: "scans"}
	for place := range strings.SplitSeq(string(receipt.Body), ",") {
		i, err := strconv.Atoi(place)
		if err != nil || i < 0 || i >= len(r.Scans) {
			reading.Faults = append(reading.Faults, tracker.Fault{Where: "body", What: "no number of a scan"})
			continue
		}
		reading.Shipments = append(reading.Shipments, tracker.ReadShipment{
			Number: r.number(r.Scans[i].Number), Events: []tracker.Event{r.Scans[i].Event},
		})
	}
	return reading
}

// Version is always the same.
func (r *Scans) Version(string) string { return "1" }

func (r *Scans) number(n int) string { return fmt.Sprintf("%sN%d", r.Prefix, n) }

// Nobody is a feed and an observer that nobody listens to.
type Nobody struct{}

// Publish tells nobody.
func (Nobody) Publish(...string) {}

// Read notes nothing.
func (Nobody) Read(*tracker.Receipt, *tracker.Reading) {}

// NewIngest makes an Ingest over a store for tests, with keys of its own.
func NewIngest(t testing.TB, store tracker.Store, reader tracker.Reader, now func() time.Time) *tracker.Ingest {
	t.Helper()
	in := tracker.NewIngest(tracker.IngestOptions{
		Store: store, Reader: reader, Keys: Keys(t), Feed: Nobody{}, Observer: Nobody{}, Now: now,
		Log: slog.New(slog.DiscardHandler), AckWait: time.Minute,
	})
	t.Cleanup(in.Close)
	return in
}

// Keys are master keys for tests.
func Keys(t testing.TB) *seal.Keys {
	t.Helper()
	keys, err := seal.New([]byte("a master key of thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func drawScan(t *rapid.T) Scan {
	status := rapid.SampledFrom([]tracker.Substatus{"label_created", "picked_up", "out_for_delivery", "delivered", "delayed", ""}).Draw(t, "status")
	at := time.Date(2026, 11, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC)
	return Scan{
		Number: rapid.IntRange(0, 2).Draw(t, "number"),
		Event: tracker.Event{
			Kind: "k" + string(status), Time: tracker.StampAt(at), Substatus: status,
			Text: rapid.SampledFrom([]string{"", "here", "there"}).Draw(t, "text"),
		},
	}
}

// batches are payloads that name every scan at least once, in a random order and grouping.
func batches(random *rand.Rand, n int) []string {
	order := random.Perm(n)
	for range random.IntN(5) {
		order = append(order, random.IntN(n))
	}
	var bodies []string
	for len(order) > 0 {
		size := 1 + random.IntN(len(order))
		places := make([]string, size)
		for i, place := range order[:size] {
			places[i] = strconv.Itoa(place)
		}
		bodies, order = append(bodies, strings.Join(places, ",")), order[size:]
	}
	return bodies
}

// post hands all payloads in at once.
func post(t *rapid.T, store tracker.Store, reader *Scans, bodies []string) {
	keys, err := seal.New([]byte("a master key of thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	in := tracker.NewIngest(tracker.IngestOptions{
		Store: store, Reader: reader, Keys: keys, Feed: Nobody{}, Observer: Nobody{}, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), AckWait: time.Minute,
	})
	var all sync.WaitGroup
	failures := make([]error, len(bodies))
	for i, body := range bodies {
		all.Go(func() {
			outcome, err := in.Accept(context.Background(), &tracker.Receipt{Source: tracker.FromWebhook, Carrier: "ups", Body: []byte(body)})
			if err == nil && !outcome.Settled {
				err = fmt.Errorf("receipt %s was not settled", outcome.Receipt)
			}
			failures[i] = err
		})
	}
	all.Wait()
	in.Close()
	for _, err := range failures {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// show writes down what the legs of a round amount to, without what differs from round to round by its nature.
func show(t *rapid.T, store tracker.Store, reader *Scans) string {
	var b strings.Builder
	for n := range 3 {
		leg, err := tracker.Load[tracker.Leg](context.Background(), store, tracker.LegKey{Carrier: "ups", Number: reader.number(n)}.String())
		if err != nil {
			fmt.Fprintf(&b, "%d: none\n", n)
			continue
		}
		for i := range leg.Events {
			leg.Events[i].Receipt = ""
		}
		fmt.Fprintf(&b, "%d: %+v\n%+v\n", n, leg.Events, leg.Generations())
	}
	return b.String()
}
