package score

import (
	"math"
	"strings"
	"time"

	"waybill/tracker"
)

const (
	day = 24 * time.Hour
	// farthestAhead bounds the classes of days ahead.
	farthestAhead = 30
)

// Card names what a scorecard is of; Service and Lane are empty where it is of all.
type Card struct {
	Carrier string
	Service string
	// Origin and Destination are countries with their states ("DE-NW").
	Origin, Destination string
}

// outcomeOf is how a finished shipment fared; ok is false for one that is not, or whose times cannot be.
func outcomeOf(t *tracker.Tracking, now time.Time) (card Card, o Outcome, ok bool) {
	v := &t.View
	if v.Milestone != tracker.Delivered && v.Milestone != tracker.Returned {
		return card, o, false
	}
	end := v.Since.Instant()
	if !v.Since.Known() || end.After(now.Add(day)) || end.Before(now.Add(-kept)) {
		return card, o, false
	}
	card, start := cardOf(t)
	o = Outcome{Day: dayOf(end), Returned: v.Milestone == tracker.Returned, Exception: v.Reached[tracker.Exception].Known()}
	if o.Returned {
		return card, o, true
	}
	o.FirstAttempt = v.Attempts == 0
	if hours := end.Sub(start).Hours(); !start.IsZero() && hours > 0 && hours < longest {
		o.Hours = hours
	}
	if promise := t.Shipment.Promise.To; !promise.IsZero() {
		o.Promised, o.OnTime = true, !end.After(promise)
	}
	// An estimate that was made of a parcel that was there already says nothing.
	if e := v.FirstEstimate; e != nil && e.MadeAt.Before(end) {
		o.Estimated, o.ErrorHours = true, math.Abs(end.Sub(e.P50).Hours())
		for _, quantile := range []time.Time{e.P10, e.P50, e.P90} {
			o.After += int(count(end.After(quantile)))
		}
		o.Ahead = max(0, min(int(e.P50.Sub(e.MadeAt)/day), farthestAhead))
	}
	return card, o, true
}

// cardOf is whose doing the journey was: of the first that had the parcel in hand. start is when.
func cardOf(t *tracker.Tracking) (card Card, start time.Time) {
	from, to := t.Shipment.Origin, t.Shipment.Destination
	for _, c := range t.Carriages {
		if card.Carrier == "" || (card.Carrier == tracker.FleetCarrier && start.IsZero()) {
			card.Carrier = c.Carrier
		}
		facts := c.Generation.Facts
		if from.Country == "" {
			from = facts.Origin
		}
		if to.Country == "" {
			to = facts.Destination
		}
		for i := range c.Generation.Events {
			e := &c.Generation.Events[i]
			if at := e.Time.Instant(); e.Milestone().Physical() && e.Time.Known() && (start.IsZero() || at.Before(start)) {
				start, card.Carrier = at, c.Carrier
			}
		}
	}
	service := t.View.CarrierService
	if service == "" {
		service = string(t.Shipment.Service)
	}
	card.Service, card.Origin, card.Destination = word(service), region(from), region(to)
	return card, start
}

func region(l tracker.Location) string {
	if l.Country == "" || l.State == "" {
		return word(l.Country)
	}
	return word(l.Country + "-" + l.State)
}

// word makes what carriers write fit for a key: bounded, without its separators.
func word(text string) string {
	const most = 40
	text = strings.Map(func(r rune) rune {
		if r == '/' || r == '>' || r < ' ' {
			return '_'
		}
		return r
	}, strings.TrimSpace(strings.ToValidUTF8(text, "_")))
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

func dayOf(t time.Time) int { return int(math.Floor(float64(t.Unix()) / day.Seconds())) }
