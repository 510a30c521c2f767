package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// operatorOperations are what operators call: what could not be read, and what could not be done.
func (s *Server) operatorOperations() {
	tags := []string{"Operators"}
	operation(s, huma.Operation{
		OperationID: "list-quarantine", Method: http.MethodGet, Path: "/v1/operator/quarantine", Tags: tags,
		Summary: "Payloads of which nothing could be read, the newest first",
	}, func(ctx context.Context, in *PageInput) (*Body[Page[Quarantined]], error) {
		return pageOf(ctx, s.store, tracker.ListQuarantine, *in, quarantinedOf)
	})
	operation(s, huma.Operation{
		OperationID: "get-quarantined", Method: http.MethodGet, Path: "/v1/operator/quarantine/{id}", Tags: tags,
		Summary: "A payload as it came", Description: "It may hold personal data: each look is written to the audit log.",
	}, s.getQuarantined)
	operation(s, huma.Operation{
		OperationID: "list-dead-tasks", Method: http.MethodGet, Path: "/v1/operator/dead-tasks", Tags: tags,
		Summary: "Work that failed for good, the newest first",
	}, func(ctx context.Context, in *PageInput) (*Body[Page[DeadTask]], error) {
		return pageOf(ctx, s.store, tracker.ListAll, *in, deadTaskOf)
	})
	operation(s, huma.Operation{
		OperationID: "retry-dead-task", Method: http.MethodPost, Path: "/v1/operator/dead-tasks/{id}/retry", Tags: tags,
		Summary: "Try dead work again", DefaultStatus: http.StatusAccepted,
	}, s.retryDeadTask)
}

// Quarantined is a payload of which nothing could be read.
type Quarantined struct {
	ID             string    `json:"id"`
	Carrier        string    `json:"carrier"`
	Account        string    `json:"account,omitempty"`
	Source         string    `json:"source"`
	Reason         string    `json:"reason"`
	ContentType    string    `json:"content_type,omitempty"`
	MappingVersion string    `json:"mapping_version,omitempty"`
	Request        string    `json:"request_id,omitempty"`
	ReceivedAt     time.Time `json:"received_at"`
	// Payload is the body in one look alone: as text, or base64 where it is none.
	Payload []byte `json:"payload,omitempty" doc:"In base64; only in the single one."`
	Text    string `json:"text,omitempty" doc:"The payload as text, where it is text; only in the single one."`
}

func quarantinedOf(r *tracker.Receipt) Quarantined {
	return Quarantined{
		ID: r.ID, Carrier: r.Carrier, Account: r.Account, Source: string(r.Source), Reason: r.Quarantine, ContentType: r.ContentType,
		MappingVersion: r.MappingVersion, Request: r.Request, ReceivedAt: r.ReceivedAt,
	}
}

// ByRecord names a record in the path.
type ByRecord struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) getQuarantined(ctx context.Context, in *ByRecord) (*Body[Quarantined], error) {
	receipt, err := tracker.Load[tracker.Receipt](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.audited(ctx, "payload.read", receipt.ID); err != nil {
		return nil, err
	}
	if err := s.ingest.OpenReceipt(receipt); err != nil {
		return nil, err
	}
	out := quarantinedOf(receipt)
	if utf8.Valid(receipt.Body) {
		out.Text = string(receipt.Body)
	} else {
		out.Payload = receipt.Body
	}
	return &Body[Quarantined]{Body: out}, nil
}

// DeadTask is work that failed for good.
type DeadTask struct {
	ID      string          `json:"id"`
	Kind    string          `json:"kind"`
	Payload json.RawMessage `json:"payload,omitempty" doc:"Ids only."`
	Error   string          `json:"error"`
	At      time.Time       `json:"at"`
	Retried int             `json:"retried"`
}

func deadTaskOf(t *tracker.DeadTask) DeadTask {
	out := DeadTask{ID: t.ID, Kind: t.Kind, Error: t.Error, At: t.At, Retried: t.Retried}
	if json.Valid(t.Payload) {
		out.Payload = t.Payload
	}
	return out
}

func (s *Server) retryDeadTask(ctx context.Context, in *ByRecord) (*Body[DeadTask], error) {
	task, err := tracker.Load[tracker.DeadTask](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	if s.retry == nil {
		return nil, problem("not_set_up", "This process has no queue to put the work into.")
	}
	if err := s.audited(ctx, "task.retried", task.ID); err != nil {
		return nil, err
	}
	if err := s.retry(ctx, task); err != nil {
		return nil, fmt.Errorf("try task %s again: %w", task.ID, err)
	}
	return &Body[DeadTask]{Body: deadTaskOf(task)}, nil
}
