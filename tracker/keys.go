package tracker

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"waybill/tracker/seal"
)

// keyPrefix marks our keys, so that secret scanners and people recognise them; testPrefix those of the sandbox.
const (
	keyPrefix  = "wb_"
	testPrefix = "wb_test_"
)

// NewSecret makes 256 random bits in URL-safe characters, for keys and carriers' secrets.
func NewSecret() string {
	random := make([]byte, 32)
	_, _ = rand.Read(random)
	return base64.RawURLEncoding.EncodeToString(random)
}

// NewKey makes an API key. The secret is shown this once: the record keeps its hash alone.
func NewKey(tenant string, role Role, name string, now time.Time) (key *Key, secret string) {
	return newKey(&Key{Tenant: tenant, Role: role, Name: name}, now)
}

// NewTestKey makes a key to a seller's sandbox.
func NewTestKey(tenant, name string, now time.Time) (key *Key, secret string) {
	return newKey(&Key{Tenant: tenant, Role: RoleSeller, Name: name, Test: true}, now)
}

// newKey gives a key that is not stored yet its secret, and what follows from it.
func newKey(key *Key, now time.Time) (*Key, string) {
	prefix := keyPrefix
	if key.Test {
		prefix = testPrefix
	}
	secret := prefix + NewSecret()
	key.ID, key.Hash, key.Hint, key.CreatedAt = "key_"+NewID(now), HashKey(secret), secret[len(secret)-4:], now.UTC()
	return key, secret
}

// Successor makes the key that shall take a key's place, with the same name, role and scopes. It is saved before the old
// one makes way for it.
func (k *Key) Successor(now time.Time) (successor *Key, secret string) {
	return newKey(&Key{Tenant: k.Tenant, Role: k.Role, Name: k.Name, Scopes: k.Scopes, Test: k.Test}, now)
}

// MakeWay has a key end after the overlap, where it does not end sooner, for the one that takes its place.
func (k *Key) MakeWay(successor *Key, overlap time.Duration, now time.Time) {
	k.Replaced = successor.ID
	if end := now.Add(overlap).UTC(); k.Expires.IsZero() || k.Expires.After(end) {
		k.Expires = end
	}
}

// ErrReplaced says that another key has taken the place of the key already.
var ErrReplaced = errors.New("the key was rotated already; rotate the one that took its place")

// RotateKey gives a key's place to a new one and shows its secret this once. Until the overlap ends both hold.
func RotateKey(ctx context.Context, store Store, key *Key, overlap time.Duration, now time.Time) (successor *Key, secret string, err error) {
	if key.Replaced != "" {
		return nil, "", ErrReplaced
	}
	successor, secret = key.Successor(now)
	if err := Save(ctx, store, successor); err != nil {
		return nil, "", err
	}
	for {
		key.MakeWay(successor, overlap, now)
		if err = Save(ctx, store, key); !errors.Is(err, ErrConflict) {
			return successor, secret, err
		}
		// Somebody used it just now, or was faster.
		if key, err = Load[Key](ctx, store, key.Hash); err == nil && key.Replaced != "" {
			err = ErrReplaced
		}
		if err != nil {
			return nil, "", errors.Join(err, remove(ctx, store, successor))
		}
	}
}

// HashKey is under what an API key is kept. A plain SHA-256 suffices for 256 random bits.
func HashKey(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// FindKey finds the record of an API key, ErrNotFound where there is none or it has expired.
func FindKey(ctx context.Context, store Store, secret string, now time.Time) (*Key, error) {
	key, err := Load[Key](ctx, store, HashKey(secret))
	if err != nil {
		if errors.Is(err, ErrNotFound) {
			return nil, ErrNotFound // the message of Load would name the hash
		}
		return nil, err
	}
	if !key.Expires.IsZero() && !now.Before(key.Expires) {
		return nil, ErrNotFound
	}
	return key, nil
}

// AddSecret gives an account a new secret; those it has go on for the overlap, and for ever where it is 0 and the
// account has none yet.
func (a *Account) AddSecret(keys *seal.Keys, secret string, overlap time.Duration, now time.Time) {
	a.Secrets = addSecret(a.Secrets, keys.Wrap([]byte(secret), a.secretContext()), overlap, now)
}

// addSecret puts a secret in front of others, which end after the overlap where they do not sooner.
func addSecret(secrets []AccountSecret, sealed []byte, overlap time.Duration, now time.Time) []AccountSecret {
	for i := range secrets {
		if end := now.Add(overlap).UTC(); secrets[i].Until.IsZero() || secrets[i].Until.After(end) {
			secrets[i].Until = end
		}
	}
	return append([]AccountSecret{{Sealed: sealed}}, secrets...)
}

// Holds reports whether the secret may still be used.
func (s *AccountSecret) Holds(now time.Time) bool { return s.Until.IsZero() || now.Before(s.Until) }

// OpenSecrets gives the secrets that hold now, the newest first.
func (a *Account) OpenSecrets(keys *seal.Keys, now time.Time) ([]string, error) {
	var open []string
	for _, s := range a.Secrets {
		if !s.Holds(now) {
			continue
		}
		secret, err := keys.Unwrap(s.Sealed, a.secretContext())
		if err != nil {
			return nil, fmt.Errorf("secret of account %s: %w", AccountKey(a.Carrier, a.Name), err)
		}
		open = append(open, string(secret))
	}
	return open, nil
}

func (a *Account) secretContext() string { return "account:" + AccountKey(a.Carrier, a.Name) }
