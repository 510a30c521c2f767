package api

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"waybill/tracker"
)

// ListInput asks for a part of the shipments.
type ListInput struct {
	PageInput
	Milestone string `query:"milestone" maxLength:"32" doc:"Only those that stand at a milestone." example:"in_transit"`
	Attention string `query:"attention" maxLength:"32" doc:"Only those that need a person's eye: any, delayed, stuck or probably_lost." example:"stuck"`
	Order     string `query:"order" maxLength:"128" doc:"Only those of an order."`
	Reference string `query:"reference" maxLength:"128" doc:"Only those that you call so."`
	Tag       string `query:"tag" maxLength:"64" doc:"Only those with a tag."`
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

// mostScanned is how many rows one request reads to find those with a tag, for which there is no list.
const mostScanned = 2000

func (s *Server) listShipments(ctx context.Context, in *ListInput) (*Body[Page[Shipment]], error) {
	after, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := in.list(callerOf(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	page := Page[Shipment]{Items: []Shipment{}}
	for scanned := 0; scanned < mostScanned; {
		rows, err := tracker.LoadList[tracker.Shipment](ctx, s.store, list, tracker.Page{After: after, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			after, scanned = tracker.CursorOf(r), scanned+1
			if in.fits(r) {
				page.Items = append(page.Items, s.listedShipment(r))
			}
			if len(page.Items) == in.Limit {
				break
			}
		}
		page.Next = cursorText(after)
		if len(rows) < in.Limit {
			page.Next = ""
			break
		}
		if len(page.Items) == in.Limit {
			break
		}
	}
	return &Body[Page[Shipment]]{Body: page}, nil
}

// list is the narrowest list that holds what is asked for.
func (in *ListInput) list(tenant string) (string, error) {
	if in.Attention != "" && in.Attention != anyConcern && !slices.Contains(tracker.Attentions(), tracker.Substatus(in.Attention)) {
		return "", invalid("query.attention", "is none of any, delayed, stuck, probably_lost", "stuck")
	}
	switch {
	case in.Attention != "":
		return tracker.ListOfAttention(tenant, in.concern()), nil
	case in.Reference != "":
		return tracker.ListOfReference(tenant, in.Reference), nil
	case in.Order != "":
		return tracker.ListOfOrder(tenant, in.Order), nil
	case in.Milestone != "":
		m, err := tracker.ParseMilestone(in.Milestone)
		if err != nil {
			return "", invalid("query.milestone", err.Error(), "in_transit")
		}
		return tracker.ListOfMilestone(tenant, m), nil
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
	return (in.Reference == "" || r.Reference == in.Reference) && (in.Order == "" || r.Order == in.Order) && (in.Milestone == "" || r.View.Milestone.String() == in.Milestone) &&
		(in.Tag == "" || slices.Contains(r.Tags, in.Tag))
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
