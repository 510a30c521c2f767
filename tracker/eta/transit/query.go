package transit

import (
	"math"
	"time"
)

// Moment is the moment a prediction is made at. Each moment has effects, pace
// and strengths of its own.
type Moment uint8

// The moments. At Scan the query's origin is the place of the scan.
const (
	Purchase Moment = iota
	Handover
	Scan
	moments
)

// Place is where a parcel starts or goes to; every field may be empty.
type Place struct {
	// Country is an ISO 3166-1 code of two letters.
	Country string
	// Region is the part of the ISO 3166-2 code behind the country: "SP", "BY".
	Region string
	// Area is the head of the postcode that names a town or a part of it: three
	// digits in most countries.
	Area string
}

// area is the widest part of a country that has traffic of its own.
func (p Place) region() string {
	if p.Region == "" && len(p.Area) > 2 {
		return p.Area[:2]
	}
	return p.Region
}

// Query is what is known of a parcel at the moment of the prediction, and must
// not hold more than that.
type Query struct {
	Moment Moment
	// At is that moment, when the predicted time starts to run. The arrival is
	// told in the location of At, which ought to be the destination's.
	At time.Time

	Carrier, Service string
	Shipper          string
	Origin           Place
	Destination      Place
	// DistanceKM is the great-circle distance, 0 or NaN where unknown.
	DistanceKM float64
	// WeightGrams is 0 where unknown.
	WeightGrams float64
	Items       int

	// Ordered is when the parcel was bought, Due when the shipper had to hand it
	// over, Promised the last day it was promised for, by shop or carrier. Each
	// may be zero.
	Ordered, Due, Promised time.Time
}

// handling is the days the shipper took, and whether that is known.
func (q *Query) handling() (days float64, known bool) {
	if q.Moment == Purchase || q.Ordered.IsZero() {
		return 0, false
	}
	return clamp(q.At.Sub(q.Ordered).Hours()/24, 0, maxDays), true
}

// distance is the logarithm of the kilometres, and whether they are known.
func (q *Query) distance() (logKM float64, known bool) {
	if !(q.DistanceKM > 0) || math.IsInf(q.DistanceKM, 0) {
		return 0, false
	}
	return math.Log(math.Min(q.DistanceKM, 20_000) + 20), true
}

// Outcome is a parcel that arrived.
type Outcome struct {
	Query Query
	// Basis is that of the prediction made for Query before the arrival.
	Basis Basis
	// Started tells whether Start was called for this prediction.
	Started bool
	// HandedOver is when the carrier got the parcel; zero where unknown. It
	// teaches the shipper's handling time to predictions at purchase.
	HandedOver time.Time
	Delivered  time.Time
}

func clamp(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }
