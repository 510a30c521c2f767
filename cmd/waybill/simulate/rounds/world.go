package rounds

import (
	"math"
	"math/rand/v2"
	"time"

	"waybill/tracker"
)

// The figures of the made-up world. None of them is known to the model that is measured.
const (
	// Vans that drive every day but Sundays, of two depots; each has its driver for good.
	vans   = 20
	depots = 2
	// fewest and most stops of a round.
	fewest, most = 60, 130
	// freeFlow is the speed of an empty street in metres per second.
	freeFlow = 7.5
	// Spreads, as standard deviations of logarithms: of drivers, of a day's traffic, of a driver's day, of a single way.
	driverSpread, trafficSpread, daySpread, waySpread = 0.20, 0.12, 0.06, 0.30
	// In a hundred stops: nobody home, left out, passed by and visited at the end, held up for long.
	failedPercent, skippedPercent, passedPercent, mishapPercent = 4.0, 2.5, 0.5, 1.0
	// In a hundred stops: may not be served before an hour.
	windowPercent = 4.0
	// Of a hundred vans: report arrivals, not only the deed; send their position.
	arrivalPercent, gpsPercent = 70, 50
)

// kind is a kind of stop with its share, and how long it takes: the median in seconds and the spread of the logarithm.
type kind struct {
	kind           tracker.StopKind
	percent        int
	median, spread float64
}

// Usual is how long a stop of a kind usually takes, as a planner knows it.
func Usual(of tracker.StopKind) time.Duration {
	for _, k := range kinds {
		if k.kind == of {
			return time.Duration(k.median * float64(time.Second))
		}
	}
	return time.Duration(kinds[0].median * float64(time.Second))
}

var kinds = []kind{
	{tracker.StopHouse, 55, 80, 0.55},
	{tracker.StopFlat, 25, 140, 0.60},
	{tracker.StopBusiness, 15, 190, 0.75},
	{tracker.StopPickup, 3, 320, 0.50},
	{tracker.StopLocker, 2, 280, 0.50},
}

// flow is how much of the free speed is left in an hour of the week.
func flow(at time.Time) float64 {
	hour := float64(at.Hour()) + float64(at.Minute())/60
	rush := 0.40*bump(hour, 8, 1) + 0.45*bump(hour, 17, 1.2) + 0.15*bump(hour, 12.5, 1.5)
	if at.Weekday() == time.Saturday {
		rush = 0.25 * bump(hour, 11.5, 2)
	}
	return 1 - rush
}

func bump(x, middle, width float64) float64 {
	return math.Exp(-(x - middle) * (x - middle) / (2 * width * width))
}

// around draws a factor whose median is 1.
func around(rng *rand.Rand, spread float64) float64 { return math.Exp(spread * rng.NormFloat64()) }

func hits(rng *rand.Rand, percent float64) bool { return rng.Float64()*100 < percent }

func drawKind(rng *rand.Rand) kind {
	roll := rng.IntN(100)
	for _, k := range kinds {
		if roll -= k.percent; roll < 0 {
			return k
		}
	}
	return kinds[0]
}
