package web

import (
	"slices"
	"time"

	"waybill/api/view"
	"waybill/tracker/words"
)

// ToldTime is a time at which the parcel was, or is, to come.
type ToldTime struct {
	// Name is what it is ("Promised"), or from when on it was shown.
	Name, Text string
	// ISO is the moment of Name for machines, where it is one.
	ISO string
	// Now marks the one that counts.
	Now bool
}

// toldOf puts what was promised, what was estimated first, and what is expected now, or was to come of it, side by side;
// none where there are not two to compare.
func toldOf(v *view.Tracking, window string, w *words.Words) []ToldTime {
	var told []ToldTime
	if v.Promise != nil {
		told = append(told, ToldTime{Name: w.Say("page.promised"), Text: promiseText(v.Promise, w)})
	}
	first := ""
	if v.FirstEstimate != nil {
		first = shownText(v.FirstEstimate, w)
		told = append(told, ToldTime{Name: w.Say("page.first_estimate"), Text: first})
	}
	came := slices.IndexFunc(v.Events, func(e view.Event) bool { return e.Milestone == "delivered" })
	switch {
	case v.Milestone == "delivered" && came >= 0:
		told = append(told, ToldTime{Name: w.Say("page.came"), Text: w.Stamp(v.Events[came].Stamp), Now: true})
	case window != "" && (window != first || v.Promise != nil):
		told = append(told, ToldTime{Name: w.Say("page.estimate_now"), Text: window, Now: true})
	}
	if len(told) < 2 {
		return nil
	}
	return told
}

// beforeOf are the windows that were shown, the newest first; none where all of them stand side by side already.
func beforeOf(v *view.Tracking, w *words.Words) []ToldTime {
	const compared = 2
	if len(v.Estimates) <= compared {
		return nil
	}
	var before []ToldTime
	for i := range slices.Backward(v.Estimates) {
		shown := &v.Estimates[i]
		line := ToldTime{Text: shownText(shown, w), ISO: shown.At}
		if at, err := time.Parse(time.RFC3339, shown.At); err == nil {
			line.Name = w.Moment(at)
		}
		before = append(before, line)
	}
	return before
}

func shownText(s *view.Shown, w *words.Words) string {
	if s.Wide {
		return w.Say("page.too_wide")
	}
	return windowText(&view.Window{From: s.From, To: s.To}, w)
}

// promiseText says a promise: by the end of a day, or a window.
func promiseText(p *view.Window, w *words.Words) string {
	if p.From != "" {
		return windowText(p, w)
	}
	to, err := time.Parse(time.RFC3339, p.To)
	if err != nil {
		return ""
	}
	return w.Say("page.until", "Day", w.Day(to), "To", w.Time(to))
}
