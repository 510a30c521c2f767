package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"waybill/tracker"
)

const (
	// period is how long a code of the second factor holds, in seconds (RFC 6238); skew how many periods a clock may be off.
	period = 30
	skew   = 1
	// recoveryCodes are given at a time, each of 50 random bits.
	recoveryCodes = 10
	recoveryBytes = 6
	recoveryChars = 10
)

// Offer makes a secret for the person's authenticator app, or gives the one again that was made and not proved yet.
func (d *Desk) Offer(ctx context.Context, u *tracker.User) (*otp.Key, error) {
	who, err := u.Open(d.Keys)
	if err != nil {
		return nil, err
	}
	if len(u.Offered) == 0 {
		raw := make([]byte, 20)
		_, _ = rand.Read(raw)
		u.Offered = d.Keys.Wrap(raw, totpContext(u))
		if err := tracker.Save(ctx, d.Store, u); err != nil {
			return nil, err
		}
	}
	raw, err := d.Keys.Unwrap(u.Offered, totpContext(u))
	if err != nil {
		return nil, fmt.Errorf("second factor of user %s: %w", u.ID, err)
	}
	return totp.Generate(totp.GenerateOpts{Issuer: d.Issuer, AccountName: who.Email, Secret: raw, Period: period})
}

// Enrol takes the offered secret into use, once a code proves that the app has it, and gives the recovery codes, which
// are shown this once. A session that waited for it becomes full.
func (d *Desk) Enrol(ctx context.Context, v *Visit, code string) (recovery []string, token string, full *Visit, err error) {
	u := v.User
	if v.Session.Stage == tracker.StageCode || len(u.Offered) == 0 {
		return nil, "", nil, ErrNoSession
	}
	// The offer is shown to whoever asks for it, so guesses help nobody; they are counted all the same.
	charged, err := d.charge(ctx, "enrol/"+u.ID)
	if err != nil {
		return nil, "", nil, err
	}
	step, ok := d.stepOf(u, u.Offered, code)
	if !ok {
		return nil, "", nil, ErrWrong
	}
	u.Secret, u.Offered, u.Step = u.Offered, nil, step
	recovery = d.newRecovery(u)
	u.Generation++ // who signed in without the second factor is signed out
	if err := tracker.Save(ctx, d.Store, u); err != nil {
		return nil, "", nil, err
	}
	if err := errors.Join(d.settle(ctx, charged), d.End(ctx, v.Session)); err != nil {
		return nil, "", nil, err
	}
	token, full, err = d.begin(ctx, u, tracker.StageFull)
	return recovery, token, full, err
}

// Renew makes new recovery codes; the old ones hold no longer.
func (d *Desk) Renew(ctx context.Context, u *tracker.User) ([]string, error) {
	codes := d.newRecovery(u)
	return codes, tracker.Save(ctx, d.Store, u)
}

// Unenrol takes the second factor away, for who lost the app and the recovery codes.
func (d *Desk) Unenrol(ctx context.Context, u *tracker.User) error {
	u.Secret, u.Offered, u.Recovery, u.Step = nil, nil, nil, 0
	u.Generation++
	return tracker.Save(ctx, d.Store, u)
}

func (d *Desk) newRecovery(u *tracker.User) []string {
	codes := make([]string, recoveryCodes)
	u.Recovery = nil
	for i := range codes {
		raw := make([]byte, recoveryBytes+1)
		_, _ = rand.Read(raw)
		text := strings.ToLower(base32.StdEncoding.EncodeToString(raw))[:recoveryChars]
		codes[i] = text[:recoveryChars/2] + "-" + text[recoveryChars/2:]
		u.Recovery = append(u.Recovery, d.recoveryHash(u, codes[i]))
	}
	return codes
}

func (d *Desk) recoveryHash(u *tracker.User, code string) string {
	return d.Keys.Blind("recovery:"+u.ID, strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code)))
}

// takeCode uses a code up, that of the app or a recovery code, and reports whether it was right.
func (d *Desk) takeCode(u *tracker.User, code string) bool {
	if step, ok := d.stepOf(u, u.Secret, code); ok {
		u.Step = step
		return true
	}
	if i := slices.Index(u.Recovery, d.recoveryHash(u, code)); i >= 0 {
		u.Recovery = slices.Delete(u.Recovery, i, i+1)
		return true
	}
	return false
}

// stepOf finds the time step that a code belongs to, among those that are possible now and were not used yet.
func (d *Desk) stepOf(u *tracker.User, wrapped []byte, code string) (step int64, ok bool) {
	raw, err := d.Keys.Unwrap(wrapped, totpContext(u))
	if err != nil {
		return 0, false
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	given := strings.ReplaceAll(code, " ", "")
	now := d.Now().Unix() / period
	for at := now - skew; at <= now+skew; at++ {
		want, err := hotp.GenerateCode(secret, uint64(at)) //nolint:gosec // the clock stands after 1970
		if err == nil && at > u.Step && subtle.ConstantTimeCompare([]byte(want), []byte(given)) == 1 {
			step, ok = at, true
		}
	}
	return step, ok
}

func totpContext(u *tracker.User) string { return "totp:" + u.ID }
