package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/limit"
)

// subscriptionOperations let sellers subscribe their recipients.
func (s *Server) subscriptionOperations() {
	operation(s, huma.Operation{
		OperationID: "subscribe", Method: http.MethodPost, Path: "/v1/shipments/{id}/subscriptions", Tags: []string{"Messages"},
		Summary: "Have somebody told of a shipment", DefaultStatus: http.StatusCreated,
		Description: "With recipient, the address is the recipient's, whose consent you have: it is told at once. " +
			"Others are asked to confirm first (e-mail, SMS).",
	}, s.postSubscription)
}

// Wish is who wants to be told, and of what.
type Wish struct {
	Channel string `json:"channel" enum:"email,sms,push" example:"email"`
	// Address is the e-mail address, the phone number, or the browser's push subscription as JSON text.
	Address string   `json:"address" maxLength:"4096" doc:"E-mail address, phone number, or the browser's push subscription as JSON text." example:"ada@example.com"`
	Moments []string `json:"moments,omitempty" maxItems:"20" doc:"What to tell; the defaults of the channel where it is absent." example:"[\"out_for_delivery\",\"delivered\"]"`
	Locale  string   `json:"locale,omitempty" maxLength:"35" example:"de"`
}

// SubscribeInput is a seller's request to have somebody told.
type SubscribeInput struct {
	ByID
	Body struct {
		Wish
		Recipient bool `json:"recipient,omitempty" doc:"It is the recipient, whose consent you have."`
	}
}

// Subscription is a subscription without its address.
type Subscription struct {
	ID        string    `json:"id"`
	Channel   string    `json:"channel"`
	Moments   []string  `json:"moments,omitempty"`
	Confirmed bool      `json:"confirmed" doc:"Whether it is in force; else a message asks to confirm it."`
	CreatedAt time.Time `json:"created_at"`
}

func subscriptionOf(r *tracker.Subscription) Subscription {
	out := Subscription{ID: r.ID, Channel: string(r.Channel), Confirmed: r.Active(), CreatedAt: r.CreatedAt}
	for _, m := range r.Moments {
		out.Moments = append(out.Moments, string(m))
	}
	return out
}

func (w *Wish) wish(consent string) notify.Wish {
	out := notify.Wish{Channel: tracker.Channel(w.Channel), Address: w.Address, Locale: w.Locale, Consent: consent}
	for _, m := range w.Moments {
		out.Moments = append(out.Moments, tracker.Moment(m))
	}
	return out
}

func (s *Server) postSubscription(ctx context.Context, in *SubscribeInput) (*Body[Subscription], error) {
	shipment, err := s.ownShipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	subscribe := s.desk.Subscribe
	if in.Body.Recipient {
		subscribe = s.desk.Recipient
	}
	made, err := subscribe(ctx, shipment, in.Body.wish("the seller's check-out, told by "+callerOf(ctx).name()))
	if err != nil {
		return nil, wishProblem(err)
	}
	return &Body[Subscription]{Body: subscriptionOf(made)}, nil
}

// wishProblem says what is wrong with a wish. The texts never hold the address.
func wishProblem(err error) error {
	switch {
	case errors.Is(err, notify.ErrAddress):
		return invalid("address", err.Error(), "ada@example.com")
	case errors.Is(err, notify.ErrMoment):
		return invalid("moments", err.Error(), "delivered")
	case errors.Is(err, notify.ErrTooMany):
		return problem("rate_limited", err.Error()).later(time.Hour)
	case errors.Is(err, notify.ErrLink):
		return problem("proof_wrong", err.Error())
	}
	return err
}

// wishesPerHour is how many subscriptions one address may ask for: each may send a message to a stranger.
const wishesPerHour = 10

// subscribeVisitor takes the wish of somebody who knows the number, from the API or the page.
func (s *Server) subscribeVisitor(c *fiber.Ctx, w *Wish) (*tracker.Subscription, error) {
	if err := s.count(c, s.limiter, "wish:"+s.addressOf(c), limit.PerHour(wishesPerHour)); err != nil {
		return nil, err
	}
	shipment, err := s.shipmentInPath(c)
	if err != nil {
		return nil, err
	}
	if w.Locale == "" {
		w.Locale = s.wordsFor(c).Tag()
	}
	made, err := s.desk.Subscribe(c.UserContext(), shipment, w.wish("tracking page"))
	if err != nil {
		return nil, wishProblem(err)
	}
	return made, nil
}

// shipmentInPath is the shipment of our own number in the path. A carrier's number alone belongs to nobody.
func (s *Server) shipmentInPath(c *fiber.Ctx) (*tracker.Shipment, error) {
	number, err := numberOf(c)
	if err != nil {
		return nil, err
	}
	id, ok := tracker.ParseTrackingID(number)
	if !ok {
		return nil, problem("not_found", "Only the number that the shop gave (WB…) can do this; a carrier's number cannot.")
	}
	return tracker.Load[tracker.Shipment](c.UserContext(), s.store, id)
}

// Asked says that a wish to be told was taken in.
type Asked struct {
	Channel string `json:"channel" example:"email"`
	Note    string `json:"note"`
}

func (s *Server) postTrackSubscription(c *fiber.Ctx) error {
	allowOrigins(c)
	var wish Wish
	if err := s.readJSON(c, &wish); err != nil {
		return err
	}
	made, err := s.subscribeVisitor(c, &wish)
	if err != nil {
		return err
	}
	// Who asks is not told whether the address was known.
	return c.Status(fiber.StatusAccepted).JSON(Asked{
		Channel: string(made.Channel), Note: "Where the channel asks for it, a message was sent to confirm the subscription.",
	})
}
