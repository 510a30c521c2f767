package tracker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waybill/tracker/seal"
)

// DeliveryWish is how the recipient wants a parcel to be delivered: the latest wish counts.
//
//	key    the shipment's tracking ID
//	lists  "tenant:<tenant>"
type DeliveryWish struct {
	Shipment string   `cbor:"1,keyasint"`
	Tenant   string   `cbor:"2,keyasint"`
	Kind     WishKind `cbor:"3,keyasint"`
	// Day is "2026-11-25", for another day.
	Day string `cbor:"4,keyasint,omitempty"`
	// Sealed is what the recipient wrote, under the recipient's data key DataKey.
	Sealed  []byte    `cbor:"5,keyasint,omitempty"`
	DataKey string    `cbor:"6,keyasint,omitempty"`
	At      time.Time `cbor:"7,keyasint"`
	// PassedAt is when it was handed to whoever drives; zero until then.
	PassedAt time.Time `cbor:"8,keyasint,omitempty"`

	meta
}

// WishKind is what somebody wants.
type WishKind string

// The wishes.
const (
	WishInstructions WishKind = "instructions"
	WishSafePlace    WishKind = "safe_place"
	WishNeighbour    WishKind = "neighbour"
	WishAnotherDay   WishKind = "another_day"
	// WishLeave lets the courier leave it at the door, unseen.
	WishLeave WishKind = "authority_to_leave"
)

// WishKinds are all wishes, in the order in which they are offered.
func WishKinds() []WishKind {
	return []WishKind{WishSafePlace, WishNeighbour, WishInstructions, WishLeave, WishAnotherDay}
}

// WishState is what became of a wish.
type WishState string

// A wish is requested, passed on to the courier, and then the parcel was delivered: with it, or before it got through.
const (
	WishRequested WishState = "requested"
	WishPassedOn  WishState = "passed_on"
	WishEnded     WishState = "delivered"
	WishTooLate   WishState = "too_late"
)

// ErrWish is wrapped by errors that say why a wish cannot be taken.
var ErrWish = errors.New("the wish cannot be taken")

const (
	// wishText is how much may be written, in characters; wishDays how far another day may lie.
	wishText, wishDays = 200, 14
)

// WishesOffered are the wishes that a parcel's carrier and milestone allow: our own fleet takes them from when it has the parcel
// until it is delivered, another day until it is on the van. Other carriers take them on their own pages alone.
func WishesOffered(t *Tracking) []WishKind {
	m := t.View.Milestone
	if t.Shipment == nil || t.View.Leg >= len(t.Shipment.Legs) || t.Shipment.Legs[t.View.Leg].Carrier != FleetCarrier ||
		!m.Physical() || m.Ended() || m == Returning || m == AvailableForPickup {
		return nil
	}
	kinds := WishKinds()
	if m == OutForDelivery {
		kinds = slices.DeleteFunc(kinds, func(kind WishKind) bool { return kind == WishAnotherDay })
	}
	return kinds
}

// NewWish makes a wish for a parcel; the caller keeps it.
func NewWish(ctx context.Context, store Store, keys *seal.Keys, t *Tracking, kind WishKind, day, text string, now time.Time) (*DeliveryWish, error) {
	s := t.Shipment
	if !slices.Contains(WishesOffered(t), kind) {
		return nil, fmt.Errorf("%w: %q cannot be asked for now", ErrWish, kind)
	}
	w := &DeliveryWish{Shipment: s.ID, Tenant: s.Tenant, Kind: kind, At: now.UTC()}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	switch needs := kind == WishInstructions || kind == WishSafePlace || kind == WishNeighbour; {
	case needs && text == "":
		return nil, fmt.Errorf("%w: write where, or what", ErrWish)
	case utf8.RuneCountInString(text) > wishText:
		return nil, fmt.Errorf("%w: at most %d characters are passed on", ErrWish, wishText)
	}
	if kind == WishAnotherDay {
		at, err := time.Parse(time.DateOnly, day)
		if ahead := at.Sub(now); err != nil || ahead < 0 || ahead > wishDays*24*time.Hour {
			return nil, fmt.Errorf("%w: choose one of the next %d days", ErrWish, wishDays)
		}
		w.Day = day
	}
	if before, err := Load[DeliveryWish](ctx, store, s.ID); err == nil {
		w.meta = before.meta // the latest counts
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if text == "" {
		return w, nil
	}
	key, err := openDataKey(ctx, store, keys, s.DataKey)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, fmt.Errorf("%w: the parcel names no recipient, so that nothing personal can be kept for it", ErrWish)
	}
	w.DataKey = s.DataKey
	w.Sealed, err = seal.Seal(key, []byte(text), "wish:"+s.ID)
	return w, err
}

// Text opens what the recipient wrote; "" where the person was erased.
func (w *DeliveryWish) Text(ctx context.Context, store Store, keys *seal.Keys) (string, error) {
	key, err := openDataKey(ctx, store, keys, w.DataKey)
	if err != nil || key == nil || len(w.Sealed) == 0 {
		return "", err
	}
	text, err := seal.Open(key, w.Sealed, "wish:"+w.Shipment)
	return string(text), err
}

// State is what became of the wish, by where the parcel stands.
func (w *DeliveryWish) State(v *View) WishState {
	switch {
	case v.Milestone.Ended() && w.PassedAt.IsZero():
		return WishTooLate
	case v.Milestone.Ended():
		return WishEnded
	case w.PassedAt.IsZero():
		return WishRequested
	}
	return WishPassedOn
}

func (w *DeliveryWish) place() place {
	return place{table: Wishes, key: w.Shipment, order: w.At, lists: []string{ListOfTenant(w.Tenant)}}
}
