package tracker

import "time"

// Case is a problem with a shipment that somebody works on until it is settled.
//
//	key    "case_" and a time-ordered id
//	lists  "all", "tenant:<tenant>", "shipment:<id>", "state:<state>", "state:<tenant>/<state>";
//	       until it is settled "open", "open:<tenant>" and "owner:<owner>"
//	due    while there is something to tell of it, and when a resolved one is to be closed
type Case struct {
	ID       string    `cbor:"1,keyasint"`
	Tenant   string    `cbor:"2,keyasint"`
	Shipment string    `cbor:"3,keyasint"`
	Order    string    `cbor:"4,keyasint,omitempty"`
	Kind     CaseKind  `cbor:"5,keyasint"`
	State    CaseState `cbor:"6,keyasint"`
	// Owner is the id of the user who works on it; empty while nobody does.
	Owner string `cbor:"7,keyasint,omitempty"`
	// Entries are what happened, the oldest first. What people wrote is in Sealed, in the order of the entries that have a text,
	// under the data key DataKey: the recipient's, so that erasing the person erases it.
	Entries []CaseEntry `cbor:"8,keyasint"`
	Sealed  []byte      `cbor:"9,keyasint,omitempty"`
	DataKey string      `cbor:"10,keyasint"`
	// DueAt is when the first answer is due; once it was given, when the case is.
	DueAt      time.Time `cbor:"11,keyasint,omitempty"`
	AnsweredAt time.Time `cbor:"12,keyasint,omitempty"`
	ResolvedAt time.Time `cbor:"13,keyasint,omitempty"`
	// Decision is what the customer gets; Replacement the shipment that is sent in place of this one.
	Decision    CaseDecision `cbor:"14,keyasint,omitempty"`
	Replacement string       `cbor:"15,keyasint,omitempty"`
	Claim       CarrierClaim `cbor:"16,keyasint,omitempty"`
	OpenedAt    time.Time    `cbor:"17,keyasint"`
	UpdatedAt   time.Time    `cbor:"18,keyasint"`
	// Told is of how many entries the seller's endpoints and the customer were told.
	Told int `cbor:"19,keyasint,omitempty"`

	meta
}

// CaseKind is what is the matter.
type CaseKind string

// The kinds that customers report, and the claim that staff opens against a carrier.
const (
	CaseMissing        CaseKind = "missing"
	CaseDamaged        CaseKind = "damaged"
	CaseWrongItem      CaseKind = "wrong_item"
	CaseLate           CaseKind = "late"
	CaseNoNews         CaseKind = "no_news"
	CaseMisinformation CaseKind = "misinformation"
	CaseOther          CaseKind = "something_else"
)

// CaseKinds are all kinds, in the order in which they are offered.
func CaseKinds() []CaseKind {
	return []CaseKind{CaseMissing, CaseDamaged, CaseWrongItem, CaseLate, CaseNoNews, CaseMisinformation, CaseOther}
}

// CaseState is whose turn it is.
type CaseState string

// The states. Open is support's turn; resolved ones are closed by time unless the customer writes again.
const (
	CaseOpen            CaseState = "open"
	CaseWaitingCustomer CaseState = "waiting_for_customer"
	CaseWaitingCarrier  CaseState = "waiting_for_carrier"
	CaseWaitingSeller   CaseState = "waiting_for_seller"
	CaseResolved        CaseState = "resolved"
	CaseClosed          CaseState = "closed"
)

// CaseStates are all states, in the order of a case's life.
func CaseStates() []CaseState {
	return []CaseState{CaseOpen, CaseWaitingCustomer, CaseWaitingCarrier, CaseWaitingSeller, CaseResolved, CaseClosed}
}

// Settled reports whether nobody's turn is next.
func (s CaseState) Settled() bool { return s == CaseResolved || s == CaseClosed }

// CaseDecision is what the customer gets.
type CaseDecision string

// The decisions. They are the seller's to carry out: a webhook hands them over.
const (
	DecideRefund      CaseDecision = "refund"
	DecideReplacement CaseDecision = "replacement"
	DecideNothing     CaseDecision = "nothing"
)

// CaseDecisions are all decisions.
func CaseDecisions() []CaseDecision {
	return []CaseDecision{DecideRefund, DecideReplacement, DecideNothing}
}

// CarrierClaim is what a carrier is asked to pay.
type CarrierClaim struct {
	// Carrier and Reference are where it was filed, and under which number the carrier has it.
	Carrier   string    `cbor:"1,keyasint,omitempty"`
	Reference string    `cbor:"2,keyasint,omitempty"`
	FiledAt   time.Time `cbor:"3,keyasint,omitempty"`
	// Amount in the currency's own notation, "49.90 EUR".
	Amount string `cbor:"4,keyasint,omitempty"`
	// Outcome is "accepted" or "refused"; empty while the carrier has not answered.
	Outcome string `cbor:"5,keyasint,omitempty"`
}

// CaseEntry is one thing that happened to a case.
type CaseEntry struct {
	At time.Time `cbor:"1,keyasint"`
	// By is a user's id, "key:…" for a program's, or "customer".
	By   string    `cbor:"2,keyasint"`
	Role Role      `cbor:"3,keyasint,omitempty"`
	What CaseEvent `cbor:"4,keyasint"`
	// To is what it changed to: a state, an owner, a decision, a claim's reference.
	To string `cbor:"5,keyasint,omitempty"`
	// HasText: the next sealed text is this entry's.
	HasText bool `cbor:"6,keyasint,omitempty"`
}

// News reports whether the entry is news to the customer: something that staff wrote to them, or that was settled.
func (e *CaseEntry) News() bool {
	if e.By == ByCustomer || e.By == ByClock {
		return false
	}
	return e.What == CaseMessage || e.What == CaseDecided || e.What == CaseReplaced || e.What == CaseMoved && e.To == string(CaseResolved)
}

// CaseEvent is a kind of entry.
type CaseEvent string

// The kinds of entries. Customers see all but notes and owners.
const (
	CaseMessage  CaseEvent = "message"
	CaseNote     CaseEvent = "note"
	CaseMoved    CaseEvent = "state"
	CaseOwned    CaseEvent = "owner"
	CaseDecided  CaseEvent = "decision"
	CaseReplaced CaseEvent = "replacement"
	CaseClaimed  CaseEvent = "claim"
)

// Who entries are by, besides users and keys: the customer, and time that went by.
const (
	ByCustomer = "customer"
	ByClock    = "clock"
)

// Lists of cases besides those by tenant and shipment.
const (
	listCasesOpen = "open"
	casesOf       = "state:"
)

// ListOfOpenCases is the cases that are not settled; of one seller where one is named.
func ListOfOpenCases(tenant string) string {
	if tenant == "" {
		return listCasesOpen
	}
	return listCasesOpen + ":" + tenant
}

// ListOfCases is the cases in a state; of one seller where one is named.
func ListOfCases(tenant string, state CaseState) string {
	if tenant == "" {
		return casesOf + string(state)
	}
	return casesOf + tenant + "/" + string(state)
}

// ListOfOwnedCases is the cases that somebody works on.
func ListOfOwnedCases(owner string) string { return "owner:" + owner }

func (c *Case) place() place {
	p := place{table: Cases, key: c.ID, order: c.OpenedAt, lists: []string{
		ListAll, ListOfTenant(c.Tenant), ListOfShipment(c.Shipment), ListOfCases("", c.State), ListOfCases(c.Tenant, c.State),
	}}
	if !c.State.Settled() {
		p.lists = append(p.lists, ListOfOpenCases(""), ListOfOpenCases(c.Tenant))
		if c.Owner != "" {
			p.lists = append(p.lists, ListOfOwnedCases(c.Owner))
		}
	}
	var tell, end time.Time
	if c.Told < len(c.Entries) {
		tell = c.UpdatedAt
	}
	if c.State == CaseResolved {
		end = c.DueAt
	}
	p.due = dueAt(tell, end)
	return p
}
