package notify

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"time"

	"waybill/tracker"
)

// SignInLife is how long a link to sign in holds.
const SignInLife = 20 * time.Minute

// AskToSignIn sends an address a link by which its person sees all parcels that go to it. It goes out in the name of one of
// these, like all messages. The record that the link leads to is a subscription that never comes into force.
func (d *Desk) AskToSignIn(ctx context.Context, shipment *tracker.Shipment, w Wish) error {
	s, err := d.draft(shipment, &w)
	if err != nil {
		return err
	}
	known, err := tracker.LoadList[tracker.Subscription](ctx, d.store, tracker.ListOfAddress(s.Blind), tracker.Page{Limit: 1000})
	if err != nil {
		return err
	}
	waiting := 0
	for _, k := range known {
		if k.Consent == signInConsent && k.EndedAt.IsZero() && d.now().Sub(k.CreatedAt) < SignInLife {
			waiting++
		}
	}
	if waiting >= pendingMost {
		return ErrTooMany
	}
	s.Consent = signInConsent
	message, err := d.ask(shipment, s, tracker.MomentSignIn)
	if err != nil {
		return err
	}
	return d.keep(ctx, s, w.Address, message)
}

// signInConsent marks the records of links to sign in.
const signInConsent = "sign-in"

// SignedIn takes a link back, once, and gives the channel and address that it was sent to.
func (d *Desk) SignedIn(ctx context.Context, id, token string) (tracker.Channel, string, error) {
	hash, address := sha256.Sum256([]byte(token)), ""
	s, err := d.change(ctx, id, func(s *tracker.Subscription) error {
		late := d.now().Sub(s.CreatedAt) > SignInLife
		if s.Consent != signInConsent || !s.EndedAt.IsZero() || late || subtle.ConstantTimeCompare(s.ConfirmHash, hash[:]) != 1 {
			return ErrLink
		}
		var err error
		if address, err = tracker.OpenAddress(ctx, d.store, d.keys, s); err != nil {
			return err
		}
		s.EndedAt = d.now()
		return nil
	})
	if err == nil && address == "" { // the person was erased meanwhile
		err = ErrLink
	}
	if err != nil {
		return "", "", errors.Join(ErrLink, err)
	}
	return s.Channel, address, nil
}
