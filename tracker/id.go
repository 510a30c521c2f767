package tracker

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// idAlphabet leaves out 0 O 1 I L U, which people mistake for one another when they read an ID aloud or type it,
// and 8, so that its size is prime (29) and one check character finds every swap and every wrong character.
const idAlphabet = "2345679ABCDEFGHJKMNPQRSTVWXYZ"

const (
	idPrefix = "WB"
	idBody   = 14 // characters: 68 random bits
)

var idValue = func() (v [256]int8) {
	for i := range v {
		v[i] = -1
	}
	for i, c := range []byte(idAlphabet) {
		v[c] = int8(i)
	}
	return v
}()

// NewTrackingID makes an own tracking ID: "WB", 14 random characters that nobody can guess, a check character.
// The form is published, so that other tools can recognise it: see docs/customers.md.
func NewTrackingID() string {
	id := make([]byte, 0, len(idPrefix)+idBody+1)
	id = append(id, idPrefix...)
	var random [2 * idBody]byte
	for len(id) < len(idPrefix)+idBody {
		_, _ = rand.Read(random[:])
		for _, b := range random {
			// 232 = 8·29: the bytes above would favour the first characters.
			if b < 232 && len(id) < len(idPrefix)+idBody {
				id = append(id, idAlphabet[b%29])
			}
		}
	}
	return string(append(id, checkCharacter(id[len(idPrefix):])))
}

// ParseTrackingID reads an own tracking ID as people type it (spaces, hyphens, lower case) and gives it in its
// canonical form. ok is false where the form or the check character is wrong.
func ParseTrackingID(text string) (id string, ok bool) {
	if len(text) > 64 {
		return "", false
	}
	id = NormaliseNumber(text)
	if len(id) != len(idPrefix)+idBody+1 || !strings.HasPrefix(id, idPrefix) {
		return "", false
	}
	for i := len(idPrefix); i < len(id); i++ {
		if idValue[id[i]] < 0 {
			return "", false
		}
	}
	last := len(id) - 1
	return id, checkCharacter([]byte(id[len(idPrefix):last])) == id[last]
}

// checkCharacter weighs each character by its place, modulo 29: a prime, so that no single error and no swap of
// neighbours passes.
func checkCharacter(body []byte) byte {
	sum := 0
	for i, c := range body {
		sum += (i + 2) * int(idValue[c])
	}
	return idAlphabet[sum%29]
}

// NormaliseNumber brings a tracking number into the form in which legs are keyed: capitals, without spaces,
// hyphens, dots and invisible characters.
func NormaliseNumber(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		case r == '_' || r == '/' || r == '|' || r == '~':
			return r
		}
		return -1
	}, text)
}

var idCounter atomic.Uint32

// NewID makes a time-ordered id: milliseconds, a counter that keeps the order within one, and 48 random bits;
// 24 characters whose text order is the order in time.
func NewID(now time.Time) string {
	var random [8]byte
	_, _ = rand.Read(random[2:])
	return fmt.Sprintf("%011x%04x%09x", now.UnixMilli()&0xfffffffffff, idCounter.Add(1)&0xffff,
		binary.BigEndian.Uint64(random[:])&0xfffffffff)
}

// TimeOfID is when NewID made an id, to the millisecond; zero for a text that is none.
func TimeOfID(id string) time.Time {
	const digits = 11
	if len(id) < digits {
		return time.Time{}
	}
	ms, err := strconv.ParseInt(id[:digits], 16, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
