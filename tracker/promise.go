package tracker

import "time"

// promiseHour is by when of the day a promise of a day is kept.
const promiseHour = 20

// PromiseOf is what a service level promises by its name, for a parcel handed over at a moment, in the zone of the
// destination ("" counts in UTC): the same day, or the next working day. Standard and economy promise no day; what the
// seller promised itself goes before all of it.
func PromiseOf(level ServiceLevel, zone string, from time.Time) Promise {
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	local := from.In(place)
	day := time.Date(local.Year(), local.Month(), local.Day(), promiseHour, 0, 0, 0, place)
	switch level {
	case SameDay:
		if local.After(day) {
			day = day.AddDate(0, 0, 1)
		}
	case Express:
		day = day.AddDate(0, 0, 1)
		for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			day = day.AddDate(0, 0, 1)
		}
	case Standard, Economy:
		return Promise{}
	default:
		return Promise{}
	}
	return Promise{To: day.UTC()}
}
