package tracker

import "time"

// Tenant is a seller.
//
//	key    its id, a short word ("acme")
//	lists  "all"
type Tenant struct {
	ID   string `cbor:"1,keyasint"`
	Name string `cbor:"2,keyasint"`
	// Brand is what customers see.
	Brand Brand `cbor:"3,keyasint,omitempty"`
	// Moments that are told without anybody choosing, by channel; nil for the product's defaults.
	Moments   map[Channel][]Moment `cbor:"4,keyasint,omitempty"`
	CreatedAt time.Time            `cbor:"5,keyasint"`
	// SMSBudget is how many segments of SMS are sent a month at most; 0 is without a bound.
	SMSBudget int `cbor:"6,keyasint,omitempty"`
	// Wordings are the seller's own words in place of the product's.
	Wordings []Wording `cbor:"7,keyasint,omitempty"`
	// CodeBySMS has pickup codes told by SMS, too: networks and lock screens show them.
	CodeBySMS bool `cbor:"8,keyasint,omitempty"`
	// Returns are what the seller takes back; nil for nothing.
	Returns *ReturnRules `cbor:"9,keyasint,omitempty"`
	// Unlisted keeps the seller's parcels out of what customers see of all sellers together.
	Unlisted bool `cbor:"10,keyasint,omitempty"`

	meta
}

// Wording is how a seller words a moment over a channel in a language. The fields are templates: see notify.CheckWording.
type Wording struct {
	Moment  Moment  `cbor:"1,keyasint"`
	Channel Channel `cbor:"2,keyasint"`
	// Locale is a language tag ("de"); it serves all regions of the language.
	Locale string `cbor:"3,keyasint"`
	// Title is an e-mail's subject and heading, or a push's first line; SMS have none.
	Title string `cbor:"4,keyasint,omitempty"`
	// Body is what an e-mail says above the parcel's details, a push's text, or the SMS.
	Body string `cbor:"5,keyasint,omitempty"`
}

// Brand is a seller's face towards its customers.
type Brand struct {
	Colour  string `cbor:"1,keyasint,omitempty"`
	LogoURL string `cbor:"2,keyasint,omitempty"`
	ReplyTo string `cbor:"3,keyasint,omitempty"`
	Support string `cbor:"4,keyasint,omitempty"`
}

// Role is what the bearer of a key may do.
type Role string

// The roles. Sellers see their own tenant; agents and operators see all; the fleet posts scans; carriers see what became
// of their own.
const (
	RoleSeller   Role = "seller"
	RoleAgent    Role = "agent"
	RoleFleet    Role = "fleet"
	RoleOperator Role = "operator"
	RoleCarrier  Role = "carrier"
)

// Key is an API key: 256 random bits of which only the SHA-256 is kept.
//
//	key    hex of the SHA-256
//	lists  "tenant:<tenant>", "all"
type Key struct {
	Hash   string `cbor:"1,keyasint"`
	Tenant string `cbor:"2,keyasint,omitempty"`
	Role   Role   `cbor:"3,keyasint"`
	// Name says what the key is for; Hint is its last four characters.
	Name      string    `cbor:"4,keyasint,omitempty"`
	Hint      string    `cbor:"5,keyasint,omitempty"`
	CreatedAt time.Time `cbor:"6,keyasint"`
	// Expires ends it; zero is never.
	Expires time.Time `cbor:"7,keyasint,omitempty"`
	// ID names the key towards people and in the API, "key_…".
	ID string `cbor:"9,keyasint,omitempty"`
	// Scopes are what it may be used for; none is everything that its role may.
	Scopes []Scope `cbor:"10,keyasint,omitempty"`
	// Test keys see the seller's sandbox alone; see SandboxOf.
	Test bool `cbor:"11,keyasint,omitempty"`
	// UsedAt is its latest use, to some minutes: it is noted behind the request.
	UsedAt time.Time `cbor:"12,keyasint,omitempty"`
	// Replaced is the ID of the key that took its place, where it was rotated; until Expires both hold.
	Replaced string `cbor:"13,keyasint,omitempty"`

	meta
}

// Account is a carrier's access for posting scans: one per contract, each with its own secret.
//
//	key    "<carrier>/<account>"
//	lists  "carrier:<carrier>", "all"
type Account struct {
	Carrier string `cbor:"1,keyasint"`
	Name    string `cbor:"2,keyasint"`
	// Verification is how its posts prove themselves: "credential", "hmac-sha256", "basic", "token".
	Verification string `cbor:"3,keyasint"`
	// Header is the header that bears the proof, where the kind of verification leaves it open.
	Header string `cbor:"4,keyasint,omitempty"`
	// Secrets are sealed; while one is being rotated, both hold.
	Secrets   []AccountSecret `cbor:"5,keyasint"`
	CreatedAt time.Time       `cbor:"6,keyasint"`

	meta
}

// AccountSecret is a sealed secret and how long it holds; a zero Until is for ever.
type AccountSecret struct {
	Sealed []byte    `cbor:"1,keyasint"`
	Until  time.Time `cbor:"2,keyasint,omitempty"`
}

// DataKey is the wrapped key under which one recipient's personal data is sealed; deleting the row erases the person.
//
//	key  random id
type DataKey struct {
	ID        string    `cbor:"1,keyasint"`
	Wrapped   []byte    `cbor:"2,keyasint"`
	CreatedAt time.Time `cbor:"3,keyasint"`

	meta
}

// DeadTask is background work that failed for good, kept to be shown and tried again.
//
//	key    "<kind>:<key of the record that it was about>"
//	lists  "all"
type DeadTask struct {
	ID      string    `cbor:"1,keyasint"`
	Kind    string    `cbor:"2,keyasint"`
	Payload []byte    `cbor:"3,keyasint,omitempty"`
	Error   string    `cbor:"4,keyasint"`
	At      time.Time `cbor:"5,keyasint"`
	Retried int       `cbor:"6,keyasint,omitempty"`

	meta
}

// Answer is a reply that was given under an idempotency key, kept to be given again.
//
//	key  "<tenant>/<SHA-256 of the idempotency key>"
type Answer struct {
	Key string `cbor:"1,keyasint"`
	// Request is the SHA-256 of the request, so that the same key with another request is refused.
	Request   []byte    `cbor:"2,keyasint"`
	Status    int       `cbor:"3,keyasint"`
	Body      []byte    `cbor:"4,keyasint"`
	CreatedAt time.Time `cbor:"5,keyasint"`

	meta
}
