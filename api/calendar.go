package api

import (
	"cmp"
	"net/http"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"

	"waybill/api/view"
	"waybill/tracker"
)

// getCalendar gives the window in which a parcel is expected as a calendar's entry (RFC 5545). Its UID stays and its SEQUENCE
// grows, so that opened again it moves the entry in place of making another.
func (s *Server) getCalendar(c *fiber.Ctx) error {
	q, err := s.ask(c, asPage)
	if err != nil {
		return err
	}
	found, err := s.finder.Number(c.UserContext(), q.number)
	if err != nil {
		return err
	}
	if found = ofCarrier(found, q.carrier); len(found) != 1 {
		return tracker.ErrNotFound
	}
	t, now := &found[0], s.now()
	from, to, ok := time.Time{}, time.Time{}, false
	if e := t.View.Estimate.Seen(now); e != nil {
		from, to, ok = e.Window()
	}
	if !ok {
		return problem("not_found", "Nothing can be said yet, or any more, of when this parcel comes.")
	}
	zone := view.ZoneOf(t)
	cal := ics.NewCalendarFor("Waybill")
	cal.SetProductId("-//Waybill//Tracking//EN")
	cal.SetMethod(ics.MethodPublish)
	entry := cal.AddEvent(t.Number + "@waybill")
	entry.SetDtStampTime(now)
	entry.SetSequence(int(t.View.Seq))
	entry.SetSummary(s.calendarTitle(c, q, t))
	entry.SetDescription(q.words.Say("page.number") + " " + t.Number)
	entry.SetURL(s.publicURL + "/t/" + t.Number)
	entry.SetTimeTransparency(ics.TransparencyTransparent) // who waits for a parcel is not busy
	if from, to = from.In(zone), to.In(zone); from.YearDay() == to.YearDay() && from.Year() == to.Year() {
		entry.SetStartAt(from)
		entry.SetEndAt(to)
	} else {
		entry.SetAllDayStartAt(from)
		entry.SetAllDayEndAt(to.AddDate(0, 0, 1)) // the end is the first day after it
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Status(http.StatusOK).SendString(cal.Serialize())
}

// calendarTitle names the seller to the recipient alone.
func (s *Server) calendarTitle(c *fiber.Ctx, q question, t *tracker.Tracking) string {
	if q.proved && t.Shipment != nil {
		return q.words.Say("page.calendar_of", "Seller", s.sellerName(c.UserContext(), t.Shipment.Tenant))
	}
	return q.words.Say("page.calendar_number", "Number", cmp.Or(t.Number, q.number))
}
