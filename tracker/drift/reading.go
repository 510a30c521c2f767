package drift

import (
	"time"

	"waybill/tracker"
)

// countReading counts a payload.
func countReading(receipt *tracker.Receipt, reading *tracker.Reading) Counts {
	var n Counts
	n[Payloads] = 1
	switch {
	case len(reading.Shipments) == 0 && len(reading.Errors) == 0:
		n[Unreadable] = 1
	case len(reading.Shipments) == 0:
		n[Refused] = 1
	case len(reading.Faults) > 0:
		n[Faulty] = 1
	}
	if len(reading.UnknownCodes) > 0 {
		n[Unknown] = 1
	}
	pushed := receipt.Source != tracker.FromPoll
	if pushed {
		n[Posts] = 1
	}
	for i := range reading.Shipments {
		if s := &reading.Shipments[i]; len(s.Events) > 0 {
			n.shipment(s, receipt.ReceivedAt, pushed)
		}
	}
	return n
}

// shipment counts what a payload tells of a shipment. Its newest event stands for it: the others were told before.
func (c *Counts) shipment(s *tracker.ReadShipment, received time.Time, pushed bool) {
	c[Shipments]++
	c[Events] += uint32(len(s.Events)) //nolint:gosec // a payload is at most some MB
	newest := newestOf(s.Events)
	c.lacks(LacksTime, !newest.Time.Known())
	c.lacks(LacksOffset, newest.Time.Precision >= tracker.PrecisionMinute && newest.Time.Source == tracker.ZoneUnknown)
	c.lacks(LacksLocation, newest.Location == tracker.Location{})
	c.lacks(LacksCode, newest.Code == "")
	c.lacks(LacksText, newest.Text == "")
	c.lacks(LacksEstimate, !s.Facts.Estimate.Known())
	c.lacks(LacksDestination, s.Facts.Destination == tracker.Location{})
	c.lacks(LacksService, s.Facts.Service == "")
	c.lacks(LacksWeight, s.Facts.WeightGrams == 0)
	if pushed && newest.Time.Precision >= tracker.PrecisionMinute && newest.Time.Source != tracker.ZoneUnknown {
		c.lag(int64(received.Sub(newest.Time.Instant()) / time.Second))
	}
}

func (c *Counts) lacks(what Count, lacking bool) {
	if lacking {
		c[what]++
	}
}

// lag counts by how many seconds a pushed event is behind.
func (c *Counts) lag(seconds int64) {
	c[Pushed]++
	if seconds > lateAfter {
		c[Late]++
	}
	for i, bound := range lags {
		if seconds <= bound {
			c[LagMinute+Count(i)]++
			return
		}
	}
	c[LagBeyond]++
}

// newestOf is the latest event by its time; the last one in the payload where none has a time.
func newestOf(events []tracker.Event) *tracker.Event {
	newest := &events[len(events)-1]
	for i := range events {
		e := &events[i]
		if e.Time.Known() && (!newest.Time.Known() || e.Time.Instant().After(newest.Time.Instant())) {
			newest = e
		}
	}
	return newest
}
