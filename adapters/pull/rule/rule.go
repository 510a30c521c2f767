// Package rule is the form of the section `pull:` of a carrier.yaml: how the carrier's own API is asked about tracking
// numbers, as data. Package pull asks by it.
package rule

import (
	"net/http"
	"time"
)

// Rule says how a carrier is asked.
type Rule struct {
	// Source names the carrier's document that the section follows.
	Source string `yaml:"source"`
	// Base is the API's address, Sandbox that of the carrier's test system, where it has one.
	Base    string `yaml:"base"`
	Sandbox string `yaml:"sandbox"`
	// Credentials are what an account must hold, in the order in which a person is asked for them.
	Credentials []Credential `yaml:"credentials"`
	// Token gets the token that Request bears; nil where the credentials themselves are borne.
	Token   *Request `yaml:"token"`
	Request Request  `yaml:"request"`
	Batch   Batch    `yaml:"batch"`
	// Rates are how often the carrier lets an account call. All of them hold at once.
	Rates []Rate `yaml:"rates"`
	// RatesAre says where the rates come from: a document, or that the carrier publishes none and they are our own.
	RatesAre string   `yaml:"rates_are"`
	NotFound NotFound `yaml:"not_found"`
	// Volatile are members that differ in every reply without telling anything, as the id of the transaction: replies
	// that differ in them alone are equal. Dots lead into objects.
	Volatile []string `yaml:"volatile"`
}

// Credential is one thing that an account holds.
type Credential struct {
	Name string `yaml:"name"`
	// Says tells a person what it is and where the carrier shows it.
	Says string `yaml:"says"`
	// Secret ones are never shown again.
	Secret bool `yaml:"secret"`
	// Default is taken where the account gives none; without one it must be given.
	Default string `yaml:"default"`
}

// Request is a request to the carrier. Its texts may name {base}, {number}, {numbers} (joined by commas), {token},
// {request} (an id, new each time) and the credentials.
type Request struct {
	// Method is GET where it is empty and there is no body, else POST.
	Method  string          `yaml:"method"`
	URL     Text            `yaml:"url"`
	Query   map[string]Text `yaml:"query"`
	Headers map[string]Text `yaml:"headers"`
	// Basic are user and password of an Authorization header of that kind.
	Basic []Text `yaml:"basic"`
	// Form and JSON are the body, in that form; at most one of them. In JSON a list of one item with the lone member
	// "each" has that member's value once per number.
	Form map[string]Text `yaml:"form"`
	JSON Body            `yaml:"json"`
}

// Verb is the request's method.
func (r *Request) Verb() string {
	switch {
	case r.Method != "":
		return r.Method
	case len(r.Form) > 0 || !r.JSON.None():
		return http.MethodPost
	}
	return http.MethodGet
}

// Batch says how several numbers are asked about at once. Of the reply each number's part is kept as a reply of its
// own: the same envelope with that part alone.
type Batch struct {
	// Size is how many numbers at most; 0 and 1 are one at a time.
	Size int `yaml:"size"`
	// Split is the member that lists the parts; dots lead into objects, "." is the reply itself.
	Split string `yaml:"split"`
	// Number are the members of a part that may hold its number, the first that is there counts.
	Number []string `yaml:"number"`
}

// Most is how many numbers a call may ask about.
func (b *Batch) Most() int { return max(1, b.Size) }

// Rate is how many calls in how long.
type Rate struct {
	Calls int      `yaml:"calls"`
	Per   Duration `yaml:"per"`
}

// Duration is a time.Duration that is written as "10s" or "24h".
type Duration time.Duration

// NotFound says how a reply looks that does not know the number.
type NotFound struct {
	// Status are HTTP statuses that mean it by themselves.
	Status []int `yaml:"status"`
	// Codes are the carrier's error codes for it, as its mapping reads them.
	Codes []string `yaml:"codes"`
}
