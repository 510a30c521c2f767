package api

import (
	"context"
	"encoding/base64"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"waybill/tracker"
)

// ListInput asks for a part of the shipments.
type ListInput struct {
	PageInput
	FieldsInput
	Milestone string `query:"milestone" maxLength:"32" doc:"Only those that stand at a milestone." example:"in_transit"`
	Attention string `query:"attention" maxLength:"32" doc:"Only those that need a person's eye: any, delayed, stuck or probably_lost." example:"stuck"`
	Order     string `query:"order" maxLength:"128" doc:"Only those of an order."`
	Reference string `query:"reference" maxLength:"128" doc:"Only those that you call so."`
	Tag       string `query:"tag" maxLength:"64" doc:"Only those with a tag."`
	Carrier   string `query:"carrier" maxLength:"64" doc:"Only those that travel with a carrier." example:"ups"`
	Number    string `query:"tracking_number" maxLength:"64" doc:"Only those under a carrier's number." example:"1Z999AA10123456784"`
	Late      string `query:"late" enum:"true,false" doc:"Only those that are late, or are not." example:"true"`
	From      string `query:"created_from" maxLength:"40" doc:"Only those registered at this time or later, RFC 3339." example:"2026-11-23T00:00:00Z"`
	To        string `query:"created_to" maxLength:"40" doc:"Only those registered before this time." example:"2026-11-24T00:00:00Z"`
}

// PageInput asks for a page of a list.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"256" doc:"The next of the page before."`
}

// Page is a page of a list.
type Page[T any] struct {
	Items []T `json:"items"`
	// Next asks for the page after; absent on the last one.
	Next string `json:"next,omitempty" doc:"Give it as cursor for the next page; absent on the last."`
}

// mostScanned is how many rows one request reads to find those that meet all filters: there is a list for each filter
// but late, and none for several together.
const mostScanned = 2000

func (s *Server) listShipments(ctx context.Context, in *ListInput) (*Body[Page[Shipment]], error) {
	after, from, err := in.span()
	if err != nil {
		return nil, err
	}
	list, err := in.list(callerOf(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	page := Page[Shipment]{Items: []Shipment{}}
	for scanned, more := 0, true; more && scanned < mostScanned && len(page.Items) < in.Limit; {
		rows, err := tracker.LoadList[tracker.Shipment](ctx, s.store, list, tracker.Page{After: after, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		more = len(rows) == in.Limit
		for i, r := range rows {
			if r.CreatedAt.Before(from) { // the list falls in time: all that follow are older
				more = false
				break
			}
			after, scanned = tracker.CursorOf(r), scanned+1
			if in.fits(r) {
				page.Items = append(page.Items, s.listedShipment(r))
			}
			if len(page.Items) == in.Limit {
				more = more || i < len(rows)-1
				break
			}
		}
		page.Next = ""
		if more {
			page.Next = cursorText(after)
		}
	}
	return &Body[Page[Shipment]]{Body: page}, nil
}

// span is where reading begins, and the time at which it ends.
func (in *ListInput) span() (after *tracker.Cursor, from time.Time, err error) {
	if err := in.check(reflect.TypeFor[Shipment]()); err != nil {
		return nil, from, err
	}
	if from, err = parseTime("query.created_from", in.From); err != nil {
		return nil, from, err
	}
	to, err := parseTime("query.created_to", in.To)
	if err != nil {
		return nil, from, err
	}
	after, err = parseCursor(in.Cursor)
	if after == nil && !to.IsZero() {
		after = &tracker.Cursor{Order: to.UnixMilli()}
	}
	return after, from, err
}

// list is the narrowest list that holds what is asked for.
func (in *ListInput) list(tenant string) (string, error) {
	if in.Attention != "" && in.Attention != anyConcern && !slices.Contains(tracker.Attentions(), tracker.Substatus(in.Attention)) {
		return "", invalid("query.attention", "is none of any, delayed, stuck, probably_lost", "stuck")
	}
	var milestone tracker.Milestone
	if in.Milestone != "" {
		var err error
		if milestone, err = tracker.ParseMilestone(in.Milestone); err != nil {
			return "", invalid("query.milestone", err.Error(), "in_transit")
		}
	}
	switch {
	case in.Number != "":
		return tracker.ListOfTrackingNumber(tenant, tracker.NormaliseNumber(in.Number)), nil
	case in.Reference != "":
		return tracker.ListOfReference(tenant, in.Reference), nil
	case in.Order != "":
		return tracker.ListOfOrder(tenant, in.Order), nil
	case in.Attention != "":
		return tracker.ListOfAttention(tenant, in.concern()), nil
	case in.Tag != "":
		return tracker.ListOfTag(tenant, in.Tag), nil
	case in.Carrier != "":
		return tracker.ListOfTenantCarrier(tenant, in.Carrier), nil
	case in.Milestone != "":
		return tracker.ListOfMilestone(tenant, milestone), nil
	}
	return tracker.ListOfTenant(tenant), nil
}

// anyConcern asks for shipments with whatever concern.
const anyConcern = "any"

func (in *ListInput) concern() tracker.Substatus {
	if in.Attention == anyConcern {
		return ""
	}
	return tracker.Substatus(in.Attention)
}

// fits reports whether a row of the list meets the other filters too.
func (in *ListInput) fits(r *tracker.Shipment) bool {
	number := tracker.NormaliseNumber(in.Number)
	return (in.Reference == "" || r.Reference == in.Reference) && (in.Order == "" || r.Order == in.Order) &&
		(in.Milestone == "" || r.View.Milestone.String() == in.Milestone) && (in.Tag == "" || slices.Contains(r.Tags, in.Tag)) &&
		(in.Attention == "" || r.View.Concern.Substatus != "" && (in.Attention == anyConcern || r.View.Concern.Substatus == in.concern())) &&
		(in.Late == "" || r.View.Late == (in.Late == "true")) && travelsWith(r, in.Carrier) &&
		(number == "" || slices.ContainsFunc(r.Legs, func(l tracker.ShipmentLeg) bool { return l.Number == number }))
}

// cursorText is a place in a list as clients see it: opaque.
func cursorText(c *tracker.Cursor) string {
	if c == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.Order, 10) + ":" + c.Key))
}

func parseCursor(text string) (*tracker.Cursor, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // the first page
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	order, key, ok := strings.Cut(string(decoded), ":")
	at, orderErr := strconv.ParseInt(order, 10, 64)
	if err != nil || !ok || orderErr != nil || key == "" || len(key) > tracker.MaxName {
		return nil, invalid("query.cursor", "is none that this server gave; ask for the first page", "")
	}
	return &tracker.Cursor{Order: at, Key: key}, nil
}
