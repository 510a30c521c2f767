package simulate

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Driver lives a population of parcels and posts what their carriers tell.
type Driver struct {
	Client *Client
	Clock  *Clock
	// Real is the real clock; scans are stamped with it.
	Real func() time.Time
	Seed uint64
	// Size is how many parcels are under way at once.
	Size int
	Log  *slog.Logger
	// Progress is told how much of the past has been posted.
	Progress func(done, total int)

	mu     sync.Mutex
	agenda agenda
	// underWay counts the parcels on the agenda, index those drawn so far.
	underWay, index int
	rng             *rand.Rand
}

const (
	// senders is how many posts are under way at once.
	senders = 8
	// featureStep is the real time between two scans of a parcel that is watched.
	featureStep = 9 * time.Second
	// oddEvery is one odd body among so many posts.
	oddEvery = 150
	// featureEvery is one watched parcel among so many new ones.
	featureEvery = 10
)

// Past tells the story so far: the population's scans before the present, and one parcel to be watched. It gives that
// one's registration, and those of some others that are under way.
func (d *Driver) Past(ctx context.Context) (watched Registered, others []Registered, err error) {
	start := d.Clock.Now()
	d.rng = rand.New(rand.NewPCG(d.Seed, 1)) //nolint:gosec // a simulation repeats, it keeps no secret
	parcels := append([]Parcel{d.feature(0)}, Population(d.Seed, d.Size, start)...)
	d.index = d.Size
	var done int
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(senders)
	for i := range parcels {
		group.Go(func() error {
			life := &life{parcel: parcels[i]}
			registered, err := d.enter(ctx, life, start)
			d.mu.Lock()
			defer d.mu.Unlock()
			if i == 0 {
				watched = registered
			} else if len(others) < 3 && life.next > 2 && life.next < len(life.parcel.Scans) {
				others = append(others, registered)
			}
			done++
			if d.Progress != nil {
				d.Progress(done, len(parcels))
			}
			return err
		})
	}
	return watched, others, group.Wait()
}

// feature is a parcel to be watched, with a scan every featureStep at the present speed.
func (d *Driver) feature(index int) Parcel {
	step := time.Duration(float64(featureStep) * d.Clock.Speed())
	return Feature(d.Seed, index, d.Clock.Now(), step)
}

// enter brings a parcel in: its scans so far with their true times, its order, its registration. The fleet's parcels
// are registered first, as their number comes of it; others are claimed after their carrier has spoken of them.
func (d *Driver) enter(ctx context.Context, l *life, now time.Time) (Registered, error) {
	p := &l.parcel
	var fresh []int
	for l.next < len(p.Scans) && !p.Scans[l.next].At.After(now) {
		fresh = append(fresh, l.next)
		l.lived, l.told = append(l.lived, p.Scans[l.next]), append(l.told, true)
		l.next++
	}
	var registered Registered
	tell := func() error { return d.send(ctx, p, l.lived, fresh...) }
	register := func() (err error) {
		if registered, err = d.Client.Register(ctx, p); err != nil {
			return err
		}
		return d.Client.Subscribe(ctx, registered.ID, &p.To)
	}
	steps := []func() error{tell, register}
	if p.Carrier == Fleet {
		steps = []func() error{register, tell}
	}
	for _, step := range append(steps, func() error { return d.order(ctx, p) }) {
		if err := step(); err != nil {
			return registered, err
		}
	}
	d.plan(l)
	return registered, nil
}

// order tells what the shop did before the carrier had the parcel, by the clock of where it packs.
func (d *Driver) order(ctx context.Context, p *Parcel) error {
	zone := p.Scans[0].Place.location()
	label, now := p.Scans[0].At.In(zone), d.Real().In(zone)
	steps := []Step{{"confirmed", label.Add(-5 * time.Hour)}, {"picked", label.Add(-time.Hour)}, {"packed", label.Add(-20 * time.Minute)}}
	for i := range steps {
		if steps[i].At.After(now) {
			steps[i].At = now
		}
	}
	return d.Client.Steps(ctx, p.Order, steps...)
}

// plan takes up a parcel that has scans still to come.
func (d *Driver) plan(l *life) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l.next < len(l.parcel.Scans) {
		d.underWay++
		d.agenda.add(entry{at: l.parcel.Scans[l.next].At, life: l, tell: -1})
	}
}
