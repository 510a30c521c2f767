package tracker

import (
	"context"
	"errors"
	"fmt"
)

// withdrawnAtOnce is how many subscriptions of a shipment are removed in one go.
const withdrawnAtOnce = 500

// Withdraw removes a shipment at its seller's wish: what is personal of it can never be read again, and nobody is told of
// it any more. Its own leg goes with it. Carriers' legs stay, as carriages are nobody's; that it followed them is left
// there, and leads to nothing.
func Withdraw(ctx context.Context, store Store, id string) error {
	for range casTries {
		shipment, err := Load[Shipment](ctx, store, id)
		if err != nil {
			return err
		}
		if err := withdraw(ctx, store, shipment); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("withdraw shipment %s: written by others %d times in a row: %w", id, casTries, ErrConflict)
}

func withdraw(ctx context.Context, store Store, shipment *Shipment) error {
	if shipment.DataKey != "" {
		if err := removeByKey[DataKey](ctx, store, shipment.DataKey); err != nil {
			return fmt.Errorf("erase the recipient of shipment %s: %w", shipment.ID, err)
		}
	}
	for {
		list, err := LoadList[Subscription](ctx, store, ListOfShipment(shipment.ID), Page{Limit: withdrawnAtOnce})
		if err != nil {
			return err
		}
		for _, subscription := range list {
			if err := remove(ctx, store, subscription); err != nil {
				return err
			}
		}
		if len(list) < withdrawnAtOnce {
			break
		}
	}
	if err := removeByKey[Leg](ctx, store, LegKey{Carrier: FleetCarrier, Number: shipment.ID}.String()); err != nil {
		return err
	}
	return remove(ctx, store, shipment)
}

// removeByKey takes a record out of the store, where it is there.
func removeByKey[T any, R interface {
	*T
	Record
}](ctx context.Context, store Store, key string) error {
	record, err := Load[T, R](ctx, store, key)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return remove(ctx, store, R(record))
}

// remove takes a record out of the store; ErrConflict where it was changed since it was read.
func remove(ctx context.Context, store Store, record Record) error {
	write, err := Encode(record)
	if err != nil {
		return err
	}
	write.Delete = true
	return ErrorOf(store.Apply(ctx, []Write{write}))
}
