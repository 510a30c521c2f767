package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
	"waybill/tracker/cases"
)

// caseOperations are how sellers and support work on customers' problems. Shapes are in case_shapes.go; what customers
// call is in cases_track.go.
func (s *Server) caseOperations() {
	tags := []string{"Cases"}
	operation(s, huma.Operation{
		OperationID: "list-cases", Method: http.MethodGet, Path: "/v1/cases", Tags: tags, Summary: "List cases, the newest first",
		Description: "Sellers see those of their own shipments. Without a state those that are not settled.",
	}, s.listCases)
	operation(s, huma.Operation{
		OperationID: "open-case", Method: http.MethodPost, Path: "/v1/cases", Tags: tags, Summary: "Open a case of a shipment",
		DefaultStatus: http.StatusCreated,
	}, s.postCase)
	operation(s, huma.Operation{
		OperationID: "get-case", Method: http.MethodGet, Path: "/v1/cases/{id}", Tags: tags, Summary: "A case with all that was written",
	}, s.getCase)
	operation(s, huma.Operation{
		OperationID: "change-case", Method: http.MethodPatch, Path: "/v1/cases/{id}", Tags: tags,
		Summary:     "Move, own, decide or claim",
		Description: "A decision is the seller's to carry out: endpoints are told of it as case.updated. The customer is told when it is decided or resolved.",
	}, s.patchCase)
	operation(s, huma.Operation{
		OperationID: "write-to-case", Method: http.MethodPost, Path: "/v1/cases/{id}/messages", Tags: tags,
		Summary: "Write to the customer, or a note that staff alone sees", DefaultStatus: http.StatusCreated,
	}, s.postCaseMessage)
}

// CasesInput asks for a page of cases.
type CasesInput struct {
	PageInput
	State    string `query:"state" enum:"open,waiting_for_customer,waiting_for_carrier,waiting_for_seller,resolved,closed" doc:"Only those in a state."`
	Shipment string `query:"shipment" maxLength:"64" doc:"Only those of a shipment." example:"WB2345679ABCDEFGJ"`
	Owner    string `query:"owner" maxLength:"64" doc:"Only those that a user works on; me for whoever asks."`
}

func (s *Server) listCases(ctx context.Context, in *CasesInput) (*Body[Page[Case]], error) {
	who, list := callerOf(ctx), tracker.ListOfOpenCases("")
	tenant := who.Tenant
	if who.Role != tracker.RoleSeller {
		tenant = ""
	}
	switch {
	case in.Shipment != "":
		shipment, err := s.ownShipment(ctx, in.Shipment)
		if err != nil {
			return nil, err
		}
		list = tracker.ListOfShipment(shipment.ID)
	case in.Owner != "" && tenant == "":
		if in.Owner == "me" {
			in.Owner = who.actor()
		}
		list = tracker.ListOfOwnedCases(in.Owner)
	case in.State != "":
		list = tracker.ListOfCases(tenant, tracker.CaseState(in.State))
	case tenant != "":
		list = tracker.ListOfOpenCases(tenant)
	}
	return pageOf(ctx, s.store, list, in.PageInput, s.listedCase)
}

// OpenCaseInput is a case to open.
type OpenCaseInput struct {
	Body struct {
		Shipment string `json:"shipment" maxLength:"64" example:"WB2345679ABCDEFGJ"`
		NewCase
	}
}

func (s *Server) postCase(ctx context.Context, in *OpenCaseInput) (*Body[Case], error) {
	shipment, err := s.ownShipment(ctx, in.Body.Shipment)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, invalid("shipment", "no shipment has this ID", "WB2345679ABCDEFGJ")
	}
	if err != nil {
		return nil, err
	}
	c, err := s.cases.Open(ctx, shipment, tracker.CaseKind(in.Body.Kind), in.Body.Text, callerOf(ctx).onCase())
	if err != nil {
		return nil, caseProblem(err)
	}
	if err := s.audited(ctx, "case.opened", c.ID, shipment.ID); err != nil {
		return nil, err
	}
	return s.caseBody(ctx, c)
}

// ByCase names a case in the path.
type ByCase struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) getCase(ctx context.Context, in *ByCase) (*Body[Case], error) {
	c, err := s.ownCase(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if callerOf(ctx).Role != tracker.RoleSeller { // a person's words are read across sellers
		if err := s.audited(ctx, "case.read", c.ID, c.Shipment); err != nil {
			return nil, err
		}
	}
	return s.caseBody(ctx, c)
}

// CaseMessageInput is something to write.
type CaseMessageInput struct {
	ByCase
	Body struct {
		Text string `json:"text" maxLength:"4000" example:"We have asked the carrier to look for it."`
		Note bool   `json:"note,omitempty" doc:"Staff and the seller alone see it."`
	}
}

func (s *Server) postCaseMessage(ctx context.Context, in *CaseMessageInput) (*Body[Case], error) {
	return s.changeCase(ctx, in.ID, "case.written", func(t *cases.Turn) error {
		if in.Body.Note {
			return t.Note(callerOf(ctx).onCase(), in.Body.Text)
		}
		return t.Say(callerOf(ctx).onCase(), in.Body.Text)
	})
}

// PatchCaseInput is what is to change of a case.
type PatchCaseInput struct {
	ByCase
	Body CaseChange
}

func (s *Server) patchCase(ctx context.Context, in *PatchCaseInput) (*Body[Case], error) {
	by := callerOf(ctx).onCase()
	if err := s.checkCaseChange(ctx, &in.Body, by); err != nil {
		return nil, err
	}
	return s.changeCase(ctx, in.ID, "case.changed", func(t *cases.Turn) error { return in.Body.apply(t, by) })
}

// changeCase changes a case that the caller may see.
func (s *Server) changeCase(ctx context.Context, id, action string, change func(*cases.Turn) error) (*Body[Case], error) {
	c, err := s.ownCase(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.audited(ctx, action, c.ID, c.Shipment); err != nil {
		return nil, err
	}
	if c, err = s.cases.Change(ctx, c.ID, change); err != nil {
		return nil, caseProblem(err)
	}
	return s.caseBody(ctx, c)
}

// ownCase is a case that the caller may see; another seller's is not there.
func (s *Server) ownCase(ctx context.Context, id string) (*tracker.Case, error) {
	c, err := tracker.Load[tracker.Case](ctx, s.store, id)
	if err != nil {
		return nil, err
	}
	if who := callerOf(ctx); who.Role == tracker.RoleSeller && c.Tenant != who.Tenant {
		return nil, tracker.ErrNotFound
	}
	return c, nil
}

// caseProblem says what is wrong with a change of a case.
func caseProblem(err error) error {
	switch {
	case errors.Is(err, cases.ErrSettled):
		return problem("conflict", "The case is closed. Open a new one.")
	case errors.Is(err, cases.ErrInput):
		return problem("conflict", err.Error())
	}
	return err
}

// onCase is the caller as cases know who acts.
func (w caller) onCase() cases.Actor { return cases.Actor{By: w.actor(), Role: w.Role} }

// overdue reports whether a case has waited too long for whoever is to answer it.
func overdue(c *tracker.Case, now time.Time) bool { return !c.State.Settled() && c.DueAt.Before(now) }
