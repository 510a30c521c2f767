package edi

import (
	"time"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// century is the year from which two digits mean the twentieth century.
const century = 70

// Stamp reads a date of 8 digits (or 6, without the century) and a time of 4, 6 or more digits (hours, minutes,
// seconds, parts of seconds); without a time the day alone is known. !ok where the date is none. Where only the time
// is none the day is still read, and timeOK is false.
func Stamp(date, clock string) (stamp tracker.Stamp, ok, timeOK bool) {
	day, ok := day(date)
	if !ok {
		return tracker.Stamp{}, false, false
	}
	stamp = tracker.Stamp{Local: day, Precision: tracker.PrecisionDay}
	if !mapping.Plausible(stamp) {
		return tracker.Stamp{}, false, false
	}
	if clock == "" {
		return stamp, true, true
	}
	seconds, precision, ok := timeOfDay(clock)
	if !ok {
		return stamp, true, false
	}
	stamp.Local, stamp.Precision = stamp.Local+seconds, precision
	return stamp, true, true
}

func day(date string) (seconds int64, ok bool) {
	n, ok := digits(date)
	if !ok || len(date) != 8 && len(date) != 6 {
		return 0, false
	}
	year, month, dayOfMonth := n/10000, n/100%100, n%100
	if len(date) == 6 {
		if year += 1900; year < 1900+century {
			year += 100
		}
	}
	t := time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, time.UTC)
	if int(t.Month()) != month || t.Day() != dayOfMonth {
		return 0, false
	}
	return t.Unix(), true
}

func timeOfDay(clock string) (seconds int64, precision tracker.Precision, ok bool) {
	if _, ok := digits(clock); !ok || len(clock) < 4 || len(clock) == 5 {
		return 0, 0, false
	}
	hour, _ := digits(clock[:2])
	minute, _ := digits(clock[2:4])
	second := 0
	precision = tracker.PrecisionMinute
	if len(clock) >= 6 {
		second, _ = digits(clock[4:6])
		precision = tracker.PrecisionSecond
	}
	if hour > 23 || minute > 59 || second > 59 {
		return 0, 0, false
	}
	return int64(hour*3600 + minute*60 + second), precision, true
}

func digits(text string) (n int, ok bool) {
	if text == "" || len(text) > 9 {
		return 0, false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, true
}
