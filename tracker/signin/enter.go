package signin

import (
	"context"
	"errors"

	"waybill/tracker"
)

// Try is somebody's try to sign in.
type Try struct {
	Email, Password string
	// Place is the network that it comes from, Mark what the browser has from an earlier time.
	Place, Mark string
}

// Password checks a password and begins a session, which is full only for who has no second factor and needs none. It
// returns ErrWrong or a *WaitError where it refuses.
func (d *Desk) Password(ctx context.Context, t Try) (token string, v *Visit, err error) {
	u, err := d.Find(ctx, t.Email)
	if err != nil && !errors.Is(err, tracker.ErrNotFound) {
		return "", nil, err
	}
	place := "password/" + d.Keys.Blind("login", t.Email) + "/" + t.Place
	if u != nil {
		place = "password/" + u.ID + "/" + t.Place
		if device := d.knownDevice(u.ID, t.Mark); device != "" {
			place = "password/" + u.ID + "/device/" + device
		}
	}
	charged, err := d.charge(ctx, place)
	if err != nil {
		return "", nil, err
	}
	right, err := rightPassword(ctx, u, t.Password)
	if err != nil {
		return "", nil, err
	}
	if !right || u.Disabled {
		return "", nil, ErrWrong
	}
	if err := d.settle(ctx, charged); err != nil {
		return "", nil, err
	}
	return d.begin(ctx, u, d.stageOf(u))
}

// stageOf is what follows a right password.
func (d *Desk) stageOf(u *tracker.User) tracker.Stage {
	switch {
	case len(u.Secret) > 0:
		return tracker.StageCode
	case d.StaffCodes && isStaff(u):
		return tracker.StageEnrol
	}
	return tracker.StageFull
}

func isStaff(u *tracker.User) bool {
	for _, seat := range u.Seats {
		if seat.IsStaff() {
			return true
		}
	}
	return false
}

// mostWrong is how many wrong codes end a sign-in: then the password is wanted again.
const mostWrong = 5

// Code checks the second factor, by the app's code or a recovery code, and exchanges the session for a full one. Wrong
// codes are counted per account, since who gets here knows the password; a known browser is counted by itself.
func (d *Desk) Code(ctx context.Context, v *Visit, code, mark string) (token string, full *Visit, err error) {
	if v.Session.Stage != tracker.StageCode {
		return "", nil, ErrNoSession
	}
	place := "code/" + v.User.ID
	if device := d.knownDevice(v.User.ID, mark); device != "" {
		place += "/device/" + device
	}
	charged, err := d.charge(ctx, place)
	if err != nil {
		return "", nil, err
	}
	if !d.takeCode(v.User, code) {
		return "", nil, errors.Join(ErrWrong, d.wrongCode(ctx, v.Session))
	}
	// The step or the recovery code is used up with this write: of two at a time one fails.
	if err := tracker.Save(ctx, d.Store, v.User); err != nil {
		return "", nil, err
	}
	if err := errors.Join(d.settle(ctx, charged), d.erase(ctx, v.Session)); err != nil {
		return "", nil, err
	}
	return d.begin(ctx, v.User, tracker.StageFull)
}

// wrongCode counts a wrong code, and ends the sign-in at the last.
func (d *Desk) wrongCode(ctx context.Context, s *tracker.Session) error {
	if s.Wrong++; s.Wrong >= mostWrong {
		return d.erase(ctx, s)
	}
	return tracker.Save(ctx, d.Store, s)
}

// Vouched signs in who an OpenID provider vouches for: the one whom the identity was linked to, else the member of staff
// with that address, who is linked to it from then on. The provider answers for the second factor.
func (d *Desk) Vouched(ctx context.Context, issuer, subject, email string) (token string, v *Visit, err error) {
	key := "oidc:" + d.Keys.Blind("login", issuer+"\x00"+subject)
	u, err := d.byLogin(ctx, key)
	if errors.Is(err, tracker.ErrNotFound) {
		u, err = d.link(ctx, key, email)
	}
	if err != nil {
		return "", nil, err
	}
	if u.Disabled || !isStaff(u) {
		return "", nil, ErrWrong
	}
	return d.begin(ctx, u, tracker.StageFull)
}

// link has an identity lead to the user with an address that the provider has verified.
func (d *Desk) link(ctx context.Context, key, email string) (*tracker.User, error) {
	u, err := d.Find(ctx, email)
	if errors.Is(err, tracker.ErrNotFound) || err == nil && !isStaff(u) {
		return nil, ErrWrong
	}
	if err != nil {
		return nil, err
	}
	u.Logins = append(u.Logins, key)
	if err := d.claim(ctx, key, u.ID); err != nil && !errors.Is(err, ErrExists) {
		return nil, err
	}
	return u, tracker.Save(ctx, d.Store, u)
}
