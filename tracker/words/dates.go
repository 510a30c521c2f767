package words

import (
	"strconv"
	"time"

	"waybill/tracker"
)

// dayOrder is how a locale writes a day with its weekday and without the year (CLDR's skeleton MMMMEEEEd, of which
// the library of CLDR data has the names but not the pattern).
type dayOrder uint8

const (
	weekdayDayMonth         dayOrder = iota // Tuesday 24 November
	weekdayCommaMonthDay                    // Tuesday, November 24
	weekdayCommaDayDotMonth                 // Dienstag, 24. November
	weekdayCommaDayDeMonth                  // martes, 24 de noviembre
	monthDayWeekday                         // 11月24日火曜日
)

// Day is a day of the near past or future, without its year, in t's own zone: "Tuesday 24 November".
func (w *Words) Day(t time.Time) string {
	weekday, month, day := w.cldr.WeekdayWide(t.Weekday()), w.cldr.MonthWide(t.Month()), strconv.Itoa(t.Day())
	switch w.order {
	case weekdayCommaMonthDay:
		return weekday + ", " + month + " " + day
	case weekdayCommaDayDotMonth:
		return weekday + ", " + day + ". " + month
	case weekdayCommaDayDeMonth:
		return weekday + ", " + day + " de " + month
	case monthDayWeekday:
		return month + day + "日" + weekday
	case weekdayDayMonth:
	}
	return weekday + " " + day + " " + month
}

// Date is a day with its year, in t's own zone: "24 November 2026".
func (w *Words) Date(t time.Time) string { return w.cldr.FmtDateLong(t) }

// Time is an hour and minute in t's own zone, by the clock of the locale: "20:00", "8:00 pm".
func (w *Words) Time(t time.Time) string { return w.cldr.FmtTimeShort(t) }

// Moment is a day and the time on it, in t's own zone: "Tuesday 24 November, 20:00".
func (w *Words) Moment(t time.Time) string {
	return w.Say("date.moment", "Day", w.Day(t), "Time", w.Time(t))
}

// Stamp is a moment as a carrier gave it, in the time of the place; the day alone where no more is known, and ""
// where nothing is.
func (w *Words) Stamp(s tracker.Stamp) string {
	switch s.Precision {
	case tracker.PrecisionNone:
		return ""
	case tracker.PrecisionDay:
		return w.Day(s.Civil())
	case tracker.PrecisionMinute, tracker.PrecisionSecond:
	}
	return w.Moment(s.Civil())
}
