package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
	"waybill/tracker/erase"
)

// personOperations give out and erase what is kept of a person.
func (s *Server) personOperations() {
	tags := []string{"Operators"}
	operation(s, huma.Operation{
		OperationID: "find-person", Method: http.MethodPost, Path: "/v1/operator/persons/find", Tags: tags,
		Summary:     "What is kept of a person",
		Description: "By e-mail address or phone number, over all sellers. It is asked by POST, so that no address stands in a URL.",
	}, s.findPerson)
	operation(s, huma.Operation{
		OperationID: "export-person", Method: http.MethodPost, Path: "/v1/operator/persons/export", Tags: tags,
		Summary: "All that is kept of a person, to be handed over",
	}, s.exportPerson)
	operation(s, huma.Operation{
		OperationID: "erase-person", Method: http.MethodPost, Path: "/v1/operator/persons/erase", Tags: tags,
		Summary: "Erase a person",
		Description: "Destroys the data keys and all that the person is found by, the payloads that tell of the person, messages and " +
			"preferences. Shipments stay as the seller's record of a sale; their legs take nothing more in. It cannot be undone.",
	}, s.erasePerson)
}

// PersonInput names a person.
type PersonInput struct {
	Body erase.Person
}

// FoundPerson is what is kept of a person.
type FoundPerson struct {
	Shipments     []FoundShipment `json:"shipments"`
	Subscriptions int             `json:"subscriptions" doc:"Addresses of the person that are told of a parcel."`
}

// FoundShipment is a parcel that goes to the person.
type FoundShipment struct {
	ID        string    `json:"id" example:"WB2345679ABCDEFGJ"`
	Tenant    string    `json:"tenant" example:"acme"`
	Order     string    `json:"order,omitempty" example:"1001"`
	CreatedAt time.Time `json:"created_at"`
}

func foundPersonOf(kept *erase.Kept) *Body[FoundPerson] {
	out := FoundPerson{Shipments: []FoundShipment{}, Subscriptions: len(kept.Subscriptions)}
	for _, s := range kept.Shipments {
		out.Shipments = append(out.Shipments, FoundShipment{s.ID, s.Tenant, s.Order, s.CreatedAt})
	}
	return &Body[FoundPerson]{Body: out}
}

// personCall is findPerson or erasePerson.
type personCall func(ctx context.Context, in *PersonInput) (*Body[FoundPerson], error)

// keptOf finds a person for an action, which is written down before anything of it is shown or done.
func (s *Server) keptOf(ctx context.Context, in *PersonInput, action string) (*erase.Kept, error) {
	if err := in.Body.Check(); err != nil {
		return nil, invalid("email", err.Error(), "ada@example.com")
	}
	kept, err := s.eraser.Find(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	return kept, s.audited(ctx, action, kept.IDs()...)
}

func (s *Server) findPerson(ctx context.Context, in *PersonInput) (*Body[FoundPerson], error) {
	kept, err := s.keptOf(ctx, in, "person.found")
	if err != nil {
		return nil, err
	}
	return foundPersonOf(kept), nil
}

func (s *Server) exportPerson(ctx context.Context, in *PersonInput) (*Body[erase.Export], error) {
	kept, err := s.keptOf(ctx, in, "person.exported")
	if err != nil {
		return nil, err
	}
	export, err := s.eraser.Export(ctx, kept)
	if err != nil {
		return nil, err
	}
	return &Body[erase.Export]{Body: *export}, nil
}

func (s *Server) erasePerson(ctx context.Context, in *PersonInput) (*Body[FoundPerson], error) {
	kept, err := s.keptOf(ctx, in, "person.erased")
	if err != nil {
		return nil, err
	}
	// Files are cleaned at the end, which with millions of parcels takes longer than a request may.
	if err := s.eraser.Erase(context.WithoutCancel(ctx), kept); err != nil {
		return nil, err
	}
	return foundPersonOf(kept), nil
}

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	Number   int64     `json:"number"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor" doc:"A user's id, or the beginning of a key's hash." example:"key:9f2c41d07be3a856"`
	Role     string    `json:"role" example:"operator"`
	Action   string    `json:"action" example:"payload.read"`
	Subjects []string  `json:"subjects" doc:"Ids of the records that it was done to."`
	Seal     string    `json:"seal"`
}

func auditEntryOf(e *tracker.AuditEntry) AuditEntry {
	return AuditEntry{e.Number, e.At, e.Actor, string(e.Role), e.Action, append([]string{}, e.Subjects...), e.Seal}
}
