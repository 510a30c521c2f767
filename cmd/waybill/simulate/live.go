package simulate

import (
	"context"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"
)

// Live goes on from the present until the context ends: scans happen as the clock comes to them, and a parcel that has
// arrived makes room for a new one. What the server refuses is logged, and life goes on.
func (d *Driver) Live(ctx context.Context) {
	var posts errgroup.Group
	posts.SetLimit(senders)
	defer func() { _ = posts.Wait() }() // its functions give no errors
	for ctx.Err() == nil {
		for d.underWay < d.Size && d.renew(ctx) {
		}
		if len(d.agenda) == 0 { // nothing was taken: try again a little later
			_ = d.Clock.Sleep(ctx, d.Clock.Now().Add(time.Minute))
			continue
		}
		e := d.agenda.take()
		if d.Clock.Sleep(ctx, e.at) != nil {
			return
		}
		if e.tell < 0 {
			e.tell = d.happen(e.life)
		}
		if delay := e.life.parcel.Scans[e.tell].Delay; delay > 0 && !e.late {
			d.agenda.add(entry{at: e.at.Add(delay), life: e.life, tell: e.tell, late: true})
			continue
		}
		d.tell(ctx, &posts, e.life, e.tell)
	}
}

// happen lets the parcel's next scan happen, now in the real world, and gives its index.
func (d *Driver) happen(l *life) int {
	scan := l.parcel.Scans[l.next]
	scan.At = d.Real().UTC().Truncate(time.Second)
	if scan.Kind == OnVehicle || scan.Kind == StopsAway || scan.Kind == OnTheRoad {
		scan.Expected = evening(scan.At, l.parcel.Home)
	}
	l.lived, l.told = append(l.lived, scan), append(l.told, false)
	l.next++
	if l.next < len(l.parcel.Scans) {
		d.agenda.add(entry{at: l.parcel.Scans[l.next].At, life: l, tell: -1})
	} else {
		d.underWay--
	}
	return l.next - 1
}

// tell has the carrier tell of a scan, twice where it does so, and now and then sends something odd along.
func (d *Driver) tell(ctx context.Context, posts *errgroup.Group, l *life, of int) {
	l.told[of] = true
	scans, at := l.known(of)
	parcel := l.parcel // a copy: the life goes on meanwhile
	var odd *rand.Rand
	if d.rng.IntN(oddEvery) == 0 {
		odd = rand.New(rand.NewPCG(d.Seed, d.rng.Uint64())) //nolint:gosec // a simulation repeats, it keeps no secret
	}
	posts.Go(func() error {
		times := 1
		if scans[at].Twice {
			times = 2
		}
		for range times {
			if err := d.send(ctx, &parcel, scans, at); err != nil && ctx.Err() == nil {
				d.Log.Warn("a simulated scan was not taken", "carrier", parcel.Carrier, "error", err)
			}
		}
		if odd != nil {
			d.sendOdd(ctx, odd, &parcel, scans, at)
		}
		return nil
	})
}

// send posts what the carrier tells of a parcel when the scans at fresh are news.
func (d *Driver) send(ctx context.Context, p *Parcel, scans []Scan, fresh ...int) error {
	posts, err := Tell(p, scans, fresh...)
	for _, post := range posts {
		if err == nil {
			err = d.Client.Send(ctx, post)
		}
	}
	return err
}

// sendOdd posts what the carrier meant to tell, spoilt.
func (d *Driver) sendOdd(ctx context.Context, rng *rand.Rand, p *Parcel, scans []Scan, at int) {
	posts, err := Tell(p, scans, at)
	if err != nil {
		d.Log.Error("a simulated scan could not be written", "error", err)
		return
	}
	if err := d.Client.Send(ctx, Odd(rng, posts[0])); err != nil && ctx.Err() == nil {
		d.Log.Warn("an odd body was not taken", "carrier", p.Carrier, "error", err)
	}
}

// renew draws one more parcel, ordered now by the simulation's clock. It reports whether the server took it.
func (d *Driver) renew(ctx context.Context) bool {
	d.index++
	parcel := Draw(d.Seed, d.index, d.Clock.Now())
	if d.index%featureEvery == 0 {
		parcel = d.feature(d.index)
	}
	_, err := d.enter(ctx, &life{parcel: parcel}, d.Clock.Now())
	if err != nil && ctx.Err() == nil {
		d.Log.Warn("a simulated shipment was not taken", "carrier", parcel.Carrier, "error", err)
	}
	return err == nil
}
