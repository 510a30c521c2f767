package words

import (
	"math"

	"waybill/tracker"
)

// Why says what an estimate rests on: "usually 3 working days from Köln to Lyon; slower this week". Without places it
// names none, for those who have not proved to be the recipient.
func (w *Words) Why(y tracker.Why, places bool) string {
	text := ""
	if y.Kind != "" {
		text = w.whyKind(&y, places)
	}
	add := func(key string) {
		switch {
		case !w.Has(key):
		case text == "":
			text = w.Say(key)
		default:
			text = w.Say("why.and", "First", text, "Second", w.Say(key))
		}
	}
	if y.Waits && (y.Kind == tracker.WhyUsual || y.Kind == tracker.WhyGuess) {
		add("why.waits")
	}
	switch {
	case y.Disruption == "other": // a plural form's name, which no text can have
		add("why.disruption.unnamed")
	case y.Disruption != "":
		add("why.disruption." + string(y.Disruption))
	case y.Pace > 0:
		add("why.slower")
	case y.Pace < 0:
		add("why.faster")
	}
	return text
}

func (w *Words) whyKind(y *tracker.Why, places bool) string {
	key := "why." + string(y.Kind)
	switch y.Kind {
	case tracker.WhyVan:
		return w.Say(key, "For", w.minutes(y.Minutes))
	case tracker.WhyUsual:
	default:
		return w.Say(key)
	}
	days := int(math.Round(float64(y.Days)))
	if days < 1 {
		key += "_short"
	}
	if places && y.From != "" && y.To != "" {
		key += "_between"
	}
	return w.Say(key, "Count", max(days, 1), "From", y.From, "To", y.To)
}

// minutes says a time as people do: to five minutes from a quarter of an hour on, to hours from an hour and a half on.
func (w *Words) minutes(minutes int) string {
	const exact, hourly = 15, 90
	switch {
	case minutes > hourly:
		return w.Say("why.hours", "Count", int(math.Round(float64(minutes)/60)))
	case minutes > exact:
		minutes = (minutes + 2) / 5 * 5
	}
	return w.Say("why.minutes", "Count", max(minutes, 1))
}

const (
	// likely is from what probability on it is said that it comes on a day.
	likely = 0.5
	// steps of the percentages that are said: more would promise more than anybody knows.
	steps = 5
)

// Chance says how likely it comes today or, where that is not likely, tomorrow; "" where neither is.
func (w *Words) Chance(today, tomorrow float64) string {
	percent := func(p float64) int { return int(math.Round(p*100/steps)) * steps }
	switch {
	case today >= likely:
		return w.Say("why.chance.today", "Percent", min(percent(today), 95))
	case tomorrow >= likely:
		return w.Say("why.chance.tomorrow", "Percent", min(percent(tomorrow), 95))
	}
	return ""
}
