package places

import (
	"sync"
	"time"
	_ "time/tzdata" // the binary knows zones on hosts without them
)

// locations keeps the zones that were loaded, some 400 at most.
var locations sync.Map // name -> *time.Location

const day = 24 * 60 * 60

// ZoneOffset tells how many minutes east of UTC a zone's clocks are at a local
// time, given as the seconds since 1970 that a clock in UTC showing the same
// time would count. A time that the clocks skipped (a gap) gets the offset from
// before, and so names the instant as much after the gap's begin; a time that
// they showed twice is the first of the two. ok is false for an unknown zone;
// "" and "Local" are none.
func ZoneOffset(zone string, localUnix int64) (offsetMinutes int, ok bool) {
	loc, ok := location(zone)
	if !ok {
		return 0, false
	}
	before := offset(loc, localUnix-day)
	if offset(loc, localUnix-before) == before {
		return int(before / 60), true
	}
	if after := offset(loc, localUnix+day); offset(loc, localUnix-after) == after {
		return int(after / 60), true
	}
	return int(before / 60), true
}

func offset(loc *time.Location, unix int64) int64 {
	_, seconds := time.Unix(unix, 0).In(loc).Zone()
	return int64(seconds)
}

func location(zone string) (*time.Location, bool) {
	if l, ok := locations.Load(zone); ok {
		known, isZone := l.(*time.Location)
		return known, isZone
	}
	if zone == "" || zone == "Local" {
		return nil, false
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, false
	}
	locations.Store(zone, loc)
	return loc, true
}
