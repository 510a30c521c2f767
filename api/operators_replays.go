package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// replayOperations have a carrier's kept payloads read again, after its mapping was mended.
func (s *Server) replayOperations() {
	tags := []string{"Operators"}
	operation(s, huma.Operation{
		OperationID: "replay-carrier", Method: http.MethodPost, Path: "/v1/operator/replays", Tags: tags,
		Summary: "Read a carrier's payloads again with today's mapping", DefaultStatus: http.StatusAccepted,
		Description: "A worker does it, page by page. What was in quarantine comes in, legs are rebuilt from all their payloads. Nobody is told of history.",
	}, s.postReplay)
	operation(s, huma.Operation{
		OperationID: "list-replays", Method: http.MethodGet, Path: "/v1/operator/replays", Tags: tags, Summary: "Replays, the newest first",
	}, func(ctx context.Context, in *PageInput) (*Body[Page[Replay]], error) {
		return pageOf(ctx, s.store, tracker.ListOfRuns, *in, replayOf)
	})
	operation(s, huma.Operation{
		OperationID: "get-replay", Method: http.MethodGet, Path: "/v1/operator/replays/{id}", Tags: tags, Summary: "How far a replay has come",
	}, s.getReplay)
	operation(s, huma.Operation{
		OperationID: "list-replay-changes", Method: http.MethodGet, Path: "/v1/operator/replays/{id}/changes", Tags: tags,
		Summary: "What a replay changed: each number, what it said before and says now, and the shipments that follow it",
	}, s.listReplayChanges)
}

// CarrierReplayInput says whose payloads are to be read again.
type CarrierReplayInput struct {
	Body struct {
		Carrier string    `json:"carrier" maxLength:"64" example:"ups"`
		Since   time.Time `json:"since" doc:"How far back." example:"2026-11-20T00:00:00Z"`
	}
}

// Replay is one replay.
type Replay struct {
	ID         string     `json:"id" example:"rp_1a208e3f2b308634c92871e7"`
	Carrier    string     `json:"carrier"`
	Since      time.Time  `json:"since"`
	By         string     `json:"by,omitempty" doc:"Who asked for it, as in the audit log."`
	StartedAt  time.Time  `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	Receipts   int        `json:"receipts" doc:"Payloads that were read."`
	Requeued   int        `json:"requeued" doc:"Of these came out of quarantine."`
	Unreadable int        `json:"unreadable" doc:"And stay there."`
	Legs       int        `json:"legs" doc:"Numbers that were rebuilt."`
	Changed    int        `json:"changed" doc:"Of these say something else now."`
	Incomplete int        `json:"incomplete" doc:"Stay as they are, since payloads of theirs are no longer kept."`
}

func replayOf(r *tracker.ReplayRun) Replay {
	return Replay{
		r.ID, r.Carrier, r.Since, r.By, r.StartedAt, timeOrNone(r.EndedAt),
		r.Receipts, r.Requeued, r.Unreadable, r.Legs, r.Changed, r.Incomplete,
	}
}

func (s *Server) postReplay(ctx context.Context, in *CarrierReplayInput) (*Body[Replay], error) {
	switch {
	case in.Body.Carrier != tracker.FleetCarrier && s.carriers.Carrier(in.Body.Carrier) == nil:
		return nil, invalid("carrier", "no carrier has this code", "ups")
	case in.Body.Since.After(s.now()):
		return nil, invalid("since", "lies in the future", s.now().Add(-24*time.Hour).Format(time.RFC3339))
	}
	replay := tracker.NewReplay(s.ingest)
	if _, err := replay.Open(ctx, in.Body.Carrier); err == nil {
		return nil, problem("conflict", "This carrier's payloads are being read again already; wait until that has ended.")
	} else if !errors.Is(err, tracker.ErrNotFound) {
		return nil, err
	}
	who := callerOf(ctx)
	run, err := replay.Ask(ctx, in.Body.Carrier, in.Body.Since, who.actor())
	if err != nil {
		return nil, err
	}
	if err := s.audited(ctx, "carrier.replayed", run.ID); err != nil {
		return nil, err
	}
	return &Body[Replay]{Body: replayOf(run)}, nil
}

func (s *Server) getReplay(ctx context.Context, in *ByRecord) (*Body[Replay], error) {
	run, err := tracker.Load[tracker.ReplayRun](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[Replay]{Body: replayOf(run)}, nil
}

// ReplayChange is a number that says something else now.
type ReplayChange struct {
	Carrier      string   `json:"carrier"`
	Number       string   `json:"number"`
	Before       string   `json:"before,omitempty" doc:"The substatus; absent where nothing was known."`
	After        string   `json:"after,omitempty"`
	EventsBefore int      `json:"events_before"`
	EventsAfter  int      `json:"events_after"`
	Shipments    []string `json:"shipments,omitempty" doc:"Those that follow the number."`
}

// ChangesOfReplay asks for a page of what a replay changed.
type ChangesOfReplay struct {
	ByRecord
	PageInput
}

func (s *Server) listReplayChanges(ctx context.Context, in *ChangesOfReplay) (*Body[Page[ReplayChange]], error) {
	if _, err := tracker.Load[tracker.ReplayRun](ctx, s.store, in.ID); err != nil {
		return nil, err
	}
	return pageOf(ctx, s.store, tracker.ListOfChanges(in.ID), in.PageInput, func(c *tracker.ReplayChange) ReplayChange {
		return ReplayChange{c.Carrier, c.Number, string(c.Before), string(c.After), c.EventsBefore, c.EventsAfter, c.Shipments}
	})
}
