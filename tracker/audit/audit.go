// Package audit keeps the log of who did what: entries with ids only, appended one after the other, each sealed by a keyed
// hash over itself and the seal before it. Who changes, drops or inserts an entry in the store, without the master key,
// breaks the chain where Verify finds it. That the newest entries were cut off shows by comparing with a number and seal
// noted elsewhere: each is in the program's log too.
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Log is the audit log. It is safe for concurrent use; several processes append to one.
type Log struct {
	store tracker.Store
	keys  *seal.Keys
	now   func() time.Time
	log   *slog.Logger

	mu sync.Mutex
	// last is the newest entry as this process knows it, nil before it looked.
	last *tracker.AuditEntry
}

// New makes a Log.
func New(store tracker.Store, keys *seal.Keys, now func() time.Time, log *slog.Logger) *Log {
	return &Log{store: store, keys: keys, now: now, log: log}
}

// Act is what somebody does.
type Act struct {
	Actor string
	Role  tracker.Role
	// Action is what is done, as "payload.read".
	Action   string
	Subjects []string
}

const (
	// appendTries is how often an entry is appended anew that lost a race with another process.
	appendTries = 20
	// mostSubjects of one entry are kept; a search finds no more.
	mostSubjects = 200
)

// Append writes an entry. Callers do what they audit only after it has returned without error.
func (l *Log) Append(ctx context.Context, act Act) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range appendTries {
		if l.last == nil {
			newest, err := tracker.LoadList[tracker.AuditEntry](ctx, l.store, tracker.ListAll, tracker.Page{Limit: 1})
			if err != nil {
				return fmt.Errorf("read the newest audit entry: %w", err)
			}
			l.last = &tracker.AuditEntry{}
			if len(newest) > 0 {
				l.last = newest[0]
			}
		}
		entry := l.after(l.last, act)
		err := tracker.Save(ctx, l.store, entry)
		if err == nil {
			l.last = entry
			l.log.Info("audit", "number", entry.Number, "actor", entry.Actor, "role", string(entry.Role), "action", entry.Action,
				"subjects", entry.Subjects, "seal", entry.Seal)
			return nil
		}
		l.last = nil
		if !errors.Is(err, tracker.ErrConflict) {
			return fmt.Errorf("append to the audit log: %w", err)
		}
	}
	return fmt.Errorf("append to the audit log: %w", tracker.ErrConflict)
}

// after is the entry that follows another.
func (l *Log) after(last *tracker.AuditEntry, act Act) *tracker.AuditEntry {
	entry := &tracker.AuditEntry{
		Number: last.Number + 1, At: l.now().UTC().Truncate(time.Millisecond), Actor: act.Actor, Role: act.Role, Action: act.Action,
		Subjects: slices.Compact(slices.Sorted(slices.Values(act.Subjects))), Before: last.Seal,
	}
	entry.Subjects = entry.Subjects[:min(len(entry.Subjects), mostSubjects)]
	if entry.At.Before(last.At) {
		entry.At = last.At
	}
	entry.Seal = l.seal(entry)
	return entry
}

// seal is the keyed hash of an entry: over its fields in the form of a JSON list, which leaves no doubt where each ends.
func (l *Log) seal(e *tracker.AuditEntry) string {
	text, err := json.Marshal([]any{e.Number, e.At.UnixMilli(), e.Actor, e.Role, e.Action, append([]string{}, e.Subjects...), e.Before})
	if err != nil {
		panic("audit: an entry of texts and numbers cannot be encoded: " + err.Error())
	}
	return l.keys.Sign("audit", string(text))
}
