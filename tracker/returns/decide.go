package returns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
)

// change brings a return to a state from one of others, unless it is there already.
func (d *Desk) change(
	ctx context.Context, id, by string, to tracker.ReturnState, with func(*tracker.Return) error, from ...tracker.ReturnState,
) (*tracker.Return, error) {
	for {
		r, err := tracker.Load[tracker.Return](ctx, d.Store, id)
		if err != nil || r.State == to {
			return r, err
		}
		if !slices.Contains(from, r.State) {
			return nil, fmt.Errorf("%w: it is %s", ErrState, r.State)
		}
		if err := with(r); err != nil {
			return nil, err
		}
		step(r, to, by, d.Now())
		r.ToldAt = d.Now().UTC()
		err = tracker.Save(ctx, d.Store, r)
		if errors.Is(err, tracker.ErrConflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return r, d.Finish(ctx, r)
	}
}

// Approve lets a return come.
func (d *Desk) Approve(ctx context.Context, id, by string) (*tracker.Return, error) {
	return d.change(ctx, id, by, tracker.ReturnApproved, func(*tracker.Return) error { return nil }, tracker.ReturnRequested)
}

// Refuse says no, and why.
func (d *Desk) Refuse(ctx context.Context, id, by, why string) (*tracker.Return, error) {
	return d.change(ctx, id, by, tracker.ReturnRefused, func(r *tracker.Return) error {
		r.Why = why
		return nil
	}, tracker.ReturnRequested)
}

// Withdraw takes a wish back that nobody has begun with.
func (d *Desk) Withdraw(ctx context.Context, id, by string) (*tracker.Return, error) {
	return d.change(ctx, id, by, tracker.ReturnWithdrawn, func(*tracker.Return) error { return nil }, tracker.ReturnRequested)
}

// Receive notes what came back. It may be other than what was asked for; what of it was not in the outbound parcel is kept too.
func (d *Desk) Receive(ctx context.Context, id, by string, items []tracker.ReceivedItem) (*tracker.Return, error) {
	for _, item := range items {
		if item.Quantity < 1 || !slices.Contains(tracker.ReturnConditions(), item.Condition) {
			return nil, fmt.Errorf("%w: an item has a quantity of at least 1 and a condition of %v", ErrInput, tracker.ReturnConditions())
		}
	}
	return d.change(ctx, id, by, tracker.ReturnReceived, func(r *tracker.Return) error {
		r.Received = items
		return nil
	}, tracker.ReturnApproved)
}

// Finish makes what follows from a return's state: the parcel of one that was approved, the last scan of one that was
// received. It may be done twice.
func (d *Desk) Finish(ctx context.Context, r *tracker.Return) error {
	switch r.State {
	case tracker.ReturnApproved:
		return d.makeParcel(ctx, r)
	case tracker.ReturnReceived:
		if err := d.makeParcel(ctx, r); err != nil {
			return err
		}
		return d.arrived(ctx, r)
	case tracker.ReturnRequested, tracker.ReturnRefused, tracker.ReturnWithdrawn:
	}
	return nil
}

// makeParcel registers the parcel that goes back, by the return's id as its reference: one that a crash left is found by it.
func (d *Desk) makeParcel(ctx context.Context, r *tracker.Return) error {
	if r.Shipment != "" {
		return nil
	}
	made, err := tracker.LoadList[tracker.Shipment](ctx, d.Store, tracker.ListOfReference(r.Tenant, r.ID), tracker.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(made) == 0 {
		n, err := d.parcel(ctx, r)
		if err != nil {
			return err
		}
		shipments, errs := d.Ingest.Register(ctx, []tracker.NewShipment{n})
		if errs[0] != nil {
			return errs[0]
		}
		made = shipments
	}
	r.Shipment = made[0].ID
	err = tracker.Save(ctx, d.Store, r)
	if errors.Is(err, tracker.ErrConflict) {
		return nil // somebody went on with it, and makes the same
	}
	return err
}

// parcel is what is registered of a return: it comes from where the outbound parcel went, and its customer is told of it.
func (d *Desk) parcel(ctx context.Context, r *tracker.Return) (tracker.NewShipment, error) {
	s, err := tracker.Load[tracker.Shipment](ctx, d.Store, r.Outbound)
	if err != nil {
		return tracker.NewShipment{}, err
	}
	rules := &tracker.ReturnRules{}
	tenant, err := tracker.TenantOf(ctx, d.Store, r.Tenant)
	if err != nil && !errors.Is(err, tracker.ErrNotFound) {
		return tracker.NewShipment{}, err
	}
	if err == nil && tenant.Returns != nil {
		rules = tenant.Returns
	}
	person, err := tracker.OpenRecipient(ctx, d.Store, d.Keys, s)
	if err != nil {
		return tracker.NewShipment{}, err
	}
	a := rules.Address
	person.Address = tracker.Address{} // the shop's postal code, which anybody knows, must not open the customer's details
	n := tracker.NewShipment{
		Tenant: r.Tenant, Order: r.Order, Reference: r.ID, Service: s.Service, Recipient: person, Locale: s.Locale, Return: true, Outbound: s.ID,
		Origin: s.Destination, Destination: tracker.Location{City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country},
		Zone: s.Zone, Test: s.Test,
	}
	for _, item := range r.Items {
		n.Items = append(n.Items, tracker.Item{SKU: item.SKU, Quantity: item.Quantity, Title: item.Title})
	}
	return n, nil
}

// arrived tells the parcel's leg that it is back.
func (d *Desk) arrived(ctx context.Context, r *tracker.Return) error {
	at := r.Steps[len(r.Steps)-1].At
	body, err := json.Marshal(map[string]string{
		"id": r.ID, "device": "returns", "code": r.Shipment, "action": "returned", "reason": "return_received", "at": at.UTC().Format(time.RFC3339),
	})
	if err != nil {
		return err
	}
	_, err = d.Ingest.Accept(ctx, &tracker.Receipt{
		Source: tracker.FromSeller, Carrier: tracker.FleetCarrier, Account: r.Tenant, ContentType: "application/json", Body: body,
	})
	return err
}
