package tracker

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"waybill/tracker/seal"
)

// SealRecipient seals who a shipment goes to under a new data key, which the caller stores with the shipment.
func SealRecipient(keys *seal.Keys, s *Shipment, r Recipient, now time.Time) (*DataKey, error) {
	id := NewID(now)
	key, wrapped := keys.NewDataKey(id)
	plain, err := docEncoding.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode recipient: %w", err)
	}
	if s.Sealed, err = seal.Seal(key, plain, "recipient:"+s.ID); err != nil {
		return nil, fmt.Errorf("seal recipient: %w", err)
	}
	s.DataKey, s.BlindTerms = id, blindTerms(keys, r)
	if postal := foldText(r.Address.PostalCode); postal != "" {
		s.PostalProof = []byte(keys.Blind("proof:"+s.ID, postal))
	}
	return &DataKey{ID: id, Wrapped: wrapped, CreatedAt: now}, nil
}

// OpenRecipient opens who a shipment goes to. The zero Recipient is a shipment without one, or an erased person.
func OpenRecipient(ctx context.Context, store Store, keys *seal.Keys, s *Shipment) (Recipient, error) {
	var r Recipient
	key, err := openDataKey(ctx, store, keys, s.DataKey)
	if err != nil || key == nil {
		return r, err
	}
	plain, err := seal.Open(key, s.Sealed, "recipient:"+s.ID)
	if err != nil {
		return r, fmt.Errorf("open recipient of shipment %s: %w", s.ID, err)
	}
	if err := docDecoding.Unmarshal(plain, &r); err != nil {
		return r, fmt.Errorf("decode recipient of shipment %s: %w", s.ID, err)
	}
	return r, nil
}

// ProvesPostalCode reports whether somebody knows the postal code that the shipment goes to.
func (s *Shipment) ProvesPostalCode(keys *seal.Keys, code string) bool {
	given := []byte(keys.Blind("proof:"+s.ID, foldText(code)))
	return len(s.PostalProof) > 0 && subtle.ConstantTimeCompare(s.PostalProof, given) == 1
}

// SealAddress seals the address of a subscription under a new data key, which the caller stores with it.
func SealAddress(keys *seal.Keys, s *Subscription, address string, now time.Time) (*DataKey, error) {
	id := NewID(now)
	key, wrapped := keys.NewDataKey(id)
	var err error
	if s.Sealed, err = seal.Seal(key, []byte(address), "subscription:"+s.ID); err != nil {
		return nil, fmt.Errorf("seal address: %w", err)
	}
	s.DataKey, s.Blind = id, BlindAddress(keys, s.Channel, address)
	return &DataKey{ID: id, Wrapped: wrapped, CreatedAt: now}, nil
}

// OpenAddress opens the address of a subscription; it is empty where the person was erased.
func OpenAddress(ctx context.Context, store Store, keys *seal.Keys, s *Subscription) (string, error) {
	key, err := openDataKey(ctx, store, keys, s.DataKey)
	if err != nil || key == nil {
		return "", err
	}
	address, err := seal.Open(key, s.Sealed, "subscription:"+s.ID)
	if err != nil {
		return "", fmt.Errorf("open address of subscription %s: %w", s.ID, err)
	}
	return string(address), nil
}

// BlindAddress is the blind index of an address on a channel.
func BlindAddress(keys *seal.Keys, channel Channel, address string) string {
	return keys.Blind("address:"+string(channel), address)
}

// openDataKey gives a data key in the clear, nil where there is none (any more).
func openDataKey(ctx context.Context, store Store, keys *seal.Keys, id string) ([]byte, error) {
	if id == "" {
		return nil, nil
	}
	record, err := Load[DataKey](ctx, store, id)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := keys.OpenDataKey(id, record.Wrapped)
	if err != nil {
		return nil, fmt.Errorf("unwrap data key %s: %w", id, err)
	}
	return key, nil
}
