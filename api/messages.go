package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/notify"
	"waybill/tracker"
)

// messageOperations show what was told to whom, and why something was not.
func (s *Server) messageOperations() {
	operation(s, huma.Operation{
		OperationID: "list-messages", Method: http.MethodGet, Path: "/v1/shipments/{id}/messages", Tags: []string{"Messages"},
		Summary: "Messages of a shipment, the newest first", Description: "Also those that were not sent, each with its reason.",
	}, s.listMessages)
	operation(s, huma.Operation{
		OperationID: "resend-message", Method: http.MethodPost, Path: "/v1/messages/{id}/resend", Tags: []string{"Messages"},
		Summary: "Send a message again that failed or whose fate is unknown", DefaultStatus: http.StatusAccepted,
	}, s.resendMessage)
}

// Message is a message without its address.
type Message struct {
	ID        string     `json:"id"`
	Shipment  string     `json:"shipment"`
	Moment    string     `json:"moment" example:"out_for_delivery"`
	Channel   string     `json:"channel" enum:"email,sms,push,webhook"`
	State     string     `json:"state" enum:"decided,sending,sent,arrived,failed,unknown,suppressed"`
	Reason    string     `json:"reason,omitempty" doc:"Why it was not sent, or failed."`
	Attempts  int        `json:"attempts"`
	DecidedAt time.Time  `json:"decided_at"`
	DueAt     *time.Time `json:"due_at,omitempty"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
}

func messageOf(m *tracker.Message) Message {
	return Message{
		ID: m.ID, Shipment: m.Shipment, Moment: string(m.Moment), Channel: string(m.Channel), State: string(m.State),
		Reason: m.Reason, Attempts: m.Attempts, DecidedAt: m.DecidedAt, DueAt: timeOrNone(m.DueAt), SentAt: timeOrNone(m.SentAt),
	}
}

func timeOrNone(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// PageByID asks for a page of what belongs to a shipment.
type PageByID struct {
	ByID
	PageInput
}

func (s *Server) listMessages(ctx context.Context, in *PageByID) (*Body[Page[Message]], error) {
	shipment, err := s.ownShipment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return pageOf(ctx, s.store, tracker.ListOfShipment(shipment.ID), in.PageInput, messageOf)
}

// pageOf reads a page of a list and shows each record.
func pageOf[T, V any, R interface {
	*T
	tracker.Record
}](ctx context.Context, store tracker.Store, list string, in PageInput, show func(R) V) (*Body[Page[V]], error) {
	after, err := parseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	records, err := tracker.LoadList[T, R](ctx, store, list, tracker.Page{After: after, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	page := Page[V]{Items: make([]V, len(records))}
	for i, record := range records {
		page.Items[i] = show(R(record))
	}
	if len(records) == in.Limit {
		page.Next = cursorText(tracker.CursorOf(R(records[len(records)-1])))
	}
	return &Body[Page[V]]{Body: page}, nil
}

// ByMessage names a message in the path.
type ByMessage struct {
	ID string `path:"id" maxLength:"128"`
}

func (s *Server) resendMessage(ctx context.Context, in *ByMessage) (*Body[Message], error) {
	message, err := tracker.Load[tracker.Message](ctx, s.store, in.ID)
	if err != nil {
		return nil, err
	}
	if who := callerOf(ctx); who.Role == tracker.RoleSeller && message.Tenant != who.Tenant {
		return nil, tracker.ErrNotFound
	}
	if s.resend == nil {
		return nil, problem("not_set_up", "This installation sends no messages.")
	}
	if err := s.audited(ctx, "message.resent", in.ID); err != nil {
		return nil, err
	}
	if err := s.resend(ctx, in.ID); err != nil {
		if errors.Is(err, notify.ErrResend) {
			return nil, problem("conflict", err.Error())
		}
		return nil, err
	}
	if message, err = tracker.Load[tracker.Message](ctx, s.store, in.ID); err != nil {
		return nil, err
	}
	return &Body[Message]{Body: messageOf(message)}, nil
}
