package api

import (
	"context"
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/cases"
)

// NewCase is what somebody reports.
type NewCase struct {
	Kind string `json:"kind" enum:"missing,damaged,wrong_item,late,no_news,misinformation,something_else" example:"missing"`
	Text string `json:"text" maxLength:"4000" doc:"What happened, in one's own words." example:"The page says delivered, but nothing came."`
}

// Case is a customer's problem and what becomes of it.
type Case struct {
	ID          string      `json:"id" example:"case_1a208e3f2b308634c92871e7"`
	Tenant      string      `json:"tenant"`
	Shipment    string      `json:"shipment" example:"WB2345679ABCDEFGJ"`
	Order       string      `json:"order,omitempty"`
	Kind        string      `json:"kind" example:"missing"`
	State       string      `json:"state" example:"open"`
	Next        []string    `json:"next" doc:"The states that it may move to."`
	Owner       string      `json:"owner,omitempty" doc:"The user who works on it."`
	OpenedAt    time.Time   `json:"opened_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
	DueAt       *time.Time  `json:"due_at,omitempty" doc:"When the first answer is due; once it was given, when the case is to be resolved. Of a resolved one, when it is closed."`
	Overdue     bool        `json:"overdue"`
	AnsweredAt  *time.Time  `json:"answered_at,omitempty" doc:"When the customer was first answered."`
	ResolvedAt  *time.Time  `json:"resolved_at,omitempty"`
	Decision    string      `json:"decision,omitempty" enum:"refund,replacement,nothing"`
	Replacement string      `json:"replacement,omitempty" doc:"The shipment that is sent in place of this one."`
	Claim       *CaseClaim  `json:"claim,omitempty"`
	Entries     []CaseEntry `json:"entries,omitempty" doc:"What happened, the oldest first; in the single case alone."`
}

// CaseClaim is what a carrier is asked to pay.
type CaseClaim struct {
	Carrier   string     `json:"carrier" maxLength:"64" example:"ups"`
	Reference string     `json:"reference" maxLength:"64" doc:"The number under which the carrier has it." example:"C-4711"`
	Amount    string     `json:"amount,omitempty" maxLength:"32" example:"49.90 EUR"`
	Outcome   string     `json:"outcome,omitempty" doc:"accepted or refused, once the carrier has answered." example:"accepted"`
	FiledAt   *time.Time `json:"filed_at,omitempty" readOnly:"true"`
}

// CaseEntry is one thing that happened.
type CaseEntry struct {
	At   time.Time `json:"at"`
	From string    `json:"from" doc:"customer, support, seller, or clock for what time did." example:"support"`
	By   string    `json:"by,omitempty" doc:"The user or key; never shown to customers."`
	What string    `json:"what" doc:"message, note, state, owner, decision, replacement or claim." example:"message"`
	To   string    `json:"to,omitempty" doc:"What it changed to."`
	Text string    `json:"text,omitempty"`
}

// CaseChange is what is to change of a case; what is absent stays.
type CaseChange struct {
	State       *string    `json:"state,omitempty" enum:"open,waiting_for_customer,waiting_for_carrier,waiting_for_seller,resolved,closed" example:"waiting_for_carrier"`
	Owner       *string    `json:"owner,omitempty" maxLength:"64" doc:"A user's id, me, or nobody as an empty text."`
	Decision    *string    `json:"decision,omitempty" enum:"refund,replacement,nothing" example:"refund"`
	Replacement *string    `json:"replacement,omitempty" maxLength:"64" doc:"With the decision replacement: the shipment that goes out, of the same seller."`
	Claim       *CaseClaim `json:"claim,omitempty"`
}

// apply makes the changes, in the order in which people do: who, what, what of it, and then the state.
func (in *CaseChange) apply(t *cases.Turn, by cases.Actor) error {
	if in.Owner != nil {
		if err := t.Own(by, *in.Owner); err != nil {
			return err
		}
	}
	if in.Claim != nil {
		claim := tracker.CarrierClaim{
			Carrier: in.Claim.Carrier, Reference: in.Claim.Reference, Amount: in.Claim.Amount, Outcome: in.Claim.Outcome,
		}
		if err := t.Claim(by, claim); err != nil {
			return err
		}
	}
	if in.Decision != nil {
		replacement := ""
		if in.Replacement != nil {
			replacement = *in.Replacement
		}
		if err := t.Decide(by, tracker.CaseDecision(*in.Decision), replacement); err != nil {
			return err
		}
	}
	if in.State != nil {
		return t.Move(by, tracker.CaseState(*in.State))
	}
	return nil
}

// checkCaseChange checks what a change names: the owner, and the shipment of the replacement.
func (s *Server) checkCaseChange(ctx context.Context, in *CaseChange, by cases.Actor) error {
	if in.Owner != nil && *in.Owner == "me" {
		in.Owner = &by.By
	}
	if in.Owner != nil && *in.Owner != "" && *in.Owner != by.By {
		user, err := tracker.Load[tracker.User](ctx, s.store, *in.Owner)
		if err != nil || user.Disabled || !slices.ContainsFunc(user.Seats, tracker.Seat.IsStaff) {
			return invalid("owner", "no member of staff has this id", "me")
		}
	}
	if in.Replacement != nil && in.Decision == nil {
		return invalid("replacement", "goes with the decision replacement", "")
	}
	if in.Replacement != nil && *in.Replacement != "" {
		if _, err := s.ownShipment(ctx, *in.Replacement); err != nil {
			return invalid("replacement", "no shipment has this ID", "WB2345679ABCDEFGJ")
		}
	}
	return nil
}

// listedCase shows a case without what was written.
func (s *Server) listedCase(c *tracker.Case) Case {
	out := Case{
		ID: c.ID, Tenant: c.Tenant, Shipment: c.Shipment, Order: c.Order, Kind: string(c.Kind), State: string(c.State), Owner: c.Owner,
		OpenedAt: c.OpenedAt, UpdatedAt: c.UpdatedAt, DueAt: timeOrNone(c.DueAt), Overdue: overdue(c, s.now()),
		AnsweredAt: timeOrNone(c.AnsweredAt), ResolvedAt: timeOrNone(c.ResolvedAt), Decision: string(c.Decision),
		Replacement: c.Replacement, Next: []string{},
	}
	for _, state := range cases.Next(c.State) {
		out.Next = append(out.Next, string(state))
	}
	if k := c.Claim; k.Reference != "" {
		out.Claim = &CaseClaim{k.Carrier, k.Reference, k.Amount, k.Outcome, timeOrNone(k.FiledAt)}
	}
	return out
}

// caseBody shows a case with everything.
func (s *Server) caseBody(ctx context.Context, c *tracker.Case) (*Body[Case], error) {
	said, err := s.cases.Read(ctx, c)
	if err != nil {
		return nil, err
	}
	out := s.listedCase(c)
	for _, e := range said {
		out.Entries = append(out.Entries, CaseEntry{At: e.At, From: from(&e.CaseEntry), By: e.By, What: string(e.What), To: e.To, Text: e.Text})
	}
	return &Body[Case]{Body: out}, nil
}

// from says on whose side an entry's author stands.
func from(e *tracker.CaseEntry) string {
	switch {
	case e.By == tracker.ByCustomer || e.By == tracker.ByClock:
		return e.By
	case e.Role == tracker.RoleSeller:
		return "seller"
	}
	return "support"
}
