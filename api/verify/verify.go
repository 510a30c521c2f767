// Package verify tells whether a carrier's post proves that it comes from whom it says: one kind of proof a file.
package verify

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
)

// Request is what a proof is made of: the headers, the address's query, and the body as it was sent, before any decoding.
type Request struct {
	Header func(name string) string
	Query  func(name string) string
	Body   []byte
}

// Verifier checks one kind of proof. header is the header that bears it where the account or the carrier names one,
// else empty. Each secret that holds is tried, in constant time.
type Verifier func(request Request, header string, secrets []string) bool

// kinds are the kinds of proof by the names that accounts and carriers' descriptors use.
var kinds = map[string]Verifier{
	"credential":  credential,
	"hmac-sha256": hmacSHA256,
	"basic":       basic,
	"token":       token,
}

// ErrKind is returned for a kind of proof that is not known.
var ErrKind = errors.New("no such kind of verification")

// Kind gives the verifier of a kind, ErrKind where there is none.
func Kind(name string) (Verifier, error) {
	if verifier, ok := kinds[name]; ok {
		return verifier, nil
	}
	return nil, fmt.Errorf("%w: %q is none of %v", ErrKind, name, Kinds())
}

// Kinds lists the kinds.
func Kinds() []string {
	names := make([]string, 0, len(kinds))
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Refuse takes as long as a check does and never passes: for accounts that do not exist, so that time does not tell.
func Refuse(kind string, request Request) {
	verifier, err := Kind(kind)
	if err != nil {
		verifier = hmacSHA256
	}
	verifier(request, "", []string{"there is no such account, so no secret fits"})
}

// anyEqual compares what was given with each secret, all of them, in a time that depends on neither. What was not
// given at all never fits.
func anyEqual(given string, secrets []string) bool {
	if given == "" {
		given = "\x00nothing was given"
	}
	sum := sha256.Sum256([]byte(given))
	found := 0
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		want := sha256.Sum256([]byte(secret))
		found |= subtle.ConstantTimeCompare(sum[:], want[:])
	}
	return found == 1
}
