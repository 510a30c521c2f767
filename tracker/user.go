package tracker

import (
	"fmt"
	"time"

	"waybill/tracker/seal"
)

// User is a person who signs in.
//
//	key    "usr_" and a time-ordered id
//	lists  "all", and "tenant:<tenant>", "carrier:<carrier>/<account>" of each seat
type User struct {
	ID string `cbor:"1,keyasint"`
	// Sealed is the Identity, in an envelope of its own: with the record its key is gone.
	Sealed []byte `cbor:"2,keyasint"`
	// Password is an argon2id hash in PHC form; empty for who signs in elsewhere (OIDC).
	Password string `cbor:"3,keyasint,omitempty"`
	// Secret is the wrapped TOTP secret; empty until it was proved that the person's device has it.
	Secret []byte `cbor:"4,keyasint,omitempty"`
	// Offered is a TOTP secret that was shown and is not proved yet.
	Offered []byte `cbor:"5,keyasint,omitempty"`
	// Step is the time step of the last code that was taken: none is taken twice.
	Step int64 `cbor:"6,keyasint,omitempty"`
	// Recovery are keyed hashes of the recovery codes that are left.
	Recovery []string `cbor:"7,keyasint,omitempty"`
	Seats    []Seat   `cbor:"8,keyasint"`
	// Generation is raised to end all sessions.
	Generation int       `cbor:"9,keyasint,omitempty"`
	Disabled   bool      `cbor:"10,keyasint,omitempty"`
	CreatedAt  time.Time `cbor:"11,keyasint"`
	// Logins are the keys of the records by which the person is found.
	Logins []string `cbor:"13,keyasint"`

	meta
}

// Identity is who a user is.
type Identity struct {
	Email string `cbor:"1,keyasint"`
	Name  string `cbor:"2,keyasint,omitempty"`
}

// Seat is one thing that a person may be here: staff, a seller's member, or in charge of a carrier's account.
type Seat struct {
	Role Role `cbor:"1,keyasint"`
	// Tenant is the seller, for RoleSeller; Account is "<carrier>/<name>", for RoleCarrier.
	Tenant  string `cbor:"2,keyasint,omitempty"`
	Account string `cbor:"3,keyasint,omitempty"`
	// Level is what a seller's member may do.
	Level Level `cbor:"4,keyasint,omitempty"`
}

// Level is what a seller's member may do.
type Level string

// The levels: viewers read, members work, owners also decide over members, keys and branding.
const (
	LevelOwner  Level = "owner"
	LevelMember Level = "member"
	LevelViewer Level = "viewer"
)

// Key names the seat among the seats of a person.
func (s Seat) Key() string {
	switch {
	case s.Tenant != "":
		return string(s.Role) + ":" + s.Tenant
	case s.Account != "":
		return string(s.Role) + ":" + s.Account
	}
	return string(s.Role)
}

// IsStaff reports whether the seat sees all sellers.
func (s Seat) IsStaff() bool { return s.Role == RoleAgent || s.Role == RoleOperator }

// Check says what is wrong with a seat; nil for one that can be.
func (s Seat) Check() error {
	switch s.Role {
	case RoleAgent, RoleOperator:
		if s.Tenant == "" && s.Account == "" && s.Level == "" {
			return nil
		}
		return fmt.Errorf("role %s is over all sellers: it has no tenant, account or level", s.Role)
	case RoleSeller:
		if s.Tenant != "" && s.Account == "" && (s.Level == LevelOwner || s.Level == LevelMember || s.Level == LevelViewer) {
			return nil
		}
		return fmt.Errorf("role %s has a tenant and a level: %s, %s or %s", s.Role, LevelOwner, LevelMember, LevelViewer)
	case RoleCarrier:
		if s.Account != "" && s.Tenant == "" && s.Level == "" {
			return nil
		}
		return fmt.Errorf("role %s has an account (carrier/name) and nothing else", s.Role)
	case RoleFleet:
	}
	return fmt.Errorf("role %q is not one of %s, %s, %s, %s", s.Role, RoleSeller, RoleAgent, RoleOperator, RoleCarrier)
}

// SeatOf is the seat of that key, else the first one; the zero Seat for who has none.
func (u *User) SeatOf(key string) Seat {
	for _, s := range u.Seats {
		if s.Key() == key {
			return s
		}
	}
	if len(u.Seats) > 0 {
		return u.Seats[0]
	}
	return Seat{}
}

// Seal keeps who the user is.
func (u *User) Seal(keys *seal.Keys, who Identity) error {
	plain, err := docEncoding.Marshal(who)
	if err != nil {
		return fmt.Errorf("encode who user %s is: %w", u.ID, err)
	}
	u.Sealed, err = keys.Envelope(plain, "user:"+u.ID)
	return err
}

// Open tells who the user is.
func (u *User) Open(keys *seal.Keys) (who Identity, err error) {
	plain, err := keys.OpenEnvelope(u.Sealed, "user:"+u.ID)
	if err != nil {
		return who, fmt.Errorf("who user %s is: %w", u.ID, err)
	}
	if err := docDecoding.Unmarshal(plain, &who); err != nil {
		return who, fmt.Errorf("decode who user %s is", u.ID) // the cause would quote it
	}
	return who, nil
}

func (u *User) place() place {
	lists := []string{ListAll}
	for _, s := range u.Seats {
		switch {
		case s.Tenant != "":
			lists = append(lists, ListOfTenant(s.Tenant))
		case s.Account != "":
			lists = append(lists, ListOfCarrier(s.Account))
		}
	}
	return place{table: Users, key: u.ID, order: u.CreatedAt, lists: lists}
}

// Login leads to the user whom an address, or an identity at a provider, belongs to.
//
//	key  "email:<blind index>" or "oidc:<blind index of issuer and subject>"
type Login struct {
	Key       string    `cbor:"1,keyasint"`
	User      string    `cbor:"2,keyasint"`
	CreatedAt time.Time `cbor:"3,keyasint"`

	meta
}

func (l *Login) place() place { return place{table: Logins, key: l.Key, order: l.CreatedAt} }
