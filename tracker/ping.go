package tracker

import (
	"math"
	"time"
)

const (
	// detour is by how much a way through streets is longer than the crow's.
	detour = 1.35
	// pingEvery is the least time between two positions that are taken: nearer together they say nothing new.
	pingEvery = 20 * time.Second
	// farthest is the longest way to a next stop, in metres.
	farthest = 300_000
)

// Metres is how far apart two points are on a sphere (haversine), in metres.
func Metres(a, b Point) float64 {
	rad := func(degrees float32) float64 { return float64(degrees) * math.Pi / 180 }
	dLat, dLon := rad(b.Lat-a.Lat), rad(b.Lon-a.Lon)
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(rad(a.Lat))*math.Cos(rad(b.Lat))*math.Pow(math.Sin(dLon/2), 2)
	return 2 * 6_371_000 * math.Asin(math.Min(1, math.Sqrt(h)))
}

// RoadMetres is about how far it is by road from one point to another.
func RoadMetres(a, b Point) float64 { return detour * Metres(a, b) }

// Coarse is a point to about a kilometre: nearer would give a door or a driver away.
func (p Point) Coarse() Point {
	const perDegree = 100
	round := func(degrees float32) float32 { return float32(math.Round(float64(degrees)*perDegree) / perDegree) }
	return Point{Lat: round(p.Lat), Lon: round(p.Lon)}
}

// Ping takes where the vehicle is: it keeps how far that is from the next stop, and the place itself to a kilometre. It
// reports whether that is news: an older position than the last is none, nor one right after it, nor one of a route
// that is over.
func (r *Route) Ping(at Point, moment, now time.Time, points StopPoints) bool {
	last := r.Position.At
	if moment.IsZero() || moment.After(now) {
		moment = now
	}
	if r.Over() || (last.Known() && moment.Before(last.Instant().Add(pingEvery))) {
		return false
	}
	r.Position = Position{Point: at.Coarse(), At: StampAt(moment.UTC().Truncate(time.Second))}
	r.Left, r.LeftStop = 0, ""
	if next := r.Next(); next >= 0 {
		if door, known := points[r.Stops[next].ID]; known {
			// A position on another continent is a receiver's mistake: nothing follows from it.
			if left := RoadMetres(at, door); left < farthest {
				r.Left, r.LeftStop = left, r.Stops[next].ID
			}
		}
	}
	if r.StartedAt.IsZero() && !moment.Before(r.StartsAt) {
		r.StartedAt = moment.UTC()
	}
	r.touch(now)
	return true
}

// Next is the index of the stop that the vehicle is at or drives to: the first open one after the last that was closed,
// else the first open one; -1 where all are closed.
func (r *Route) Next() int {
	for i := r.Last() + 1; i < len(r.Stops); i++ {
		if !r.Stops[i].Closed() {
			return i
		}
	}
	for i := range r.Stops {
		if !r.Stops[i].Closed() {
			return i
		}
	}
	return -1
}
