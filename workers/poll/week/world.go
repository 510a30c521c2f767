// Package week plays a week of parcels that a carrier is asked about, to tell what a schedule costs and what it gives:
// look-ups and calls, and how long after a scan it is known.
package week

import (
	"fmt"
	"math/rand/v2"
	"time"

	"waybill/adapters/pull/pulltest"
	"waybill/tracker"
)

// Length is how long is played.
const Length = 7 * 24 * time.Hour

// Begin is the Monday on which every played week begins.
var Begin = time.Date(2026, time.May, 4, 0, 0, 0, 0, time.UTC)

// Parcel is one that travels.
type Parcel struct {
	Number     string
	Registered time.Time
	Service    tracker.ServiceLevel
	pulltest.Parcel
}

// World is the parcels of a week. Their clocks are at UTC, as is the destination.
//
// They are collected in the afternoon, go by road and through hubs at all hours of the day, come to the last depot in the
// small hours of a working day, and are delivered by day. Some need a second attempt, wait at a pickup point, are held by
// customs, or are never heard of again. Shares and gaps are in the order of those seen in carriers' documented examples.
type World struct{ Parcels []Parcel }

// New makes the world of n parcels; the same n gives the same one.
func New(n int) *World {
	w := &World{Parcels: make([]Parcel, n)}
	for i := range w.Parcels {
		j := journey{random: rand.New(rand.NewPCG(20, uint64(i)))} //nolint:gosec // the same parcels each time
		w.Parcels[i] = j.travel(fmt.Sprintf("9999%08d", i))
	}
	return w
}

// Scans counts the scans of the week that the carrier makes itself, all but the label's.
func (w *World) Scans() (n int) {
	for i := range w.Parcels {
		for _, scan := range w.Parcels[i].Scans {
			if counted(scan) {
				n++
			}
		}
	}
	return n
}

// counted reports whether how late a scan is known counts: the label's is made by whoever registers the parcel.
func counted(s pulltest.Scan) bool { return s.Code != label && s.At.Before(Begin.Add(Length)) }

// ofTheDay reports whether a scan is of the day of delivery: somebody waits for it.
func ofTheDay(s pulltest.Scan) bool {
	return s.Code == out || s.Code == attempt || s.Code == delivered || s.Code == pickup
}

// The carrier's codes.
const (
	label     = "OC"
	collected = "PU"
	arrived   = "AR"
	depot     = "FD"
	departed  = "DP"
	customs   = "CD"
	out       = "OD"
	attempt   = "DE"
	pickup    = "HL"
	delivered = "DL"
)

// journey writes the scans of one parcel.
type journey struct {
	random *rand.Rand
	at     time.Time
	scans  []pulltest.Scan
}

func (j *journey) travel(number string) Parcel {
	p := Parcel{Number: number, Service: tracker.Standard, Registered: Begin.AddDate(0, 0, j.random.IntN(3)).Add(j.hours(8, 17)).Truncate(time.Minute)}
	hops := 1 + j.random.IntN(3)
	switch roll := j.random.IntN(100); {
	case roll < 15:
		p.Service, hops = tracker.Express, 1
	case roll < 30:
		p.Service, hops = tracker.Economy, 3
	}
	j.at = p.Registered
	j.scan(label)
	j.next(15, 19)
	if j.of(25) {
		j.at = j.at.Add(time.Hour)
		j.next(15, 19)
	}
	j.scan(collected)
	j.at = j.at.Add(j.hours(1, 4))
	j.scan(arrived)
	lost := j.random.IntN(hops + 1)
	gone := j.of(2)
	for hop := range hops {
		if gone && hop == lost {
			return j.ended(&p, hops)
		}
		j.hop(p.Service)
	}
	j.next(3, 6)
	j.scan(depot)
	p.Expected = dayOf(j.at).Add(18 * time.Hour)
	if j.of(15) {
		p.Expected = p.Expected.AddDate(0, 0, -1) // the carrier had hoped for the day before
	}
	j.deliver()
	p.Scans = j.scans
	return p
}

// ended is a parcel that is lost on its way.
func (j *journey) ended(p *Parcel, hops int) Parcel {
	p.Expected, p.Scans = dayOf(j.at).AddDate(0, 0, hops).Add(18*time.Hour), j.scans
	return *p
}

// hop goes to the next hub: it waits for its line, travels, and may be held by customs.
func (j *journey) hop(service tracker.ServiceLevel) {
	j.at = j.at.Add(j.hours(0.5, 6))
	j.scan(departed)
	most := 18.0
	if service == tracker.Economy {
		most = 40
	}
	j.at = j.at.Add(j.hours(4, most))
	j.scan(arrived)
	if j.of(2) {
		j.at = j.at.Add(j.hours(1, 4))
		j.scan(customs)
		j.at = j.at.Add(j.hours(20, 70))
	}
}

// deliver is the last day, or the last days.
func (j *journey) deliver() {
	j.next(7, 10)
	j.scan(out)
	switch roll := j.random.IntN(100); {
	case roll < 7:
		j.at = j.at.Add(j.hours(1, 8))
		j.scan(attempt)
		j.next(7, 10)
		j.scan(out)
	case roll < 14:
		j.at = j.at.Add(j.hours(1, 8))
		j.scan(pickup)
		j.at = j.at.Add(j.hours(2, 70))
		j.next(9, 19)
		j.scan(delivered)
		return
	}
	j.at = j.at.Add(j.hours(0.5, 8.5))
	j.scan(delivered)
}

func (j *journey) scan(code string) {
	j.at = j.at.Truncate(time.Second)
	j.scans = append(j.scans, pulltest.Scan{At: j.at, Code: code})
}

// next goes to a moment between two hours of a day that is not a Sunday: today's, where it is still to come.
func (j *journey) next(from, to float64) {
	at := dayOf(j.at).Add(j.hours(from, to))
	for !at.After(j.at) || at.Weekday() == time.Sunday {
		at = at.AddDate(0, 0, 1)
	}
	j.at = at
}

func (j *journey) hours(least, most float64) time.Duration {
	return time.Duration((least + (most-least)*j.random.Float64()) * float64(time.Hour))
}

func (j *journey) of(percent int) bool { return j.random.IntN(100) < percent }

func dayOf(at time.Time) time.Time { return at.Truncate(24 * time.Hour) }
