// Package returns decides what customers may send back: within their seller's rules, each item once, approved by rule or by
// the seller, and received with what came.
package returns

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// ErrInput is wrapped by errors that say what is wrong with what was asked.
var ErrInput = errors.New("this cannot be returned")

// ErrState is wrapped where a return is not in the state for it.
var ErrState = errors.New("the return is not in the state for this")

// Registrar makes shipments. tracker.Ingest is one.
type Registrar interface {
	Register(ctx context.Context, list []tracker.NewShipment) ([]*tracker.Shipment, []error)
	Accept(ctx context.Context, receipt *tracker.Receipt) (tracker.Outcome, error)
}

// Desk takes returns in and works on them.
type Desk struct {
	Store  tracker.Store
	Ingest Registrar
	Keys   *seal.Keys
	Now    func() time.Time
}

// Wish is what somebody wants to send back.
type Wish struct {
	Items  []tracker.ReturnItem
	Method tracker.ReturnMethod
	// By is who asks: "customer", or a key or user of the seller, who need not keep the days.
	By string
}

// mostReturns is how many returns one shipment has at most.
const mostReturns = 50

// Ask takes a wish in. ErrInput says why it does not keep the rules.
func (d *Desk) Ask(ctx context.Context, s *tracker.Shipment, rules *tracker.ReturnRules, w Wish) (*tracker.Return, error) {
	if err := keeps(s, rules, &w, d.Now()); err != nil {
		return nil, err
	}
	for {
		before, err := d.Of(ctx, s.ID)
		if err != nil {
			return nil, err
		}
		if len(before) >= mostReturns {
			return nil, fmt.Errorf("%w: the shipment has %d returns already", ErrInput, mostReturns)
		}
		items, err := left(s, before, w.Items)
		if err != nil {
			return nil, err
		}
		now := d.Now().UTC()
		r := &tracker.Return{
			ID: tracker.ReturnKey(s.ID, len(before)+1), Tenant: s.Tenant, Outbound: s.ID, Order: s.Order, Items: items, Method: w.Method,
			PaidBy: paidBy(rules, items), ToldAt: now,
		}
		step(r, tracker.ReturnRequested, w.By, now)
		if rules.Approve {
			step(r, tracker.ReturnApproved, "rule", now)
		}
		err = tracker.Save(ctx, d.Store, r)
		if errors.Is(err, tracker.ErrConflict) {
			continue // another one came first: what is left is counted anew
		}
		if err != nil {
			return nil, err
		}
		return r, d.Finish(ctx, r)
	}
}

// keeps says what of a wish does not keep the rules.
func keeps(s *tracker.Shipment, rules *tracker.ReturnRules, w *Wish, now time.Time) error {
	switch {
	case rules == nil || rules.Days == 0:
		return fmt.Errorf("%w: the shop takes no returns here; ask it", ErrInput)
	case s.Return:
		return fmt.Errorf("%w: it is a return itself", ErrInput)
	case s.View.Milestone != tracker.Delivered:
		return fmt.Errorf("%w: the parcel was not delivered yet", ErrInput)
	case w.By == tracker.ByCustomer && now.After(Until(s, rules)):
		return fmt.Errorf("%w: the %d days after the delivery are over", ErrInput, rules.Days)
	case !slices.Contains(Methods(rules), w.Method):
		return fmt.Errorf("%w: the method is none of %v", ErrInput, Methods(rules))
	case len(w.Items) == 0:
		return fmt.Errorf("%w: choose at least one item", ErrInput)
	}
	for _, item := range w.Items {
		if !slices.Contains(Reasons(rules), item.Reason) {
			return fmt.Errorf("%w: the reason %.40q is none of %v", ErrInput, item.Reason, Reasons(rules))
		}
		if item.SKU != "" && slices.Contains(rules.Except, item.SKU) {
			return fmt.Errorf("%w: %s does not come back", ErrInput, item.SKU)
		}
	}
	return nil
}

// Until is when the days for a return are over.
func Until(s *tracker.Shipment, rules *tracker.ReturnRules) time.Time {
	return s.View.Since.Instant().AddDate(0, 0, rules.Days)
}

// Reasons are those a customer may choose from.
func Reasons(rules *tracker.ReturnRules) []string {
	if len(rules.Reasons) == 0 {
		return tracker.ReturnReasons()
	}
	return rules.Reasons
}

// Methods are the ways in which a parcel may go back.
func Methods(rules *tracker.ReturnRules) []tracker.ReturnMethod {
	if len(rules.Methods) == 0 {
		return []tracker.ReturnMethod{tracker.ReturnDropOff}
	}
	return rules.Methods
}

// paidBy is who pays: the seller for what is the seller's fault.
func paidBy(rules *tracker.ReturnRules, items []tracker.ReturnItem) string {
	fault := func(i tracker.ReturnItem) bool {
		return slices.Contains([]string{"damaged", "wrong_item", "not_as_described"}, i.Reason)
	}
	if rules.PaidBy == "customer" && !slices.ContainsFunc(items, fault) {
		return "customer"
	}
	return "seller"
}

// Offered are the items of a shipment; the parcel itself where the seller told of none.
func Offered(s *tracker.Shipment) []tracker.Item {
	if len(s.Items) == 0 {
		return []tracker.Item{{Quantity: 1}}
	}
	return s.Items
}

// counted is how many of each item do not come back already.
func counted(s *tracker.Shipment, before []*tracker.Return) map[string]int {
	there := map[string]int{}
	for _, item := range Offered(s) {
		there[item.SKU] += item.Quantity
	}
	for _, r := range before {
		if r.State == tracker.ReturnRefused || r.State == tracker.ReturnWithdrawn {
			continue
		}
		for _, item := range r.Items {
			there[item.SKU] -= item.Quantity
		}
	}
	return there
}

// Left are the items that can still be sent back by the rules, each SKU once.
func Left(s *tracker.Shipment, rules *tracker.ReturnRules, before []*tracker.Return) []tracker.Item {
	there, list := counted(s, before), []tracker.Item{}
	for _, item := range Offered(s) {
		if n := there[item.SKU]; n > 0 && !slices.Contains(rules.Except, item.SKU) {
			list = append(list, tracker.Item{SKU: item.SKU, Quantity: n, Title: item.Title})
			there[item.SKU] = 0
		}
	}
	return list
}

// left checks that what is asked for was in the shipment and does not come back already, and gives it with its titles.
func left(s *tracker.Shipment, before []*tracker.Return, wanted []tracker.ReturnItem) ([]tracker.ReturnItem, error) {
	there, title := counted(s, before), map[string]string{}
	for _, item := range Offered(s) {
		title[item.SKU] = item.Title
	}
	items := slices.Clone(wanted)
	for i := range items {
		item := &items[i]
		if _, known := title[item.SKU]; !known {
			return nil, fmt.Errorf("%w: %.64q was not in the parcel", ErrInput, item.SKU)
		}
		if item.Quantity < 1 || item.Quantity > there[item.SKU] {
			return nil, fmt.Errorf("%w: of %.64q %d are left to return, not %d", ErrInput, item.SKU, max(0, there[item.SKU]), item.Quantity)
		}
		there[item.SKU] -= item.Quantity
		item.Title = title[item.SKU]
	}
	return items, nil
}

func step(r *tracker.Return, state tracker.ReturnState, by string, now time.Time) {
	r.State = state
	r.Steps = append(r.Steps, tracker.ReturnStep{State: state, At: now.UTC(), By: by})
}

// Of are the returns of a shipment, the newest first.
func (d *Desk) Of(ctx context.Context, shipment string) ([]*tracker.Return, error) {
	return tracker.LoadList[tracker.Return](ctx, d.Store, tracker.ListOfShipment(shipment), tracker.Page{Limit: mostReturns + 1})
}
