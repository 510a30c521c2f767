package signin

import (
	"context"
	"errors"
	"time"

	"waybill/tracker"
)

// Customers have no account: whoever opened a link that was sent to an address sees what goes to that address, in a session
// of its own. A second address is added by a second link.

// customerPrefix begins the "user" of a customer's sessions: the blind index of the address that it began with.
const customerPrefix = "customer:"

// customerLife is how long a customer stays signed in without opening another link.
const customerLife = 90 * 24 * time.Hour

// Customer is somebody who sees what goes to the addresses that they have shown to be theirs.
type Customer struct{ Session *tracker.Session }

// Terms are the search terms of the addresses.
func (c *Customer) Terms() []string { return c.Session.Terms }

// Welcome signs a customer in by the search term of an address that they have shown to be theirs; before is the session that
// they have already, nil for none. The token is shown this once.
func (d *Desk) Welcome(ctx context.Context, term string, before *Customer) (string, *Customer, error) {
	now, token := d.Now().UTC(), tracker.NewSecret()
	s := &tracker.Session{
		Hash: tracker.HashKey(token), ID: tracker.NewID(now), User: customerPrefix + term, Began: now, At: now,
		Until: now.Add(customerLife), Terms: []string{term},
	}
	if before != nil {
		for _, known := range before.Session.Terms {
			if known != term {
				s.Terms = append(s.Terms, known)
			}
		}
		s.User = before.Session.User
	}
	if err := tracker.Save(ctx, d.Store, s); err != nil {
		return "", nil, err
	}
	if before != nil {
		if err := d.end(ctx, before.Session.Hash); err != nil {
			return "", nil, err
		}
	}
	return token, &Customer{s}, nil
}

// Recognise gives who has a customer's token; ErrNoSession where it is not known, or has ended.
func (d *Desk) Recognise(ctx context.Context, token string) (*Customer, error) {
	s, err := tracker.Load[tracker.Session](ctx, d.Store, tracker.HashKey(token))
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, err
	}
	if len(s.Terms) == 0 || !d.Now().Before(s.Until) {
		return nil, ErrNoSession
	}
	return &Customer{s}, nil
}

// Leave signs a customer out, everywhere where everywhere is set.
func (d *Desk) Leave(ctx context.Context, c *Customer, everywhere bool) error {
	if everywhere {
		return d.endAll(ctx, c.Session.User)
	}
	return d.end(ctx, c.Session.Hash)
}
