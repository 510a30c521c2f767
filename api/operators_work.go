package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// workOperations show and mend what the background does.
func (s *Server) workOperations() {
	tags := []string{"Operators"}
	operation(s, huma.Operation{
		OperationID: "replay-quarantined", Method: http.MethodPost, Path: "/v1/operator/quarantine/{id}/replay", Tags: tags,
		Summary:     "Read a payload again with today's mapping",
		Description: "Where it can be read now it leaves the quarantine and its events go their way; else it stays.",
	}, s.replayQuarantined)
	operation(s, huma.Operation{
		OperationID: "list-queues", Method: http.MethodGet, Path: "/v1/operator/queues", Tags: tags,
		Summary: "How much work waits in the queues",
	}, s.listQueues)
	operation(s, huma.Operation{
		OperationID: "list-audit", Method: http.MethodGet, Path: "/v1/operator/audit", Tags: tags,
		Summary: "The audit log, the newest entries first",
	}, func(ctx context.Context, in *PageInput) (*Body[Page[AuditEntry]], error) {
		return pageOf(ctx, s.store, tracker.ListAll, *in, auditEntryOf)
	})
}

// Replayed says what came of reading a payload again.
type Replayed struct {
	Read bool `json:"read" doc:"Whether it could be read now."`
}

func (s *Server) replayQuarantined(ctx context.Context, in *ByRecord) (*Body[Replayed], error) {
	receipt, err := tracker.Load[tracker.Receipt](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	if receipt.Quarantine == "" {
		return nil, problem("conflict", "The payload is not in quarantine any more.")
	}
	if err := s.audited(ctx, "payload.replayed", receipt.ID); err != nil {
		return nil, err
	}
	read, err := tracker.NewReplay(s.ingest).Requeue(ctx, receipt)
	if err != nil {
		return nil, err
	}
	return &Body[Replayed]{Body: Replayed{read}}, nil
}

// Queue is a queue of background work. It is an index alone: what is due stands in the store.
type Queue struct {
	Name    string `json:"name" example:"standard"`
	Waiting int    `json:"waiting"`
	Active  int    `json:"active" doc:"Being worked on."`
	Retry   int    `json:"retry" doc:"Of workers that died; tried again soon."`
}

// Queues are all queues.
type Queues struct {
	Items []Queue `json:"items"`
}

func (s *Server) listQueues(ctx context.Context, _ *struct{}) (*Body[Queues], error) {
	if s.queues == nil {
		return nil, problem("not_set_up", "This process has no queue to look at.")
	}
	list, err := s.queues(ctx)
	if err != nil {
		return nil, err
	}
	return &Body[Queues]{Body: Queues{append([]Queue{}, list...)}}, nil
}
