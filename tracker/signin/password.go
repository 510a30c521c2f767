package signin

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"

	"waybill/tracker"
)

// hashing is what a password costs, after OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
var hashing = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// desks bounds how many passwords are hashed at a time: more would take memory, and be no faster.
var desks = semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0)))

// What a password may be. NIST SP 800-63B asks for length, not for kinds of characters.
const (
	shortest    = 12
	longest     = 256
	mostAlike   = 5
	namePartMin = 4
)

func checkPassword(password, email string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < shortest:
		return &WeakError{fmt.Sprintf("has %d characters; it needs %d, a few words do", n, shortest)}
	case n > longest:
		return &WeakError{fmt.Sprintf("is longer than %d characters", longest)}
	}
	distinct := map[rune]bool{}
	for _, r := range password {
		distinct[r] = true
	}
	if len(distinct) <= mostAlike {
		return &WeakError{"repeats a few characters"}
	}
	name, _, _ := strings.Cut(email, "@")
	if len(name) >= namePartMin && strings.Contains(strings.ToLower(password), name) {
		return &WeakError{"has the e-mail address in it"}
	}
	return nil
}

func hashPassword(ctx context.Context, password, email string) (string, error) {
	if err := checkPassword(password, email); err != nil {
		return "", err
	}
	if err := desks.Acquire(ctx, 1); err != nil {
		return "", fmt.Errorf("wait for a turn to hash a password: %w", err)
	}
	defer desks.Release(1)
	return argon2id.CreateHash(password, hashing)
}

// decoy is compared with where there is no password, so that the time taken does not tell who has an account.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func rightPassword(ctx context.Context, u *tracker.User, password string) (bool, error) {
	hash := decoy
	if u != nil && u.Password != "" {
		hash = u.Password
	}
	if utf8.RuneCountInString(password) > longest {
		password = ""
	}
	if err := desks.Acquire(ctx, 1); err != nil {
		return false, fmt.Errorf("wait for a turn to check a password: %w", err)
	}
	defer desks.Release(1)
	right, err := argon2id.ComparePasswordAndHash(password, hash)
	return right && hash != decoy, err
}

// SetPassword changes a password and ends all sessions.
func (d *Desk) SetPassword(ctx context.Context, u *tracker.User, password string) error {
	who, err := u.Open(d.Keys)
	if err != nil {
		return err
	}
	if u.Password, err = hashPassword(ctx, password, who.Email); err != nil {
		return err
	}
	u.Generation++
	return tracker.Save(ctx, d.Store, u)
}

// NewPassword makes a password that nobody guesses, for who sets somebody up.
func NewPassword() string { return tracker.NewSecret()[:20] }

// ChangePassword changes the password of somebody who is signed in and knows the old one. All sessions end; a new one
// begins here.
func (d *Desk) ChangePassword(ctx context.Context, v *Visit, old, password string) (string, *Visit, error) {
	charged, err := d.charge(ctx, "password/"+v.User.ID+"/session/"+v.Session.ID)
	if err != nil {
		return "", nil, err
	}
	right, err := rightPassword(ctx, v.User, old)
	if err != nil {
		return "", nil, err
	}
	if !right {
		return "", nil, ErrWrong
	}
	if err := d.SetPassword(ctx, v.User, password); err != nil {
		return "", nil, err
	}
	if err := errors.Join(d.settle(ctx, charged), d.endAll(ctx, v.User.ID)); err != nil {
		return "", nil, err
	}
	return d.begin(ctx, v.User, tracker.StageFull)
}
