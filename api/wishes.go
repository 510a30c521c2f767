package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
)

// Recipients say how a parcel is to be delivered, where carrier and milestone allow it; who drives reads it with the round.

// wishRoutes are the recipient's side.
func (s *Server) wishRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/v1/track/:number/wish", s.getWish)
	r.Add(fiber.MethodPost, "/v1/track/:number/wish", s.postWish)
	r.Add(fiber.MethodPost, "/t/:number/wish", s.page(s.postWishPage))
}

// wishOperations are the fleet's side.
func (s *Server) wishOperations() {
	operation(s, huma.Operation{
		OperationID: "list-wishes", Method: http.MethodGet, Path: "/v1/fleet/routes/{id}/wishes", Tags: []string{"Fleet"},
		Summary:     "How the recipients on a round want their parcels delivered",
		Description: "Read it for whoever drives: from then on recipients see that their wish was passed on.",
	}, s.listWishes)
}

// WishInput is a wish.
type WishInput struct {
	Kind string `json:"kind" enum:"safe_place,neighbour,instructions,authority_to_leave,another_day" example:"safe_place"`
	Text string `json:"text,omitempty" maxLength:"400" doc:"Where, or what: up to 200 characters. Kept sealed." example:"Behind the shed"`
	Day  string `json:"day,omitempty" maxLength:"10" doc:"For another day: one of the next 14." example:"2026-11-25"`
}

// WishOutput is what can be wished for, and what was and became of it.
type WishOutput struct {
	Offered []string `json:"offered" doc:"Empty where nothing can be wished for here: other carriers take it on their own pages."`
	Kind    string   `json:"kind,omitempty" doc:"The latest wish."`
	Text    string   `json:"text,omitempty"`
	Day     string   `json:"day,omitempty"`
	State   string   `json:"state,omitempty" enum:"requested,passed_on,delivered,too_late"`
}

// wishOf is what can be wished for a parcel, and what was.
func (s *Server) wishOf(ctx context.Context, t *tracker.Tracking) (*WishOutput, error) {
	out := &WishOutput{Offered: []string{}}
	for _, kind := range tracker.WishesOffered(t) {
		out.Offered = append(out.Offered, string(kind))
	}
	w, err := tracker.Load[tracker.DeliveryWish](ctx, s.store, t.Shipment.ID)
	if errors.Is(err, tracker.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	out.Kind, out.Day, out.State = string(w.Kind), w.Day, string(w.State(&t.View))
	out.Text, err = w.Text(ctx, s.store, s.keys)
	return out, err
}

func (s *Server) getWish(c *fiber.Ctx) error {
	allowOrigins(c)
	shipment, err := s.openShipment(c)
	if err != nil {
		return err
	}
	t, err := s.finder.Shipment(c.UserContext(), shipment)
	if err != nil {
		return err
	}
	out, err := s.wishOf(c.UserContext(), &t)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.JSON(out)
}

// wish takes a wish of who has proved to be the recipient.
func (s *Server) wish(c *fiber.Ctx, in WishInput) (*tracker.Tracking, error) {
	shipment, err := s.mayWrite(c)
	if err != nil {
		return nil, err
	}
	t, err := s.finder.Shipment(c.UserContext(), shipment)
	if err != nil {
		return nil, err
	}
	w, err := tracker.NewWish(c.UserContext(), s.store, s.keys, &t, tracker.WishKind(in.Kind), in.Day, in.Text, s.now())
	if errors.Is(err, tracker.ErrWish) {
		return nil, invalid("kind", err.Error(), "safe_place")
	}
	if err != nil {
		return nil, err
	}
	return &t, tracker.Save(c.UserContext(), s.store, w)
}

func (s *Server) postWish(c *fiber.Ctx) error {
	allowOrigins(c)
	var in WishInput
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	t, err := s.wish(c, in)
	if err != nil {
		return err
	}
	out, err := s.wishOf(c.UserContext(), t)
	if err != nil {
		return err
	}
	return c.Status(http.StatusCreated).JSON(out)
}

func (s *Server) postWishPage(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	t, err := s.wish(c, WishInput{Kind: form.Get("kind"), Text: form.Get("text"), Day: form.Get("day")})
	if err != nil {
		return err
	}
	query := url.Values{"lang": {s.wordsFor(c).Tag()}, "s": {c.Query("s")}, "notice": {"wish_taken"}}
	return c.Redirect("/t/"+t.Shipment.ID+"?"+query.Encode(), http.StatusSeeOther)
}

// wishOnPage is what the tracking page shows of it.
func (s *Server) wishOnPage(ctx context.Context, t *tracker.Tracking) (*web.Wish, error) {
	out, err := s.wishOf(ctx, t)
	if err != nil || len(out.Offered) == 0 && out.Kind == "" {
		return nil, err
	}
	return &web.Wish{Offered: out.Offered, Kind: out.Kind, Text: out.Text, Day: out.Day, State: out.State}, nil
}

// RoundWish is a wish for a parcel of a round.
type RoundWish struct {
	Stop     string `json:"stop" example:"s2"`
	Shipment string `json:"shipment"`
	Kind     string `json:"kind" example:"safe_place"`
	Text     string `json:"text,omitempty"`
	Day      string `json:"day,omitempty"`
}

// RoundWishes are the wishes of a round.
type RoundWishes struct {
	Items []RoundWish `json:"items"`
}

func (s *Server) listWishes(ctx context.Context, in *ByRoute) (*Body[RoundWishes], error) {
	route, err := tracker.Load[tracker.Route](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	var ids []string
	stops := map[string]string{}
	for i := range route.Stops {
		for _, id := range route.Stops[i].Shipments {
			ids, stops[id] = append(ids, id), route.Stops[i].ID
		}
	}
	rows, err := s.store.Get(ctx, tracker.Wishes, ids...)
	if err != nil {
		return nil, err
	}
	wishes, err := tracker.DecodeAll[tracker.DeliveryWish](rows)
	if err != nil {
		return nil, err
	}
	out := RoundWishes{Items: []RoundWish{}}
	for _, w := range wishes {
		text, err := w.Text(ctx, s.store, s.keys)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, RoundWish{stops[w.Shipment], w.Shipment, string(w.Kind), text, w.Day})
		if w.PassedAt.IsZero() {
			w.PassedAt = s.now().UTC()
			if err := tracker.Save(ctx, s.store, w); err != nil && !errors.Is(err, tracker.ErrConflict) { // a newer wish: it is read next time
				return nil, err
			}
		}
	}
	return &Body[RoundWishes]{Body: out}, nil
}
