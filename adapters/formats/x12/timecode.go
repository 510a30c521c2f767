package x12

import (
	"strconv"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// zones are the time codes (element 623) that name a zone with its summer time.
var zones = map[string]string{
	"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
	"AT": "America/Anchorage", "HT": "Pacific/Honolulu", "NT": "America/St_Johns", "TT": "America/Halifax",
}

// offsets are those that state an offset, in minutes east of UTC.
var offsets = map[string]int{
	"ES": -300, "ED": -240, "CS": -360, "CD": -300, "MS": -420, "MD": -360, "PS": -480, "PD": -420,
	"AS": -540, "AD": -480, "HS": -600, "HD": -540, "NS": -210, "ND": -150, "TS": -240, "TD": -180,
	"GM": 0, "UT": 0,
}

// giveOffset gives a time the offset that its time code states, else that of the place, whose zone is given. LT, and
// no code at all, say "time of the place".
func giveOffset(stamp *tracker.Stamp, code, placeZone string) (known bool) {
	known = true
	minutes, stated := offsets[code]
	if !stated {
		minutes, stated = numericOffset(code)
	}
	switch {
	case stamp.Precision <= tracker.PrecisionDay:
	case stated:
		stamp.Offset, stamp.Source = int16(minutes), tracker.ZoneFromPayload //nolint:gosec // within ±12 h
	case zones[code] != "":
		mapping.GiveZone(stamp, zones[code], tracker.ZoneFromPayload)
	default:
		known = code == "" || code == "LT"
	}
	mapping.GiveZone(stamp, placeZone, tracker.ZoneFromLocation)
	return known
}

// numericOffset reads the codes 01 to 24: 01 to 12 are hours east of UTC, 13 to 24 are 12 to 1 hours west.
func numericOffset(code string) (minutes int, ok bool) {
	n, err := strconv.Atoi(code)
	if len(code) != 2 || err != nil || n < 1 || n > 24 {
		return 0, false
	}
	if n > 12 {
		n -= 25
	}
	return n * 60, true
}
