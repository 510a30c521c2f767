package signin

import (
	"context"
	"errors"
	"time"

	"waybill/tracker"
)

const (
	// unfinished is how long a sign-in may take from the password to the code.
	unfinished = 10 * time.Minute
	// exchangeAfter is when a token in use is exchanged for a new one, graceful how long the old one holds after that.
	exchangeAfter = 15 * time.Minute
	graceful      = time.Minute
)

// Visit is somebody who is signed in, or on the way to it.
type Visit struct {
	User    *tracker.User
	Session *tracker.Session
}

// Seat is what the person is here.
func (v *Visit) Seat() tracker.Seat { return v.User.SeatOf(v.Session.Seat) }

// begin makes a session.
func (d *Desk) begin(ctx context.Context, u *tracker.User, stage tracker.Stage) (string, *Visit, error) {
	now := d.Now().UTC()
	token := tracker.NewSecret()
	s := &tracker.Session{
		Hash: tracker.HashKey(token), ID: tracker.NewID(now), User: u.ID, Stage: stage, Generation: u.Generation,
		Seat: u.SeatOf("").Key(), Began: now, At: now, Until: now.Add(d.Life),
	}
	if stage != tracker.StageFull {
		s.Until = now.Add(unfinished)
	}
	return token, &Visit{u, s}, tracker.Save(ctx, d.Store, s)
}

// Open gives who has the token; ErrNoSession where it is not known, or has ended.
func (d *Desk) Open(ctx context.Context, token string) (*Visit, error) {
	return d.Reopen(ctx, tracker.HashKey(token))
}

// Reopen is Open by the token's hash.
func (d *Desk) Reopen(ctx context.Context, hash string) (*Visit, error) {
	s, err := tracker.Load[tracker.Session](ctx, d.Store, hash)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, err
	}
	u, err := tracker.Load[tracker.User](ctx, d.Store, s.User)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, ErrNoSession
	}
	if err != nil {
		return nil, err
	}
	v := &Visit{u, s}
	if !d.Holds(v) || u.Disabled || u.Generation != s.Generation {
		return nil, ErrNoSession
	}
	return v, nil
}

// Holds reports whether the session has not ended by the clock.
func (d *Desk) Holds(v *Visit) bool {
	now := d.Now()
	return now.Before(v.Session.Until) && now.Sub(v.Session.At) <= d.Idle
}

// Exchange gives a new token for one that has been in use for a while; the empty token leaves things as they are. Of two
// requests at a time one gets it.
func (d *Desk) Exchange(ctx context.Context, v *Visit) (string, *Visit, error) {
	now, old := d.Now().UTC(), *v.Session
	if old.Stage != tracker.StageFull || old.Exchanged || now.Sub(old.At) < exchangeAfter {
		return "", v, nil
	}
	token := tracker.NewSecret()
	next := &tracker.Session{
		Hash: tracker.HashKey(token), ID: old.ID, User: old.User, Seat: old.Seat, Generation: old.Generation,
		Began: old.Began, At: now, Until: old.Until, Before: old.Hash,
	}
	if err := tracker.Save(ctx, d.Store, next); err != nil {
		return "", v, err
	}
	before := old.Before
	old.Exchanged, old.Before = true, ""
	if end := now.Add(graceful); end.Before(old.Until) {
		old.Until = end
	}
	if err := tracker.Save(ctx, d.Store, &old); err != nil {
		err = errors.Join(err, d.erase(ctx, next))
		if errors.Is(err, tracker.ErrConflict) {
			return "", v, nil // the other request has the new one
		}
		return "", v, err
	}
	return token, &Visit{v.User, next}, d.end(ctx, before)
}

// Sit changes the seat that the person works in.
func (d *Desk) Sit(ctx context.Context, v *Visit, key string) error {
	v.Session.Seat = v.User.SeatOf(key).Key()
	return tracker.Save(ctx, d.Store, v.Session)
}

// End signs out, also the token that this one came from.
func (d *Desk) End(ctx context.Context, s *tracker.Session) error {
	return errors.Join(d.end(ctx, s.Hash), d.end(ctx, s.Before))
}

func (d *Desk) end(ctx context.Context, hash string) error {
	if hash == "" {
		return nil
	}
	s, err := tracker.Load[tracker.Session](ctx, d.Store, hash)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.erase(ctx, s)
}

// EndAll ends all sessions of a user.
func (d *Desk) EndAll(ctx context.Context, u *tracker.User) error {
	u.Generation++
	if err := tracker.Save(ctx, d.Store, u); err != nil {
		return err
	}
	return d.endAll(ctx, u.ID)
}

func (d *Desk) endAll(ctx context.Context, user string) error {
	for {
		list, err := tracker.LoadList[tracker.Session](ctx, d.Store, tracker.ListOfUser(user), tracker.Page{})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, s := range list {
			if err := d.end(ctx, s.Hash); err != nil {
				return err
			}
		}
	}
}
