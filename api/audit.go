package api

import (
	"context"

	"waybill/tracker/audit"
)

// audited writes who does what to which records, before it is done: what cannot be written down is not done. Subjects are
// ids of records, never what they say.
func (s *Server) audited(ctx context.Context, action string, subjects ...string) error {
	who := callerOf(ctx)
	return s.audit.Append(ctx, audit.Act{Actor: who.actor(), Role: who.Role, Action: action, Subjects: subjects})
}

// actor names the caller in the audit log.
func (w *caller) actor() string {
	const hashChars = 16
	if w.Visit != nil {
		return w.Visit.User.ID
	}
	return "key:" + w.hash[:min(len(w.hash), hashChars)]
}
