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
	at := tracker.Page{After: page.before, Limit: easyPostRead}
	switch {
	case page.after != nil: // the nearest newer ones, read upwards
		at.After, at.Oldest = page.after, true
	case page.before == nil && !page.end.IsZero():
		at.After = &tracker.Cursor{Order: page.end.UnixMilli() + 1}
	}
	for len(found) <= page.size {
		rows, err := tracker.LoadList[T, R](ctx, store, list, at)
		if err != nil {
			return nil, false, err
		}
		past := false
		for _, row := range rows {
			at.After = tracker.CursorOf(R(row))
			older, newer := !page.start.IsZero() && at.After.Order < page.start.UnixMilli(), !page.end.IsZero() && at.After.Order > page.end.UnixMilli()
			past = past || !at.Oldest && older || at.Oldest && newer
			if !older && !newer && fits(R(row)) {
				found = append(found, R(row))
			}
		}
		if past || len(rows) < easyPostRead {
			break
		}
	}
	more = len(found) > page.size
	found = found[:min(len(found), page.size)]
	if at.Oldest {
		slices.Reverse(found)
	}
	return found, more, nil
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
		case !p.start.IsZero() && at.Order < p.start.UnixMilli(), !p.end.IsZero() && at.Order > p.end.UnixMilli():
		default:
			part = append(part, shipment)
		}
	}
	if more = len(part) > p.size; more && p.after != nil {
		return part[len(part)-p.size:], true
	}
	return part[:min(len(part), p.size)], more
}
