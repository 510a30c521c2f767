package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"strconv"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/limit"
	"waybill/tracker/returns"
)

// returnRoutes are the customers' side of returns: where they have proved that the parcel is theirs.
func (s *Server) returnRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/v1/track/:number/returns", s.getTrackReturns)
	r.Add(fiber.MethodPost, "/v1/track/:number/returns", s.postTrackReturn)
	r.Add(fiber.MethodPost, "/t/:number/returns", s.page(s.postReturnPage))
	r.Add(fiber.MethodGet, "/t/:number/returns/:id/code.png", s.returnCode)
	r.Add(fiber.MethodGet, "/t/:number/returns/:id/label.pdf", s.returnLabel)
}

// TrackReturn is a return as its customer sees it.
type TrackReturn struct {
	ID       string               `json:"id"`
	State    string               `json:"state" example:"approved"`
	Status   string               `json:"status" doc:"The state in the reader's language."`
	Items    []tracker.ReturnItem `json:"items"`
	Method   string               `json:"method" example:"drop_off"`
	PaidBy   string               `json:"paid_by" example:"seller"`
	Refused  string               `json:"refused_because,omitempty"`
	Shipment string               `json:"shipment,omitempty" doc:"The parcel that goes back; look it up."`
}

// TrackReturns are the returns of a parcel, and what may still go back.
type TrackReturns struct {
	Items   []TrackReturn  `json:"items"`
	Offered []tracker.Item `json:"offered" doc:"What can be sent back now; empty where nothing can."`
	Reasons []string       `json:"reasons,omitempty"`
	Methods []string       `json:"methods,omitempty"`
	Until   string         `json:"until,omitempty" doc:"The last moment to ask."`
}

func (s *Server) trackReturns(ctx context.Context, shipment *tracker.Shipment, say func(string, ...any) string) (*TrackReturns, error) {
	list, err := s.returns.Of(ctx, shipment.ID)
	if err != nil {
		return nil, err
	}
	out := &TrackReturns{Items: []TrackReturn{}, Offered: []tracker.Item{}}
	for _, r := range list {
		out.Items = append(out.Items, TrackReturn{
			ID: r.ID, State: string(r.State), Status: say("return.state." + string(r.State)), Items: r.Items, Method: string(r.Method),
			PaidBy: r.PaidBy, Refused: r.Why, Shipment: r.Shipment,
		})
	}
	rules, err := s.rulesOf(ctx, shipment.Tenant)
	if err != nil {
		return nil, err
	}
	if rules == nil || rules.Days == 0 || shipment.Return || shipment.View.Milestone != tracker.Delivered || s.now().After(returns.Until(shipment, rules)) {
		return out, nil
	}
	out.Offered = returns.Left(shipment, rules, list)
	out.Reasons, out.Until = returns.Reasons(rules), returns.Until(shipment, rules).UTC().Format("2006-01-02T15:04:05Z07:00")
	for _, m := range returns.Methods(rules) {
		out.Methods = append(out.Methods, string(m))
	}
	return out, nil
}

// rulesOf are a seller's rules, nil where there are none.
func (s *Server) rulesOf(ctx context.Context, tenant string) (*tracker.ReturnRules, error) {
	t, err := tracker.TenantOf(ctx, s.store, tenant)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, nil //nolint:nilnil // a seller that set nothing
	}
	if err != nil {
		return nil, err
	}
	return t.Returns, nil
}

func (s *Server) getTrackReturns(c *fiber.Ctx) error {
	allowOrigins(c)
	shipment, err := s.openShipment(c)
	if err != nil {
		return err
	}
	return s.sendTrackReturns(c, http.StatusOK, shipment)
}

func (s *Server) sendTrackReturns(c *fiber.Ctx, status int, shipment *tracker.Shipment) error {
	out, err := s.trackReturns(c.UserContext(), shipment, s.wordsFor(c).Say)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.Status(status).JSON(out)
}

func (s *Server) postTrackReturn(c *fiber.Ctx) error {
	allowOrigins(c)
	var in ReturnWish
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	shipment, err := s.askReturn(c, &in)
	if err != nil {
		return err
	}
	return s.sendTrackReturns(c, http.StatusCreated, shipment)
}

// askReturn takes a customer's wish in.
func (s *Server) askReturn(c *fiber.Ctx, in *ReturnWish) (*tracker.Shipment, error) {
	shipment, err := s.openShipment(c)
	if err != nil {
		return nil, err
	}
	if err := s.count(c, s.limiter, "return:"+shipment.ID, limit.PerHour(writingsPerHour)); err != nil {
		return nil, err
	}
	rules, err := s.rulesOf(c.UserContext(), shipment.Tenant)
	if err != nil {
		return nil, err
	}
	if _, err = s.returns.Ask(c.UserContext(), shipment, rules, in.wish(tracker.ByCustomer)); err != nil {
		return nil, returnProblem(err)
	}
	return shipment, s.answerByMail(c.UserContext(), shipment)
}

// postReturnPage takes the form of the tracking page: of each item its quantity, by its place in the shipment.
func (s *Server) postReturnPage(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	shipment, err := s.openShipment(c)
	if err != nil {
		return err
	}
	in := &ReturnWish{Method: form.Get("method")}
	for i, item := range returns.Offered(shipment) {
		text := form.Get(fmt.Sprintf("quantity-%d", i))
		n, err := strconv.Atoi(text)
		if err != nil && text != "" || n < 0 {
			return invalid("items", fmt.Sprintf("%.20q is no number of pieces", text), 1)
		}
		if n > 0 {
			in.Items = append(in.Items, ReturnItemInput{SKU: item.SKU, Quantity: n, Reason: form.Get("reason")})
		}
	}
	if shipment, err = s.askReturn(c, in); err != nil {
		return err
	}
	query := url.Values{"lang": {s.wordsFor(c).Tag()}, "s": {c.Query("s")}, "notice": {"return_sent"}}
	return c.Redirect("/t/"+shipment.ID+"?"+query.Encode()+"#returns", http.StatusSeeOther)
}

// provedReturn is the return in the path, for who has the signed link of the shipment with which it came.
func (s *Server) provedReturn(c *fiber.Ctx) (*tracker.Return, error) {
	shipment, err := s.provedShipment(c)
	if err != nil {
		return nil, err
	}
	r, err := tracker.Load[tracker.Return](c.UserContext(), s.store, c.Params("id"))
	if err != nil {
		return nil, err
	}
	if r.Outbound != shipment.ID || r.Shipment == "" {
		return nil, tracker.ErrNotFound
	}
	return r, nil
}

// returnCode is the code that a customer without a printer shows at the pickup point: the tracking ID of the parcel.
func (s *Server) returnCode(c *fiber.Ctx) error {
	r, err := s.provedReturn(c)
	if err != nil {
		return err
	}
	picture, err := qrPicture(r.Shipment)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentType, "image/png")
	return c.Send(picture)
}

// qrPicture is a text as a QR code of 296 pixels, with the white rim that readers need.
func qrPicture(text string) ([]byte, error) {
	const size, rim = 264, 16
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("make the code of a return: %w", err)
	}
	if code, err = barcode.Scale(code, size, size); err != nil {
		return nil, fmt.Errorf("scale the code of a return: %w", err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, rimmed(code, rim)); err != nil {
		return nil, fmt.Errorf("write the code of a return: %w", err)
	}
	return out.Bytes(), nil
}

// returnsOnPage is what the tracking page shows of returns to who has proved to be the recipient.
func (s *Server) returnsOnPage(ctx context.Context, q question, shipment *tracker.Shipment) (*web.Returns, error) {
	all, err := s.trackReturns(ctx, shipment, q.words.Say)
	if err != nil {
		return nil, err
	}
	out := &web.Returns{Reasons: all.Reasons, Methods: all.Methods}
	for _, r := range all.Items {
		out.List = append(out.List, web.ReturnLine{
			ID: r.ID, State: r.State, Method: r.Method, PaidBy: r.PaidBy, Refused: r.Refused, Shipment: r.Shipment, Items: r.Items,
		})
	}
	left := map[string]int{}
	for _, item := range all.Offered {
		left[item.SKU] = item.Quantity
	}
	for i, item := range returns.Offered(shipment) {
		if n := left[item.SKU]; n > 0 {
			out.Offered = append(out.Offered, web.ReturnOffer{Place: i, Title: item.Title, SKU: item.SKU, Most: min(n, item.Quantity)})
		}
	}
	if rules, err := s.rulesOf(ctx, shipment.Tenant); err == nil && rules != nil && len(out.Offered) > 0 {
		out.Until = returns.Until(shipment, rules).In(notify.ZoneOf(shipment, &shipment.View))
	}
	return out, nil
}
