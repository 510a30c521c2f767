// Package cases keeps what support works on: problems with shipments, what people write to each other about them, and what
// is decided. A case is one record, changed by compare-and-set; what people write is sealed under the recipient's data key.
package cases

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// What a change may be refused for.
var (
	// ErrInput is wrapped by errors that say what is wrong with what was asked.
	ErrInput = errors.New("the case cannot take this")
	// ErrSettled is wrapped where a case is closed: another one is opened instead.
	ErrSettled = errors.New("the case is closed; open a new one")
)

// How much a case holds.
const (
	maxText    = 4000 // characters of one message or note
	maxEntries = 300
	// maxOpen is how many unsettled cases one shipment has at most: a form that is posted again and again fills no store.
	maxOpen = 5
)

// Desk is where cases are opened and worked on.
type Desk struct {
	Store tracker.Store
	Keys  *seal.Keys
	Now   func() time.Time
	// Answer is how soon the first answer is due, Settle how soon the case is; Reopen how long a resolved one stays open to
	// the customer before it is closed.
	Answer, Settle, Reopen time.Duration
}

// Actor is who does something to a case.
type Actor struct {
	// By is a user's id, "key:…", or tracker.ByCustomer.
	By   string
	Role tracker.Role
}

// Customer is the actor of the tracking page.
var Customer = Actor{By: tracker.ByCustomer}

// staff reports whether the actor answers customers: support, or the seller.
func (a Actor) staff() bool { return a.By != tracker.ByCustomer }

// Open opens a case of a shipment with what somebody wrote.
func (d *Desk) Open(ctx context.Context, s *tracker.Shipment, kind tracker.CaseKind, text string, by Actor) (*tracker.Case, error) {
	if !slices.Contains(tracker.CaseKinds(), kind) {
		return nil, fmt.Errorf("%w: %q is no kind of case", ErrInput, kind)
	}
	open, err := d.Of(ctx, s.ID)
	if err != nil {
		return nil, err
	}
	if len(slices.DeleteFunc(open, func(c *tracker.Case) bool { return c.State.Settled() })) >= maxOpen {
		return nil, fmt.Errorf("%w: the shipment has %d open cases; write to one of them", ErrInput, maxOpen)
	}
	now := d.Now().UTC()
	c := &tracker.Case{
		ID: "case_" + tracker.NewID(now), Tenant: s.Tenant, Shipment: s.ID, Order: s.Order, Kind: kind, State: tracker.CaseOpen,
		DataKey: s.DataKey, DueAt: now.Add(d.Answer), OpenedAt: now,
	}
	if c.DataKey == "" { // a shipment without a recipient
		key := &tracker.DataKey{ID: tracker.NewID(now), CreatedAt: now}
		_, key.Wrapped = d.Keys.NewDataKey(key.ID)
		if err := tracker.Save(ctx, d.Store, key); err != nil {
			return nil, err
		}
		c.DataKey = key.ID
	}
	t, err := d.open(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := t.write(by, tracker.CaseMessage, "", text); err != nil {
		return nil, err
	}
	return c, t.save(ctx, d.Store)
}

// Of are the cases of a shipment, the newest first.
func (d *Desk) Of(ctx context.Context, shipment string) ([]*tracker.Case, error) {
	return tracker.LoadList[tracker.Case](ctx, d.Store, tracker.ListOfShipment(shipment), tracker.Page{Limit: 100})
}

// Change reads a case, lets somebody change it and writes it; again where somebody else wrote it meanwhile.
func (d *Desk) Change(ctx context.Context, id string, change func(*Turn) error) (*tracker.Case, error) {
	for {
		c, err := tracker.Load[tracker.Case](ctx, d.Store, id)
		if err != nil {
			return nil, err
		}
		t, err := d.open(ctx, c)
		if err != nil {
			return nil, err
		}
		before := len(c.Entries)
		if err := change(t); err != nil || len(c.Entries) == before { // every change is an entry
			return c, err
		}
		if err := t.save(ctx, d.Store); !errors.Is(err, tracker.ErrConflict) {
			return c, err
		}
	}
}

// Close closes a resolved case whose customer was silent for as long as it stayed open to them.
func (d *Desk) Close(ctx context.Context, id string) (*tracker.Case, error) {
	return d.Change(ctx, id, func(t *Turn) error {
		if t.Case.State != tracker.CaseResolved || t.Case.DueAt.After(d.Now()) {
			return nil // it went on meanwhile
		}
		return t.Move(Actor{By: tracker.ByClock}, tracker.CaseClosed)
	})
}
