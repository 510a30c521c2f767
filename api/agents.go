package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// agentOperations are what support agents call.
func (s *Server) agentOperations() {
	operation(s, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/v1/search", Tags: []string{"Agents"},
		Summary: "Find shipments over all sellers",
		Description: "By any part of a tracking number or order, by item, and by whole words and beginnings of a name, by e-mail, " +
			"phone and postal code. Every look-up is written to the audit log.",
	}, s.search)
}

// SearchInput is what an agent looks for.
type SearchInput struct {
	Query string `query:"q" required:"true" minLength:"2" maxLength:"128" example:"lovelace"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Found is a shipment that was found. Whom it goes to is not shown in lists.
type Found struct {
	Tenant string `json:"tenant"`
	Shipment
}

// FoundList are the shipments that were found.
type FoundList struct {
	Items []Found `json:"items"`
}

func (s *Server) search(ctx context.Context, in *SearchInput) (*Body[FoundList], error) {
	shipments, err := s.finder.Search(ctx, "", in.Query, tracker.Page{Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := FoundList{Items: []Found{}}
	ids := make([]string, 0, len(shipments))
	for _, shipment := range shipments[:min(len(shipments), in.Limit)] {
		out.Items = append(out.Items, Found{Tenant: shipment.Tenant, Shipment: s.listedShipment(shipment)})
		ids = append(ids, shipment.ID)
	}
	// What was looked for may be a person's name: the audit has ids only.
	if err := s.audited(ctx, "shipments.searched", ids...); err != nil {
		return nil, err
	}
	return &Body[FoundList]{Body: out}, nil
}
