// Package signin has people sign in: by password (argon2id) and a second factor (TOTP), or by an identity that an OpenID
// provider vouches for. It keeps who they are sealed, their sessions in the store, and slows guessing down without
// locking anybody out.
package signin

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Desk is where people sign in.
type Desk struct {
	Store tracker.Store
	Keys  *seal.Keys
	Now   func() time.Time
	// Idle ends a session that nobody used for so long, Life any session.
	Idle, Life time.Duration
	// StaffCodes has staff set up a second factor before anything else.
	StaffCodes bool
	// Issuer names the installation in people's authenticator apps.
	Issuer string
}

// The errors of a Desk.
var (
	// ErrWrong: the address, password or code does not fit; which of them is not said.
	ErrWrong = errors.New("the address, the password or the code is wrong")
	// ErrNoSession: the session is not known, or has ended.
	ErrNoSession = errors.New("nobody is signed in here, or no longer")
	// ErrAddress: that is no e-mail address.
	ErrAddress = errors.New("that is no e-mail address; it looks like name@example.com")
	// ErrExists: the address belongs to somebody already.
	ErrExists = errors.New("somebody has that address already")
)

// WeakError says what is wrong with a password.
type WeakError struct{ What string }

func (e *WeakError) Error() string { return "the password " + e.What }

// NewUser is somebody to be added.
type NewUser struct {
	tracker.Identity
	// Password may be empty for who signs in at an OpenID provider.
	Password string
	Seats    []tracker.Seat
}

// Add makes a user. The address is claimed first: of two at a time one gets it, and one that a crash left without its
// user is taken over.
func (d *Desk) Add(ctx context.Context, n NewUser) (*tracker.User, error) {
	email, err := normalise(n.Email)
	if err != nil {
		return nil, err
	}
	now := d.Now().UTC()
	u := &tracker.User{ID: "usr_" + tracker.NewID(now), CreatedAt: now, Seats: n.Seats, Logins: []string{d.emailKey(email)}}
	for _, seat := range n.Seats {
		if err := seat.Check(); err != nil {
			return nil, err
		}
	}
	if n.Password != "" {
		if u.Password, err = hashPassword(ctx, n.Password, email); err != nil {
			return nil, err
		}
	}
	if err := u.Seal(d.Keys, tracker.Identity{Email: email, Name: strings.TrimSpace(n.Name)}); err != nil {
		return nil, err
	}
	if err := d.claim(ctx, u.Logins[0], u.ID); err != nil {
		return nil, err
	}
	return u, tracker.Save(ctx, d.Store, u)
}

// claim has a login lead to a user.
func (d *Desk) claim(ctx context.Context, key, user string) error {
	login := &tracker.Login{Key: key, User: user, CreatedAt: d.Now().UTC()}
	err := tracker.Save(ctx, d.Store, login)
	if !errors.Is(err, tracker.ErrConflict) {
		return err
	}
	if login, err = tracker.Load[tracker.Login](ctx, d.Store, key); err != nil {
		return err
	}
	_, err = tracker.Load[tracker.User](ctx, d.Store, login.User)
	switch {
	case err == nil:
		return ErrExists
	case !errors.Is(err, tracker.ErrNotFound) || d.Now().Sub(login.CreatedAt) < abandonedAfter:
		return errors.Join(ErrExists, err)
	}
	login.User, login.CreatedAt = user, d.Now().UTC()
	return tracker.Save(ctx, d.Store, login)
}

// abandonedAfter is when an address that was claimed for a user who never came counts as free.
const abandonedAfter = time.Minute

// Find gives the user of an address; tracker.ErrNotFound where there is none.
func (d *Desk) Find(ctx context.Context, address string) (*tracker.User, error) {
	email, err := normalise(address)
	if err != nil {
		return nil, tracker.ErrNotFound
	}
	return d.byLogin(ctx, d.emailKey(email))
}

func (d *Desk) byLogin(ctx context.Context, key string) (*tracker.User, error) {
	login, err := tracker.Load[tracker.Login](ctx, d.Store, key)
	if err != nil {
		return nil, withoutKey(err)
	}
	u, err := tracker.Load[tracker.User](ctx, d.Store, login.User)
	if err != nil {
		return nil, withoutKey(err)
	}
	if !slices.Contains(u.Logins, key) {
		return nil, tracker.ErrNotFound // a link that a crash left half-way
	}
	return u, nil
}

// withoutKey keeps the key of what was not found out of the error.
func withoutKey(err error) error {
	if errors.Is(err, tracker.ErrNotFound) {
		return tracker.ErrNotFound
	}
	return err
}

// Remove takes a user away, with all ways to sign in.
func (d *Desk) Remove(ctx context.Context, u *tracker.User) error {
	if err := d.erase(ctx, u); err != nil {
		return err
	}
	for _, key := range u.Logins {
		login, err := tracker.Load[tracker.Login](ctx, d.Store, key)
		if errors.Is(err, tracker.ErrNotFound) {
			continue
		}
		if err == nil {
			err = d.erase(ctx, login)
		}
		if err != nil {
			return err
		}
	}
	return d.endAll(ctx, u.ID)
}

// erase removes a record as it was read.
func (d *Desk) erase(ctx context.Context, record tracker.Record) error {
	write, err := tracker.Encode(record)
	if err != nil {
		return err
	}
	write.Delete = true
	return tracker.ErrorOf(d.Store.Apply(ctx, []tracker.Write{write}))
}

// normalise brings an address into the form in which it is found.
func normalise(address string) (string, error) {
	parsed, err := mail.ParseAddress(strings.TrimSpace(address))
	if err != nil || parsed.Name != "" || len(parsed.Address) > 254 {
		return "", ErrAddress
	}
	return strings.ToLower(parsed.Address), nil
}

func (d *Desk) emailKey(email string) string { return "email:" + d.Keys.Blind("login", email) }

// SetSeats changes what a user may do, at once in all sessions.
func (d *Desk) SetSeats(ctx context.Context, u *tracker.User, seats []tracker.Seat) error {
	for _, seat := range seats {
		if err := seat.Check(); err != nil {
			return err
		}
	}
	u.Seats = seats
	if err := tracker.Save(ctx, d.Store, u); err != nil {
		return fmt.Errorf("change the seats of user %s: %w", u.ID, err)
	}
	return nil
}
