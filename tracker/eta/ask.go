package eta

import (
	"context"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/holidays"
	"waybill/tracker/eta/transit"
)

// Question asks when a parcel would come that is not on its way yet.
type Question struct {
	Carrier, Service string
	Level            tracker.ServiceLevel
	// Shipper is the seller's id: its habits are known.
	Shipper             string
	Origin, Destination tracker.Location
	// OriginZone and Zone are the IANA zones of both ends; empty counts in UTC.
	OriginZone, Zone string
	WeightGrams      float64
	Items            int
	// HandOver is when the carrier gets it. Where it is zero the parcel is bought at Purchase and handed over as Handling
	// says, or, without one, after the time that the seller usually takes.
	HandOver, Purchase time.Time
	Handling           *Handling
	// Promise is by when it must come: then the answer's estimate has the chance of that.
	Promise time.Time
}

// Handling is how a seller gets parcels ready.
type Handling struct {
	// CutOff is the time of day at the origin until which an order leaves with that day's, after midnight.
	CutOff time.Duration
	// WorkingDays are added: of Monday to Friday, without the origin's holidays.
	WorkingDays int
}

// Answer is when it would come.
type Answer struct {
	Estimate *tracker.Estimate
	// HandOver is when the carrier would get it; zero where that follows from what the seller usually takes.
	HandOver time.Time
	// ArrivesBy is the day by which nine of ten such parcels have come, in the zone of the destination.
	ArrivesBy time.Time
	Days      []DayChance
}

// DayChance is the probability that a parcel comes on a day.
type DayChance struct {
	Day    time.Time
	Chance float64
}

const (
	// daysMost is how many days an answer tells of, daysCover how much of the probability is enough.
	daysMost  = 21
	daysCover = 0.98
)

// Ask answers a question. It asks the store at most now and then, for a newer state.
func (m *Model) Ask(ctx context.Context, q *Question, now time.Time) (*Answer, error) {
	known, err := m.knowledge(ctx, now)
	if err != nil {
		return nil, err
	}
	d := m.doorAt(q.Destination, q.Zone)
	j := &journey{
		carrier: q.Carrier, service: q.Service, level: q.Level, shipper: q.Shipper, origin: q.Origin, destination: q.Destination,
		weight: q.WeightGrams, items: q.Items, ordered: q.Purchase, started: q.HandOver,
	}
	if j.service == "" {
		j.service = string(q.Level)
	}
	if j.started.IsZero() && q.Handling != nil {
		j.started = q.Handling.handOver(q.Purchase, m.doorAt(q.Origin, q.OriginZone))
	}
	list, err := m.disruptions(ctx, now)
	if err != nil {
		return nil, err
	}
	trouble := worst(list, now, q.Carrier, q.Origin, q.Destination)
	f := m.foresee(known, j, d, now)
	f.widen(trouble)
	f.why.Waits = false
	answer := &Answer{Estimate: f.estimate(d, q.Promise, now), HandOver: j.started, Days: f.days(d, now)}
	if trouble != nil {
		answer.Estimate.Why.Disruption = trouble.Reason
	}
	answer.ArrivesBy = answer.Estimate.P90.In(d.zone)
	return answer, nil
}

// handOver is when a carrier gets what is bought at a moment: with the last parcels of the day on which it is ready.
func (h *Handling) handOver(bought time.Time, origin door) time.Time {
	day := bought.In(origin.zone)
	midnight := hourOf(day, 0)
	if day.Sub(midnight) > h.CutOff {
		midnight = midnight.AddDate(0, 0, 1)
	}
	left := h.WorkingDays
	for range holidaysMost + 2*left {
		if origin.works(midnight) {
			if left == 0 {
				break
			}
			left--
		}
		midnight = midnight.AddDate(0, 0, 1)
	}
	hour, minute := int(h.CutOff/time.Hour), int(h.CutOff%time.Hour/time.Minute)
	return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), hour, minute, 0, 0, origin.zone)
}

// holidaysMost is how many days in a row nobody works.
const holidaysMost = 30

// works reports whether sellers work on the day of a moment in the door's zone.
func (d door) works(t time.Time) bool {
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && !d.holidays.Holiday(holidays.DayOf(t))
}

// days are the probabilities of the days to come, up to nearly all of it.
func (f *foresight) days(d door, now time.Time) []DayChance {
	p := transit.Prediction{Start: now.In(d.zone), Quantiles: f.at}
	var days []DayChance
	before := 0.0
	for day := hourOf(now.In(d.zone), 0); len(days) < daysMost && before < daysCover; day = day.AddDate(0, 0, 1) {
		by := p.By(d.lastOpen(day.AddDate(0, 0, 1)))
		if by > before {
			days = append(days, DayChance{day, by - before})
			before = by
		}
	}
	return days
}
