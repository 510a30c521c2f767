package audit

import (
	"context"
	"fmt"

	"waybill/tracker"
)

// Report is what Verify found.
type Report struct {
	// Entries are as many as are whole, from the first on.
	Entries int64
	// Seal is that of the last of them.
	Seal string
}

// BrokenError says where the chain breaks.
type BrokenError struct {
	Number int64
	What   string
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("the audit log is broken at entry %d: %s", e.Number, e.What)
}

// Anchor is an entry that was noted elsewhere: the log must still have it. The zero Anchor asks for nothing.
type Anchor struct {
	Number int64
	Seal   string
}

// Verify reads the whole log and checks the chain. It returns a *BrokenError where it breaks.
func (l *Log) Verify(ctx context.Context, anchor Anchor) (Report, error) {
	const size = 500
	var report Report
	page := tracker.Page{Oldest: true, Limit: size}
	for {
		entries, err := tracker.LoadList[tracker.AuditEntry](ctx, l.store, tracker.ListAll, page)
		if err != nil {
			return report, fmt.Errorf("read the audit log: %w", err)
		}
		for _, e := range entries {
			if err := l.follows(report, e, anchor); err != nil {
				return report, err
			}
			report = Report{e.Number, e.Seal}
		}
		if len(entries) < size {
			break
		}
		page.After = tracker.CursorOf(entries[len(entries)-1])
	}
	if report.Entries < anchor.Number {
		return report, &BrokenError{report.Entries + 1, fmt.Sprintf("it is not there, though entry %d was once", anchor.Number)}
	}
	return report, nil
}

func (l *Log) follows(before Report, e *tracker.AuditEntry, anchor Anchor) error {
	switch next := before.Entries + 1; {
	case e.Number > next:
		return &BrokenError{next, "it is not there"}
	case e.Number < next:
		return &BrokenError{e.Number, "it stands in the wrong place"}
	case e.Before != before.Seal:
		return &BrokenError{e.Number, "it does not follow the entry before it"}
	case e.Seal != l.seal(e):
		return &BrokenError{e.Number, "it was changed"}
	case e.Number == anchor.Number && e.Seal != anchor.Seal:
		return &BrokenError{e.Number, "its seal is not the one that was noted"}
	}
	return nil
}
