// Package seal keeps personal data closed: it encrypts under data keys that are wrapped by a master key, and makes
// blind indexes by which sealed data is found. Destroying a data key destroys what was sealed under it.
package seal

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the size of master and data keys in bytes.
const KeySize = 32

// ErrOpen is returned where a sealed text was made under another key, or was changed since.
var ErrOpen = errors.New("sealed data cannot be opened with the keys at hand")

// Keys are the master keys of an installation. The first seals; the others still open what they sealed before
// a rotation. Blind indexes and link signatures come from the last (oldest) one, so that they survive rotation.
type Keys struct {
	ring   []ringKey
	lookup []byte
	link   []byte
}

type ringKey struct {
	id   [4]byte
	aead cipher.AEAD
}

// New makes Keys from master keys of KeySize bytes, the newest first.
func New(masters ...[]byte) (*Keys, error) {
	if len(masters) == 0 {
		return nil, errors.New("no master key is given; set WAYBILL_SEAL_KEY to 32 random bytes in base64")
	}
	k := &Keys{}
	for i, master := range masters {
		if len(master) != KeySize {
			return nil, fmt.Errorf("master key %d has %d bytes; it must have %d (make one with: openssl rand -base64 32)",
				i+1, len(master), KeySize)
		}
		aead, err := chacha20poly1305.NewX(derive(master, "waybill wrap"))
		if err != nil {
			return nil, err
		}
		key := ringKey{aead: aead}
		copy(key.id[:], derive(master, "waybill key id"))
		k.ring = append(k.ring, key)
	}
	oldest := masters[len(masters)-1]
	k.lookup, k.link = derive(oldest, "waybill blind index"), derive(oldest, "waybill links")
	return k, nil
}

// NewMaster makes a master key in the form that the configuration takes.
func NewMaster() string {
	return base64.StdEncoding.EncodeToString(random(KeySize))
}

// Wrap seals a small secret, as a data key or a carrier's secret, directly under the master key.
// The context ("data_key:<id>") must be given again to open it: a sealed text moved elsewhere does not open.
func (k *Keys) Wrap(secret []byte, context string) []byte {
	newest := k.ring[0]
	out := make([]byte, 0, len(newest.id)+newest.aead.NonceSize()+len(secret)+newest.aead.Overhead())
	out = append(out, newest.id[:]...)
	out = append(out, random(newest.aead.NonceSize())...)
	return newest.aead.Seal(out, out[len(newest.id):], secret, []byte(context))
}

// Unwrap opens what Wrap sealed. It returns ErrOpen where it cannot.
func (k *Keys) Unwrap(sealed []byte, context string) ([]byte, error) {
	for _, key := range k.ring {
		if !bytes.HasPrefix(sealed, key.id[:]) {
			continue
		}
		rest := sealed[len(key.id):]
		if len(rest) < key.aead.NonceSize() {
			break
		}
		nonce, text := rest[:key.aead.NonceSize()], rest[key.aead.NonceSize():]
		if secret, err := key.aead.Open(nil, nonce, text, []byte(context)); err == nil {
			return secret, nil
		}
	}
	return nil, ErrOpen
}

// NewDataKey makes a data key, in the clear and wrapped for keeping.
func (k *Keys) NewDataKey(id string) (key, wrapped []byte) {
	key = random(KeySize)
	return key, k.Wrap(key, "data_key:"+id)
}

// OpenDataKey unwraps a data key made by NewDataKey.
func (k *Keys) OpenDataKey(id string, wrapped []byte) ([]byte, error) {
	return k.Unwrap(wrapped, "data_key:"+id)
}

// Seal encrypts under a data key. The context works as in Wrap.
func Seal(key, text []byte, context string) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	nonce := random(aead.NonceSize())
	return aead.Seal(nonce, nonce, text, []byte(context)), nil
}

// Open decrypts what Seal made. It returns ErrOpen where it cannot.
func Open(key, sealed []byte, context string) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, ErrOpen
	}
	text, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(context))
	if err != nil {
		return nil, ErrOpen
	}
	return text, nil
}

// Envelope seals a text under a data key of its own that travels, wrapped, in front of it: whoever removes the
// envelope has removed the key. OpenEnvelope undoes it.
func (k *Keys) Envelope(text []byte, context string) ([]byte, error) {
	key := random(KeySize)
	sealed, err := Seal(key, text, context)
	if err != nil {
		return nil, err
	}
	wrapped := k.Wrap(key, context)
	return slices.Concat([]byte{byte(len(wrapped))}, wrapped, sealed), nil //nolint:gosec // 4 + 24 + 32 + 16 bytes
}

// OpenEnvelope opens what Envelope made. It returns ErrOpen where it cannot.
func (k *Keys) OpenEnvelope(envelope []byte, context string) ([]byte, error) {
	if len(envelope) < 1 || len(envelope) < 1+int(envelope[0]) {
		return nil, ErrOpen
	}
	n := 1 + int(envelope[0])
	key, err := k.Unwrap(envelope[1:n], context)
	if err != nil {
		return nil, err
	}
	return Open(key, envelope[n:], context)
}

func derive(master []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, master, nil, purpose, KeySize)
	if err != nil {
		panic("seal: hkdf with a fixed, valid length failed: " + err.Error())
	}
	return key
}

// random never fails: crypto/rand ends the process where the system gives no randomness.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}
