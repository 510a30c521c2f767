package erase

import (
	"context"
	"errors"
	"fmt"

	"waybill/tracker"
)

// tries is how often a record is read anew that somebody else changed meanwhile.
const tries = 10

// Erase erases a person: data keys, so that what they sealed opens no more; what sealed it and what it was found by; what
// carriers said of the person, with the payloads that it came in; messages and preferences. Shipments stay as the seller's
// record of a sale, with order, contents and scans, and their legs take nothing more in. That nothing may be sent to an
// address stays too, as a keyed hash: else the next seller would write to it.
//
// It may be repeated: what finds a shipment is removed last.
func (d *Desk) Erase(ctx context.Context, kept *Kept) error {
	for _, s := range kept.Subscriptions {
		if err := d.eraseSubscription(ctx, s); err != nil {
			return fmt.Errorf("erase subscription %s: %w", s.ID, err)
		}
	}
	for _, s := range kept.Shipments {
		if err := d.eraseShipment(ctx, s.ID); err != nil {
			return fmt.Errorf("erase the recipient of shipment %s: %w", s.ID, err)
		}
	}
	if err := d.erasePreferences(ctx, kept.person); err != nil {
		return fmt.Errorf("erase a preference: %w", err)
	}
	if scrubber, ok := d.Store.(tracker.Scrubber); ok {
		if err := scrubber.Scrub(ctx); err != nil {
			return fmt.Errorf("the person is erased, but traces are left in the database's files until this is repeated: %w", err)
		}
	}
	return nil
}

// erasePreferences looks with every seller: what a person chose outlives the parcels.
func (d *Desk) erasePreferences(ctx context.Context, person Person) error {
	tenants, err := all[tracker.Tenant](ctx, d.Store, tracker.ListAll)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		for _, blind := range d.blinds(person) {
			if err := destroy[tracker.Preference](ctx, d.Store, tracker.PreferenceKey(tenant.ID, blind)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Desk) eraseSubscription(ctx context.Context, s *tracker.Subscription) error {
	messages, err := all[tracker.Message](ctx, d.Store, tracker.ListOfShipment(s.Shipment))
	if err != nil {
		return err
	}
	for _, m := range messages {
		if m.Subscription == s.ID {
			if err := destroy[tracker.Message](ctx, d.Store, m.ID); err != nil {
				return err
			}
		}
	}
	if err := destroy[tracker.DataKey](ctx, d.Store, s.DataKey); err != nil {
		return err
	}
	return destroy[tracker.Subscription](ctx, d.Store, s.ID)
}

func (d *Desk) eraseShipment(ctx context.Context, id string) error {
	s, err := tracker.Load[tracker.Shipment](ctx, d.Store, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, leg := range s.Legs {
		if err := d.eraseLeg(ctx, leg.LegKey); err != nil {
			return err
		}
	}
	if err := destroy[tracker.DataKey](ctx, d.Store, s.DataKey); err != nil {
		return err
	}
	return change(ctx, d.Store, id, func(s *tracker.Shipment) {
		s.Sealed, s.DataKey, s.BlindTerms, s.PostalProof, s.Area = nil, "", nil, nil, ""
	})
}

// eraseLeg destroys what the carrier said of persons, and the payloads that hold it still: each has its key within.
// Others' parcels in the same payload keep their events, but cannot be read again from it.
func (d *Desk) eraseLeg(ctx context.Context, key tracker.LegKey) error {
	var receipts []string
	err := change(ctx, d.Store, key.String(), func(leg *tracker.Leg) {
		receipts = leg.Receipts
		leg.Sealed, leg.Frozen = nil, true
	})
	if err != nil {
		return err
	}
	for _, id := range receipts {
		if err := destroy[tracker.Receipt](ctx, d.Store, id); err != nil {
			return err
		}
	}
	return nil
}

// change changes a record, where it is there.
func change[T any, R interface {
	*T
	tracker.Record
}](ctx context.Context, store tracker.Store, key string, do func(R)) error {
	for range tries {
		record, err := tracker.Load[T, R](ctx, store, key)
		if errors.Is(err, tracker.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		do(R(record))
		if err = tracker.Save(ctx, store, R(record)); !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
	return tracker.ErrConflict
}

// destroy removes a record, where it is there.
func destroy[T any, R interface {
	*T
	tracker.Record
}](ctx context.Context, store tracker.Store, key string) error {
	if key == "" {
		return nil
	}
	for range tries {
		record, err := tracker.Load[T, R](ctx, store, key)
		if errors.Is(err, tracker.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		write, err := tracker.Encode(R(record))
		if err != nil {
			return err
		}
		write.Delete = true
		if err = tracker.ErrorOf(store.Apply(ctx, []tracker.Write{write})); !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
	return tracker.ErrConflict
}
