package api

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
)

// hookPage is the data of "webhook.html": an endpoint and what was sent to it.
type hookPage struct {
	web.Desk
	hookRow

	Waiting int
	// Replays are those that are not through yet.
	Replays    int
	State      string
	States     []string
	Deliveries []deliveryRow
	// Older leads to the next page; empty at the end.
	Older string
}

// deliveryRow is a delivery, with its attempts where it is shown alone.
type deliveryRow struct {
	Event, Type, Shipment, State, Created, Next string
	Seq                                         int64
	Tries                                       int
	Attempts                                    []attemptRow
}

// attemptRow is an attempt and what was answered.
type attemptRow struct {
	At, Took, Error, Response string
	Status                    int
}

const deliveriesShown = 50

// hookStates are what the list of deliveries can be narrowed to.
var hookStates = []string{"", "pending", "retrying", "failed"}

func (s *Server) getHook(c *fiber.Ctx) error {
	ctx := c.UserContext()
	e, err := s.ownWebhook(ctx, c.Params("id"))
	if err != nil {
		return err
	}
	state := c.Query("state")
	after, err := parseCursor(c.Query("cursor"))
	if err != nil {
		return err
	}
	page := tracker.Page{After: after, Limit: deliveriesShown}
	list, err := tracker.LoadList[tracker.WebhookDelivery](ctx, s.store, listOfDeliveries(e.ID, state), page)
	if err != nil {
		return err
	}
	out := hookPage{Desk: s.desktop(c, e.URL), hookRow: hookRowOf(e, s.tongue(c)), State: state, States: hookStates, Replays: len(e.Replays)}
	for _, d := range list {
		out.Deliveries = append(out.Deliveries, deliveryRowOf(d, 1))
	}
	if len(list) == deliveriesShown {
		query := url.Values{"cursor": {cursorText(tracker.CursorOf(list[len(list)-1]))}, "state": {state}}
		out.Older = c.Path() + "?" + query.Encode()
	}
	if out.Waiting, err = s.store.Count(ctx, tracker.WebhookDeliveries, tracker.ListOfLine(e.ID), 10_000); err != nil {
		return err
	}
	return s.sendDesk(c, "webhook.html", out)
}

// listOfDeliveries is the list of an endpoint's deliveries that are so far; all of them for any other state.
func listOfDeliveries(endpoint, state string) string {
	switch tracker.WebhookState(state) {
	case tracker.WebhookPending:
		return tracker.ListOfLine(endpoint)
	case tracker.WebhookRetrying:
		return tracker.ListOfRetrying(endpoint)
	case tracker.WebhookFailed:
		return tracker.ListOfFailed(endpoint)
	case tracker.WebhookDelivered, tracker.WebhookSending:
	}
	return tracker.ListOfEndpoint(endpoint)
}

func deliveryRowOf(d *tracker.WebhookDelivery, attempts int) deliveryRow {
	shown := deliveryOf(d, attempts)
	row := deliveryRow{
		Event: d.Event, Type: d.Type, Shipment: d.Shipment, State: string(d.State), Created: utcText(d.CreatedAt), Seq: d.Seq, Tries: d.Tries,
	}
	if shown.NextAt != nil {
		row.Next = utcText(*shown.NextAt)
	}
	for i, a := range shown.Attempts {
		row.Attempts = append(row.Attempts, attemptRow{
			At: utcText(a.At), Took: d.Attempts[len(d.Attempts)-1-i].Took.Round(1e6).String(), Error: a.Error, Response: a.Response, Status: a.Status,
		})
	}
	return row
}

// hookDeliveryPage is the data of "delivery.html": a delivery with all its attempts.
type hookDeliveryPage struct {
	web.Desk

	Endpoint string
	Delivery deliveryRow
}

func (s *Server) getHookDelivery(c *fiber.Ctx) error {
	ctx := c.UserContext()
	e, err := s.ownWebhook(ctx, c.Params("id"))
	if err != nil {
		return err
	}
	d, err := tracker.Load[tracker.WebhookDelivery](ctx, s.store, tracker.WebhookDeliveryKey(e.ID, c.Params("event")))
	if err != nil {
		return err
	}
	return s.sendDesk(c, "delivery.html", hookDeliveryPage{
		Desk: s.desktop(c, d.Type), Endpoint: e.ID, Delivery: deliveryRowOf(d, len(d.Attempts)),
	})
}
