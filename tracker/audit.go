package tracker

import (
	"fmt"
	"time"
)

// AuditEntry is one line of the audit log: who did what to which records. It holds ids only, so that erasing a person
// leaves it true and whole. Entries are never changed; each is chained to the one before it (see package audit).
//
//	key    its number, in 16 digits
//	lists  "all", "actor:<actor>", "subject:<id>" for each subject
type AuditEntry struct {
	// Number counts from 1 without a gap.
	Number int64 `cbor:"1,keyasint"`
	// At never falls from one entry to the next.
	At time.Time `cbor:"2,keyasint"`
	// Actor is a user's id, "key:" and the beginning of an API key's hash, or "cli".
	Actor string `cbor:"3,keyasint"`
	Role  Role   `cbor:"4,keyasint,omitempty"`
	// Action is what was done, as "payload.read".
	Action string `cbor:"5,keyasint"`
	// Subjects are the ids of the records that it was done to.
	Subjects []string `cbor:"6,keyasint,omitempty"`
	// Before is the seal of the entry before; empty in the first.
	Before string `cbor:"7,keyasint,omitempty"`
	// Seal is a keyed hash over all of the above.
	Seal string `cbor:"8,keyasint"`

	meta
}

// AuditKey is the key of the entry with a number.
func AuditKey(number int64) string { return fmt.Sprintf("%016d", number) }

// ListOfActor is the audit entries of somebody.
func ListOfActor(actor string) string { return "actor:" + actor }

// ListOfSubject is the audit entries about a record.
func ListOfSubject(id string) string { return "subject:" + id }

func (e *AuditEntry) place() place {
	lists := []string{ListAll, ListOfActor(e.Actor)}
	for _, subject := range e.Subjects {
		lists = append(lists, ListOfSubject(subject))
	}
	return place{table: Audit, key: AuditKey(e.Number), order: e.At, lists: lists}
}
