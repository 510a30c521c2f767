package week

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"waybill/adapters"
	"waybill/adapters/pull"
	"waybill/adapters/pull/pulltest"
	"waybill/adapters/pull/rule"
	"waybill/tracker"
	"waybill/tracker/limit"
	"waybill/tracker/seal"
	"waybill/workers/poll"
)

// Tick is how often it is looked at what is due.
const Tick = 2 * time.Minute

// Stage is what a week is played on. Its store must hold nothing of FedEx.
type Stage struct {
	Store    tracker.Store
	Keys     *seal.Keys
	Carriers *adapters.Registry
	// Progress hears how much of the week is over, from 0 to 1; optional.
	Progress func(share float64)
}

// Play has the parcels registered, asked about and told of by all that does so in an installation, but for the network
// and the clock: the carrier is a fake FedEx that checks token, path and rates and counts.
func (w *World) Play(ctx context.Context, stage Stage, s pull.Schedule) (*Report, error) {
	p, err := w.playing(ctx, stage, s)
	if err != nil {
		return nil, err
	}
	defer p.ingest.Close() //nolint:contextcheck // it finishes what is in hand
	for at := Begin; at.Before(Begin.Add(Length)); at = at.Add(Tick) {
		p.clock.Store(at.UnixNano())
		if err := p.tick(ctx); err != nil {
			return nil, fmt.Errorf("play %s: %w", p.now().Format(time.RFC3339), err)
		}
		if stage.Progress != nil {
			stage.Progress(float64(p.now().Sub(Begin)) / float64(Length))
		}
	}
	r, tally := p.measure.report(w), p.carrier.Tally()
	r.Lookups, r.Calls, r.Over, r.Bad = tally.Numbers, tally.Calls, tally.Over, tally.Bad
	return r, nil
}

// play is a week under way.
type play struct {
	clock   atomic.Int64
	carrier *pulltest.Carrier
	ingest  *tracker.Ingest
	finder  *tracker.Finder
	poller  *poll.Poller
	// waiting are the parcels that are still to be registered, by the tick in which they are.
	waiting map[int64][]*Parcel

	mu      sync.Mutex
	measure measure
	// due are the ticks in which something is to be asked; crowdedUntil is until when calls may wait for room.
	due          map[int64]bool
	crowdedUntil int64
}

func (p *play) now() time.Time { return time.Unix(0, p.clock.Load()).UTC() }

// tickOf is the tick in which what is due at a moment is seen.
func tickOf(at time.Time) int64 { return at.Add(Tick - 1).Truncate(Tick).UnixNano() }

// playing sets the stage.
func (w *World) playing(ctx context.Context, stage Stage, s pull.Schedule) (*play, error) {
	p := &play{waiting: map[int64][]*Parcel{}, due: map[int64]bool{}, measure: measure{known: map[scanKey]bool{}}}
	p.clock.Store(Begin.UnixNano())
	quiet := slog.New(slog.DiscardHandler)
	p.carrier = &pulltest.Carrier{
		Now: p.now, Most: 30, Parcels: map[string]*pulltest.Parcel{},
		Rates: []rule.Rate{{Calls: 2, Per: rule.Duration(time.Second)}, {Calls: 1000 + len(w.Parcels), Per: rule.Duration(24 * time.Hour)}},
	}
	byNumber := map[string]*Parcel{}
	for i := range w.Parcels {
		parcel := &w.Parcels[i]
		byNumber[parcel.Number], p.carrier.Parcels[parcel.Number] = parcel, &parcel.Parcel
		p.waiting[tickOf(parcel.Registered)] = append(p.waiting[tickOf(parcel.Registered)], parcel)
	}
	p.carrier.Told = func(number string, scans []pulltest.Scan, now time.Time) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.measure.told(byNumber[number], len(scans), now)
	}
	if err := p.account(ctx, stage); err != nil {
		return nil, err
	}
	p.ingest = tracker.NewIngest(tracker.IngestOptions{
		Store: stage.Store, Reader: stage.Carriers, Keys: stage.Keys, Feed: nobody{}, Observer: nobody{}, Now: p.now, Log: quiet, AckWait: time.Minute,
	})
	p.finder = tracker.NewFinder(stage.Store, stage.Keys, tracker.DefaultPatience, p.now)
	asker := pull.NewAsker(pull.Options{
		Client: &http.Client{Transport: p.carrier}, Reader: stage.Carriers, Now: p.now, Log: quiet,
		Rule:     func(carrier string) *rule.Rule { return ruleOf(stage.Carriers, carrier) },
		Throttle: pull.NewThrottle(limit.NewLocal(p.now), nil, p.now),
	})
	var err error
	p.poller, err = poll.New(poll.Options{
		Store: stage.Store, Ingest: p.ingest, Keys: stage.Keys, Asker: asker, Schedule: noting{s, p}, Observer: p, Now: p.now, Log: quiet,
		Concurrency: 16, Interval: Tick,
	})
	return p, err
}

// ruleOf is how a carrier is asked; nil for the fleet's own numbers, and for whoever is not asked.
func ruleOf(carriers *adapters.Registry, carrier string) *rule.Rule {
	if c := carriers.Carrier(carrier); c != nil {
		return c.Pull
	}
	return nil
}

// account gives the installation an account at the carrier, of the rates that the carrier holds it to.
func (p *play) account(ctx context.Context, stage Stage) error {
	account := &tracker.PullAccount{Carrier: "fedex", Name: "week", CreatedAt: p.now()}
	for _, rate := range p.carrier.Rates {
		account.Rates = append(account.Rates, tracker.CallRate{Calls: rate.Calls, Per: time.Duration(rate.Per)})
	}
	if err := account.Seal(stage.Keys, map[string]string{"client_id": pulltest.ID, "client_secret": pulltest.Secret}); err != nil {
		return err
	}
	return tracker.Save(ctx, stage.Store, account)
}

// crowded is for how long after calls were held back it is looked every second at what is due: they were dealt out over
// the time to come.
const crowded = 30 * time.Minute

// tick registers whose time has come and asks what is due: at once, and second by second while calls wait for room.
func (p *play) tick(ctx context.Context) error {
	now := p.clock.Load()
	if err := p.register(ctx, p.waiting[now]); err != nil {
		return err
	}
	if !p.busy(now) {
		return nil
	}
	for until := now + int64(Tick); p.clock.Load() < until; p.clock.Add(int64(time.Second)) {
		for claimed := 1; claimed > 0; {
			var err error
			if claimed, err = p.poller.Pass(ctx, nil); err != nil {
				return err
			}
		}
		if !p.busy(p.clock.Load()) {
			return nil
		}
	}
	return nil
}

// busy reports whether something is due in the tick that begins now, or calls wait.
func (p *play) busy(now int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	due := p.due[now]
	delete(p.due, now)
	return due || now < p.crowdedUntil
}

func (p *play) register(ctx context.Context, parcels []*Parcel) error {
	list := make([]tracker.NewShipment, len(parcels))
	for i, parcel := range parcels {
		list[i] = tracker.NewShipment{Tenant: "week", Carrier: "fedex", Number: parcel.Number, Zone: "UTC", Service: parcel.Service}
	}
	shipments, errs := p.ingest.Register(ctx, list)
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, s := range shipments {
		tracking, err := p.finder.Shipment(ctx, s)
		if err == nil {
			err = p.poller.Plan(ctx, &tracking)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Asked implements poll.Observer.
func (p *play) Asked(call poll.Call) {
	if call.Outcome == string(pull.Held) || call.Outcome == string(pull.RateLimited) {
		p.mu.Lock()
		p.crowdedUntil = p.clock.Load() + int64(crowded)
		p.mu.Unlock()
	}
}

// noting is a schedule that notes in which ticks something is due, so that the others are passed over.
type noting struct {
	pull.Schedule

	play *play
}

// Next implements pull.Schedule.
func (n noting) Next(l pull.Look) time.Time {
	next := n.Schedule.Next(l)
	if !next.IsZero() {
		n.play.mu.Lock()
		n.play.due[max(tickOf(next), n.play.clock.Load())] = true
		n.play.mu.Unlock()
	}
	return next
}

// nobody listens.
type nobody struct{}

// Publish implements tracker.Feed.
func (nobody) Publish(...string) {}

// Read implements tracker.Observer.
func (nobody) Read(*tracker.Receipt, *tracker.Reading) {}
