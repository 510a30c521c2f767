package api

import (
	"cmp"
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
)

// easyPostRead is how many rows are read at once for a page, of which filters may leave few.
const easyPostRead = 200

// collect reads the records of a page from a list, the newest first, as far as they fit, and whether there are more.
func collect[T any, R interface {
	*T
	tracker.Record
}](ctx context.Context, store tracker.Store, list string, page easyPostPage, fits func(R) bool) (found []R, more bool, err error) {
	at := page.from()
	for past, last := false, false; len(found) <= page.size && !past && !last; {
		rows, err := tracker.LoadList[T, R](ctx, store, list, at)
		if err != nil {
			return nil, false, err
		}
		last = len(rows) < easyPostRead
		for _, row := range rows {
			at.After = tracker.CursorOf(R(row))
			within, beyond := page.holds(at.After.Order)
			past = past || beyond
			if within && fits(R(row)) {
				found = append(found, R(row))
			}
		}
	}
	more = len(found) > page.size
	found = found[:min(len(found), page.size)]
	if page.after != nil {
		slices.Reverse(found)
	}
	return found, more, nil
}

// from is where reading a list begins.
func (p *easyPostPage) from() tracker.Page {
	switch at := (tracker.Page{After: p.before, Limit: easyPostRead}); {
	case p.after != nil: // the nearest newer ones, read upwards
		at.After, at.Oldest = p.after, true
		return at
	case p.before == nil && !p.end.IsZero():
		at.After = &tracker.Cursor{Order: p.end.UnixMilli() + 1}
		return at
	default:
		return at
	}
}

// holds reports whether a place in a list lies within the time that is asked for, and whether all that is read after it
// lies beyond.
func (p *easyPostPage) holds(order int64) (within, beyond bool) {
	older := !p.start.IsZero() && order < p.start.UnixMilli()
	newer := !p.end.IsZero() && order > p.end.UnixMilli()
	return !older && !newer, older && p.after == nil || newer && p.after != nil
}

// queryList reads a parameter that may stand several times, in any of the forms in which clients write lists.
func queryList(c *fiber.Ctx, name string) []string {
	var list []string
	for key, value := range c.Context().QueryArgs().All() {
		bare, _, _ := cut(string(key))
		if bare == name && len(value) > 0 {
			list = append(list, string(value))
		}
	}
	return list
}

// cut parts "codes[0]" into "codes" and what follows.
func cut(key string) (name, index string, indexed bool) {
	for i := range len(key) {
		if key[i] == '[' {
			return key[:i], key[i:], true
		}
	}
	return key, "", false
}

// byPlace sorts records as lists do: the newest first.
func byPlace(a, b *tracker.Shipment) int {
	x, y := tracker.CursorOf(a), tracker.CursorOf(b)
	return cmp.Or(cmp.Compare(y.Order, x.Order), cmp.Compare(y.Key, x.Key))
}

// ofNumbers are a seller's shipments under tracking numbers, the newest first, with such a carrier where one is named.
func (s *Server) ofNumbers(ctx context.Context, tenant string, numbers []string, carrier string) ([]*tracker.Shipment, error) {
	var all []*tracker.Shipment
	seen := map[string]bool{}
	for _, number := range numbers {
		normal := tracker.NormaliseNumber(number)
		if normal == "" || len(normal) > 64 || seen[normal] {
			continue
		}
		seen[normal] = true
		list := tracker.ListOfTrackingNumber(tenant, normal)
		found, err := tracker.LoadList[tracker.Shipment](ctx, s.store, list, tracker.Page{Limit: easyPostRead})
		if err != nil {
			return nil, err
		}
		for _, shipment := range found {
			if travelsWith(shipment, carrier) {
				all = append(all, shipment)
			}
		}
	}
	slices.SortFunc(all, byPlace)
	return slices.CompactFunc(all, func(a, b *tracker.Shipment) bool { return a.ID == b.ID }), nil
}

// travelsWith reports whether a carrier has one of a shipment's legs; "" is any.
func travelsWith(s *tracker.Shipment, carrier string) bool {
	return carrier == "" || slices.ContainsFunc(s.Legs, func(l tracker.ShipmentLeg) bool { return l.Carrier == carrier })
}

// part cuts the part that is asked for out of a short list.
func (p *easyPostPage) part(all []*tracker.Shipment) (part []*tracker.Shipment, more bool) {
	for _, shipment := range all {
		at := tracker.CursorOf(shipment)
		order := func(c *tracker.Cursor) int { return cmp.Or(cmp.Compare(at.Order, c.Order), cmp.Compare(at.Key, c.Key)) }
		switch {
		case p.before != nil && order(p.before) >= 0, p.after != nil && order(p.after) <= 0:
		default:
			if within, _ := p.holds(at.Order); within {
				part = append(part, shipment)
			}
		}
	}
	if more = len(part) > p.size; more && p.after != nil {
		return part[len(part)-p.size:], true
	}
	return part[:min(len(part), p.size)], more
}
