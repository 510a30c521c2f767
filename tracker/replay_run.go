package tracker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ReplayRun is one replay of a carrier's payloads: how far it has come, and what came of it.
//
//	key    "<id>"
//	lists  "runs", "runs:<carrier>"; "runs:open" until it has ended
//	due    until it has ended, where workers are to do it
type ReplayRun struct {
	ID      string `cbor:"1,keyasint"`
	Carrier string `cbor:"2,keyasint"`
	// Since is how far back payloads are read.
	Since time.Time `cbor:"3,keyasint"`
	// By is who asked for it, as the audit log has it.
	By        string    `cbor:"4,keyasint,omitempty"`
	StartedAt time.Time `cbor:"5,keyasint"`
	EndedAt   time.Time `cbor:"6,keyasint,omitempty"`
	// After is the last payload that was read; they are read the newest first.
	After *Cursor `cbor:"7,keyasint,omitempty"`
	// Receipts were read, of them Requeued came out of quarantine and Unreadable ones stay there. Legs were rebuilt, of
	// them Changed came out another way, and Incomplete ones stay as they are, since payloads of theirs are no longer kept.
	Receipts   int `cbor:"8,keyasint,omitempty"`
	Requeued   int `cbor:"9,keyasint,omitempty"`
	Unreadable int `cbor:"10,keyasint,omitempty"`
	Legs       int `cbor:"11,keyasint,omitempty"`
	Changed    int `cbor:"12,keyasint,omitempty"`
	Incomplete int `cbor:"13,keyasint,omitempty"`
	// Next is when a worker takes it up, or goes on with it should the one who has it die; zero for a run of the command line,
	// which goes on with it itself.
	Next time.Time `cbor:"14,keyasint,omitempty"`

	meta
}

// The lists of runs of replay.
const (
	ListOfRuns     = "runs"
	ListOfOpenRuns = "runs:open"
)

// ListOfRunsOf are a carrier's runs of replay.
func ListOfRunsOf(carrier string) string { return "runs:of:" + carrier }

// ListOfChanges is what a run of replay changed.
func ListOfChanges(run string) string { return "changes:" + run }

func (r *ReplayRun) place() place {
	p := place{table: Replays, key: r.ID, order: r.StartedAt, lists: []string{ListOfRuns, ListOfRunsOf(r.Carrier)}}
	if r.EndedAt.IsZero() {
		p.lists, p.due = append(p.lists, ListOfOpenRuns), dueAt(r.Next)
	}
	return p
}

// ReplayChange is a leg that came out of a replay another way than it went in.
//
//	key    "<run>/<carrier>:<number>"
//	lists  "changes:<run>"
type ReplayChange struct {
	Run    string `cbor:"1,keyasint"`
	LegKey `cbor:"2,keyasint"`
	// Before and After are what the leg said; "" where it said nothing.
	Before       Substatus `cbor:"4,keyasint,omitempty"`
	After        Substatus `cbor:"5,keyasint,omitempty"`
	EventsBefore int       `cbor:"6,keyasint,omitempty"`
	EventsAfter  int       `cbor:"7,keyasint,omitempty"`
	// Shipments are the ids of those that follow the leg.
	Shipments []string  `cbor:"8,keyasint,omitempty"`
	At        time.Time `cbor:"9,keyasint"`

	meta
}

func (c *ReplayChange) place() place {
	return place{table: Replays, key: c.Run + "/" + c.LegKey.String(), order: c.At, lists: []string{ListOfChanges(c.Run)}}
}

// Begin notes that a carrier's payloads since a moment are to be read again. Whoever calls Go on it then does so.
func (r *Replay) Begin(ctx context.Context, carrier string, since time.Time, by string) (*ReplayRun, error) {
	now := r.in.now().UTC()
	run := &ReplayRun{ID: "rp_" + NewID(now), Carrier: carrier, Since: since.UTC(), By: by, StartedAt: now}
	return run, Save(ctx, r.in.store, run)
}

// Ask is Begin for workers: one of them takes the run up.
func (r *Replay) Ask(ctx context.Context, carrier string, since time.Time, by string) (*ReplayRun, error) {
	now := r.in.now().UTC()
	run := &ReplayRun{ID: "rp_" + NewID(now), Carrier: carrier, Since: since.UTC(), By: by, StartedAt: now, Next: now}
	return run, Save(ctx, r.in.store, run)
}

// pageLease is how long a worker has for a page of a run before another one takes the run up.
const pageLease = 2 * time.Minute

// Open is a carrier's run that has not ended; ErrNotFound where there is none.
func (r *Replay) Open(ctx context.Context, carrier string) (*ReplayRun, error) {
	runs, err := LoadList[ReplayRun](ctx, r.in.store, ListOfOpenRuns, Page{})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(runs, func(run *ReplayRun) bool { return run.Carrier == carrier })
	if at < 0 {
		return nil, ErrNotFound
	}
	return runs[at], nil
}

// Go goes on with a run until it has ended or the context does: page by page, each noted when it is through, so that
// after a crash it goes on from there. told hears of each leg that changed. Of two processes that go on with one run the
// slower stops with ErrConflict.
func (r *Replay) Go(ctx context.Context, run *ReplayRun, told func(*ReplayChange)) error {
	seen := map[LegKey]bool{}
	for run.EndedAt.IsZero() {
		if err := ctx.Err(); err != nil {
			return err
		}
		receipts, next, err := r.Receipts(ctx, run.Carrier, run.Since, run.After)
		if err != nil {
			return err
		}
		if err := r.page(ctx, run, receipts, seen, told); err != nil {
			return err
		}
		run.After = next
		if !run.Next.IsZero() {
			run.Next = r.in.now().UTC().Add(pageLease)
		}
		if next == nil {
			run.EndedAt = r.in.now().UTC()
		}
		if err := Save(ctx, r.in.store, run); err != nil {
			return fmt.Errorf("note how far replay %s has come: %w", run.ID, err)
		}
	}
	return nil
}

// replayPage is a page of receipts, and what they tell of.
type replayPage struct {
	quarantined, unsettled []*Receipt
	keys                   []LegKey
	// comesIn are the legs that a receipt comes onto which is not on them yet.
	comesIn map[LegKey]bool
}

// readPage reads a page of receipts again. Legs that were seen before are left out, unless something comes onto them.
func (r *Replay) readPage(receipts []*Receipt, seen map[LegKey]bool) (*replayPage, error) {
	p := &replayPage{comesIn: map[LegKey]bool{}}
	for _, receipt := range receipts {
		about, err := r.LegsOf(receipt)
		if err != nil {
			return nil, err
		}
		switch {
		case receipt.Quarantine != "":
			p.quarantined = append(p.quarantined, receipt)
		case receipt.due != 0: // as a crash left it that came after it was let out of quarantine
			p.unsettled = append(p.unsettled, receipt)
		}
		arrives := receipt.Quarantine != "" || receipt.due != 0
		for _, key := range about {
			if arrives || !seen[key] {
				p.keys, seen[key], p.comesIn[key] = append(p.keys, key), true, p.comesIn[key] || arrives
			}
		}
	}
	slices.SortFunc(p.keys, func(x, y LegKey) int { return strings.Compare(x.String(), y.String()) })
	p.keys = slices.Compact(p.keys)
	return p, nil
}

// page reads a page of receipts again, and rebuilds the legs that they tell of.
func (r *Replay) page(ctx context.Context, run *ReplayRun, receipts []*Receipt, seen map[LegKey]bool, told func(*ReplayChange)) error {
	p, err := r.readPage(receipts, seen)
	if err != nil {
		return err
	}
	run.Receipts += len(receipts)
	before := make(map[LegKey]*ReplayChange, len(p.keys))
	for _, key := range p.keys {
		change, err := r.changeOf(ctx, run, key)
		if err == nil && p.comesIn[key] && change.Version() == 0 {
			err = r.note(ctx, change) // what comes in cannot be told from what was there, should we crash after it
		}
		if err != nil {
			return err
		}
		before[key] = change
	}
	if err := r.letIn(ctx, run, p.quarantined, p.unsettled); err != nil {
		return err
	}
	for _, key := range p.keys {
		if err := r.replayLeg(ctx, run, before[key], told); err != nil {
			return err
		}
	}
	// Counted, not added up: a page that a crash cut short is read again, and has noted some of its changes.
	const most = 1_000_000
	run.Changed, err = r.in.store.Count(ctx, Replays, ListOfChanges(run.ID), most)
	return err
}

// changeOf is what a run changed of a leg, as it noted before a crash; else the leg as it is.
func (r *Replay) changeOf(ctx context.Context, run *ReplayRun, key LegKey) (*ReplayChange, error) {
	change := &ReplayChange{Run: run.ID, LegKey: key, At: r.in.now().UTC()}
	noted, err := Load[ReplayChange](ctx, r.in.store, change.place().key)
	if err == nil {
		return noted, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	leg, err := Load[Leg](ctx, r.in.store, key.String())
	switch {
	case errors.Is(err, ErrNotFound):
		return change, nil
	case err != nil:
		return nil, err
	}
	change.Before, change.EventsBefore = latest(leg).Substatus, len(leg.Events)
	return change, nil
}

// letIn settles what was in quarantine and can be read now, and what a crash left half-way.
func (r *Replay) letIn(ctx context.Context, run *ReplayRun, quarantined, unsettled []*Receipt) error {
	for _, receipt := range quarantined {
		read, err := r.Requeue(ctx, receipt)
		if err != nil {
			return err
		}
		if read {
			run.Requeued++
		} else {
			run.Unreadable++
		}
	}
	for _, receipt := range unsettled {
		if err := r.in.Settle(ctx, receipt); err != nil {
			return err
		}
	}
	return nil
}

// replayLeg notes what will change of a leg, and rebuilds it: a crash between leaves a note, never a change without one.
func (r *Replay) replayLeg(ctx context.Context, run *ReplayRun, change *ReplayChange, told func(*ReplayChange)) error {
	leg, err := Load[Leg](ctx, r.in.store, change.LegKey.String())
	if errors.Is(err, ErrNotFound) {
		return r.unnote(ctx, change) // its payload could not be read after all
	}
	if err != nil {
		return err
	}
	rebuilt, _, err := r.rebuild(ctx, leg)
	if err != nil {
		return err
	}
	run.Legs++
	if rebuilt.Missing > 0 && rebuilt.Changed {
		run.Incomplete++
		return r.unnote(ctx, change)
	}
	noted := change.Version() > 0 && (change.After != "" || change.EventsAfter > 0)
	change.After, change.EventsAfter = rebuilt.After.Substatus, rebuilt.EventsAfter
	if !noted && !rebuilt.Changed && change.Before == change.After && change.EventsBefore == change.EventsAfter {
		return r.unnote(ctx, change)
	}
	change.Shipments = nil
	for _, follower := range leg.Followers {
		change.Shipments = append(change.Shipments, follower.Shipment)
	}
	if err := r.note(ctx, change); err != nil {
		return err
	}
	if _, err := r.Leg(ctx, change.LegKey, false); err != nil {
		return err
	}
	told(change)
	return nil
}

func (r *Replay) note(ctx context.Context, change *ReplayChange) error {
	if err := Save(ctx, r.in.store, change); err != nil {
		return fmt.Errorf("note what replay %s changes: %w", change.Run, err)
	}
	return nil
}

// unnote takes a note back where nothing changed.
func (r *Replay) unnote(ctx context.Context, change *ReplayChange) error {
	if change.Version() == 0 {
		return nil
	}
	write, err := Encode(change)
	if err != nil {
		return err
	}
	write.Delete = true
	results, err := r.in.store.Apply(ctx, []Write{write})
	if err != nil {
		return err
	}
	return results[0]
}
