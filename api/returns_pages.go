package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
)

// returnsPage are a seller's returns, each with its outbound shipment and what can be decided.
type returnsPage struct {
	web.Desk
	Page[Return]

	State, Of          string
	States, Conditions []string
}

// conditions are those in which an item may come back, as ReceivedInput has them.
var conditions = []string{"as_new", "opened", "used", "damaged", "missing"}

func (s *Server) returnPageRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/returns", s.page(s.getReturnsPage))
	r.Add(fiber.MethodPost, "/returns/:id/approve", s.page(s.onReturn(s.approveOnPage)))
	r.Add(fiber.MethodPost, "/returns/:id/refuse", s.page(s.onReturn(s.refuseOnPage)))
	r.Add(fiber.MethodPost, "/returns/:id/receive", s.page(s.onReturn(s.receiveOnPage)))
}

func (s *Server) getReturnsPage(c *fiber.Ctx) error {
	in := &ReturnsInput{PageInput: pageInput(c), State: c.Query("state"), Shipment: c.Query("shipment")}
	list, err := s.listReturns(c.UserContext(), in)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "returns-desk.html", returnsPage{
		Desk: s.desktop(c, "Returns"), Page: list.Body, State: in.State, Of: in.Shipment,
		States:     []string{"requested", "approved", "received", "refused", "withdrawn"},
		Conditions: conditions,
	})
}

// onReturn decides on the return in the path, and leads back to the list.
func (s *Server) onReturn(decide func(c *fiber.Ctx, ctx context.Context, id, by string) (*tracker.Return, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, id := c.UserContext(), c.Params("id")
		if _, err := s.decideReturn(ctx, id, func(by string) (*tracker.Return, error) { return decide(c, ctx, id, by) }); err != nil {
			return err
		}
		return c.Redirect("/returns?said=return", http.StatusSeeOther)
	}
}

func (s *Server) approveOnPage(_ *fiber.Ctx, ctx context.Context, id, by string) (*tracker.Return, error) {
	return s.returns.Approve(ctx, id, by)
}

func (s *Server) refuseOnPage(c *fiber.Ctx, ctx context.Context, id, by string) (*tracker.Return, error) {
	reason := c.FormValue("reason")
	if reason == "" || len(reason) > 500 {
		return nil, invalid("reason", "has 1 to 500 characters; the customer reads it", "The seal was broken.")
	}
	return s.returns.Refuse(ctx, id, by, reason)
}

// receiveOnPage takes of each item how many came back, and in what condition, by its place in the return.
func (s *Server) receiveOnPage(c *fiber.Ctx, ctx context.Context, id, by string) (*tracker.Return, error) {
	r, err := s.ownReturn(ctx, id)
	if err != nil {
		return nil, err
	}
	var came []tracker.ReceivedItem
	for i, item := range r.Items {
		text := c.FormValue(fmt.Sprintf("quantity-%d", i))
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return nil, invalid(fmt.Sprintf("quantity-%d", i), fmt.Sprintf("%.20q is no number of pieces", text), "1")
		}
		condition := c.FormValue(fmt.Sprintf("condition-%d", i))
		switch {
		case n == 0:
		case !slices.Contains(conditions, condition):
			return nil, invalid(fmt.Sprintf("condition-%d", i), fmt.Sprintf("%.20q is none of %v", condition, conditions), conditions[0])
		default:
			came = append(came, tracker.ReceivedItem{SKU: item.SKU, Quantity: n, Condition: condition})
		}
	}
	if len(came) == 0 {
		return nil, invalid("quantity-0", "say what came back; wait while nothing has", "1")
	}
	return s.returns.Receive(ctx, id, by, came)
}
