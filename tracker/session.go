package tracker

import "time"

// Session is one browser in which somebody is signed in, or on the way to it. Its token is 256 random bits of which only
// the SHA-256 is kept; it is exchanged for a new one as long as it is used.
//
//	key    hex of the SHA-256
//	lists  "user:<user>"
type Session struct {
	Hash string `cbor:"1,keyasint"`
	// ID stays through all exchanges of the token: what a form proves is bound to it.
	ID    string `cbor:"2,keyasint"`
	User  string `cbor:"3,keyasint"`
	Stage Stage  `cbor:"4,keyasint,omitempty"`
	// Seat is the key of the seat that the person works in.
	Seat string `cbor:"5,keyasint,omitempty"`
	// Generation is the user's at the time of signing in.
	Generation int `cbor:"6,keyasint,omitempty"`
	// Began is when the person signed in, At when this token was given, Until when it ends at the latest.
	Began time.Time `cbor:"7,keyasint"`
	At    time.Time `cbor:"8,keyasint"`
	Until time.Time `cbor:"9,keyasint"`
	// Exchanged: a newer token was given; this one holds a moment longer for requests that were under way.
	Exchanged bool `cbor:"10,keyasint,omitempty"`
	// Before is the hash of the token before this one.
	Before string `cbor:"11,keyasint,omitempty"`
	// Wrong counts the wrong codes of this sign-in.
	Wrong int `cbor:"12,keyasint,omitempty"`
	// Terms are set in a customer's session alone: the search terms of the addresses that were shown to be theirs.
	Terms []string `cbor:"13,keyasint,omitempty"`

	meta
}

// Stage is how far a sign-in has come.
type Stage string

// The stages: signed in; the password was right and a code of the second factor is wanted; a second factor must be set up
// first.
const (
	StageFull  Stage = ""
	StageCode  Stage = "code"
	StageEnrol Stage = "enrol"
)

// ListOfUser is the sessions of a user.
func ListOfUser(user string) string { return "user:" + user }

func (s *Session) place() place {
	return place{table: Sessions, key: s.Hash, order: s.At, lists: []string{ListOfUser(s.User)}}
}

// Attempt counts what may be guesses at one account from one place.
//
//	key  blind index of account and place
type Attempt struct {
	Key   string    `cbor:"1,keyasint"`
	Count int       `cbor:"2,keyasint"`
	Last  time.Time `cbor:"3,keyasint"`
	First time.Time `cbor:"4,keyasint"`

	meta
}

func (a *Attempt) place() place { return place{table: Attempts, key: a.Key, order: a.First} }
