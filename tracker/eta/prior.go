package eta

import "waybill/tracker"

// priorOf is what is expected of a lane before anything was delivered: round figures of what carriers publish for
// ground services, and for the faster levels what their names promise.
func priorOf(l *lane) distribution {
	median, sigma := map[distance]float64{near: 30, domestic: 60, continental: 120, far: 240, unknown: 96}[l.distance()], 0.5
	switch l.level {
	case tracker.SameDay:
		median, sigma = 5, 0.4
	case tracker.Express:
		median *= 0.5
	case tracker.Economy:
		median *= 1.6
	case tracker.Standard:
	}
	if d := l.distance(); d == unknown || d == far {
		sigma = 0.7
	}
	return logNormal(median, sigma)
}
