package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waybill/tracker"
)

// Turn is a case while somebody changes it, with its texts in the clear.
type Turn struct {
	Case  *tracker.Case
	desk  *Desk
	key   []byte
	texts []string
}

// next are the states that each may move to by hand.
var next = map[tracker.CaseState][]tracker.CaseState{
	tracker.CaseOpen: {
		tracker.CaseWaitingCustomer, tracker.CaseWaitingCarrier, tracker.CaseWaitingSeller, tracker.CaseResolved,
	},
	tracker.CaseWaitingCustomer: {tracker.CaseOpen, tracker.CaseWaitingCarrier, tracker.CaseWaitingSeller, tracker.CaseResolved},
	tracker.CaseWaitingCarrier:  {tracker.CaseOpen, tracker.CaseWaitingCustomer, tracker.CaseWaitingSeller, tracker.CaseResolved},
	tracker.CaseWaitingSeller:   {tracker.CaseOpen, tracker.CaseWaitingCustomer, tracker.CaseWaitingCarrier, tracker.CaseResolved},
	tracker.CaseResolved:        {tracker.CaseOpen, tracker.CaseClosed},
	tracker.CaseClosed:          {},
}

// Next are the states that a case may move to.
func Next(state tracker.CaseState) []tracker.CaseState { return next[state] }

// Move brings the case to another state.
func (t *Turn) Move(by Actor, to tracker.CaseState) error {
	from := t.Case.State
	if from == to {
		return nil
	}
	if from == tracker.CaseClosed {
		return ErrSettled
	}
	if !slices.Contains(next[from], to) {
		return fmt.Errorf("%w: a case that is %s becomes one of %s", ErrInput, from, joined(next[from]))
	}
	t.move(by, to)
	return nil
}

// move notes the state, and until when what comes next is due.
func (t *Turn) move(by Actor, to tracker.CaseState) {
	c, now := t.Case, t.desk.Now().UTC()
	t.note(by, tracker.CaseMoved, string(to))
	c.State = to
	switch to {
	case tracker.CaseResolved:
		c.ResolvedAt, c.DueAt = now, now.Add(t.desk.Reopen)
	case tracker.CaseClosed:
		c.DueAt = time.Time{}
	default:
		c.ResolvedAt = time.Time{}
		t.dueAnew()
	}
}

// dueAnew sets when the first answer is due, or after it the case.
func (t *Turn) dueAnew() {
	if t.Case.AnsweredAt.IsZero() {
		t.Case.DueAt = t.Case.OpenedAt.Add(t.desk.Answer)
		return
	}
	t.Case.DueAt = t.Case.OpenedAt.Add(t.desk.Settle)
}

// Say adds a message that customer and staff both see. A customer's makes it support's turn, also where it was resolved.
func (t *Turn) Say(by Actor, text string) error {
	if t.Case.State == tracker.CaseClosed {
		return ErrSettled
	}
	if err := t.write(by, tracker.CaseMessage, "", text); err != nil {
		return err
	}
	switch {
	case by.staff() && t.Case.AnsweredAt.IsZero():
		t.Case.AnsweredAt = t.desk.Now().UTC()
		if !t.Case.State.Settled() {
			t.dueAnew()
		}
	case !by.staff() && t.Case.State != tracker.CaseOpen:
		t.move(by, tracker.CaseOpen)
	}
	return nil
}

// Note adds what staff alone sees.
func (t *Turn) Note(by Actor, text string) error { return t.write(by, tracker.CaseNote, "", text) }

// Own gives the case to a user; "" to nobody.
func (t *Turn) Own(by Actor, owner string) error {
	if t.Case.State.Settled() {
		return fmt.Errorf("%w: it is settled", ErrInput)
	}
	if t.Case.Owner != owner {
		t.Case.Owner = owner
		t.note(by, tracker.CaseOwned, owner)
	}
	return nil
}

// Decide says what the customer gets, and with a replacement by which shipment.
func (t *Turn) Decide(by Actor, decision tracker.CaseDecision, replacement string) error {
	if t.Case.State == tracker.CaseClosed {
		return ErrSettled
	}
	if !slices.Contains(tracker.CaseDecisions(), decision) {
		return fmt.Errorf("%w: a decision is one of %s", ErrInput, joined(tracker.CaseDecisions()))
	}
	if replacement != "" && decision != tracker.DecideReplacement {
		return fmt.Errorf("%w: only a replacement has a shipment", ErrInput)
	}
	if t.Case.Decision != decision {
		t.Case.Decision = decision
		t.note(by, tracker.CaseDecided, string(decision))
	}
	if t.Case.Replacement != replacement {
		t.Case.Replacement = replacement
		t.note(by, tracker.CaseReplaced, replacement)
	}
	return nil
}

// Claim notes what a carrier was asked to pay, and later what it answered.
func (t *Turn) Claim(by Actor, claim tracker.CarrierClaim) error {
	if claim.Outcome != "" && claim.Outcome != "accepted" && claim.Outcome != "refused" {
		return fmt.Errorf("%w: the outcome of a claim is accepted or refused", ErrInput)
	}
	if claim.Reference == "" {
		return fmt.Errorf("%w: a claim needs the number under which the carrier has it", ErrInput)
	}
	if claim.FiledAt = t.Case.Claim.FiledAt; claim.FiledAt.IsZero() {
		claim.FiledAt = t.desk.Now().UTC()
	}
	t.Case.Claim = claim
	t.note(by, tracker.CaseClaimed, strings.TrimSpace(claim.Reference+" "+claim.Outcome))
	return nil
}

// write adds an entry with a text.
func (t *Turn) write(by Actor, what tracker.CaseEvent, to, text string) error {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	switch n := utf8.RuneCountInString(text); {
	case t.key == nil:
		return fmt.Errorf("%w: the person's data were erased; nothing more can be written here", ErrInput)
	case n == 0:
		return fmt.Errorf("%w: write what is the matter", ErrInput)
	case n > maxText:
		return fmt.Errorf("%w: the text has %d characters, at most %d are kept", ErrInput, n, maxText)
	case len(t.Case.Entries) >= maxEntries:
		return fmt.Errorf("%w: it is full; resolve it and open another", ErrInput)
	}
	t.note(by, what, to)
	t.Case.Entries[len(t.Case.Entries)-1].HasText = true
	t.texts = append(t.texts, text)
	return nil
}

func (t *Turn) note(by Actor, what tracker.CaseEvent, to string) {
	now := t.desk.Now().UTC()
	t.Case.UpdatedAt = now
	t.Case.Entries = append(t.Case.Entries, tracker.CaseEntry{At: now, By: by.By, Role: by.Role, What: what, To: to})
}

func (t *Turn) save(ctx context.Context, store tracker.Store) error {
	if err := t.seal(); err != nil {
		return err
	}
	return tracker.Save(ctx, store, t.Case)
}

func joined[S ~string](list []S) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
