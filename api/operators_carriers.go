package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"waybill/adapters"
)

// OwnCarriers tells of the operator's own folder of carriers. adapters.Registry is one.
type OwnCarriers interface {
	// Own lists the codes that are in use from the folder.
	Own() []string
	// Refusals lists the folders that are not used, and why.
	Refusals() []adapters.Refusal
	Version(carrier string) string
}

// operatorCarrierOperations show by which mappings payloads are read.
func (s *Server) operatorCarrierOperations() {
	operation(s, huma.Operation{
		OperationID: "list-mappings", Method: http.MethodGet, Path: "/v1/operator/carriers", Tags: []string{"Operators"},
		Summary:     "The mappings in force, and the operator's folders that were refused",
		Description: "As this process sees them: each process reads carriers_dir by itself, within seconds of a change.",
	}, s.listMappings)
}

// Mappings are the carriers of a process.
type Mappings struct {
	Carriers []Mapping          `json:"carriers"`
	Refused  []adapters.Refusal `json:"refused" doc:"Folders in carriers_dir that are not used."`
}

// Mapping is how one carrier's payloads are read.
type Mapping struct {
	Carrier string `json:"carrier"`
	Name    string `json:"name"`
	Version string `json:"version" doc:"Changes with the mapping; receipts keep the one that they were read by."`
	Own     bool   `json:"own" doc:"From carriers_dir, not built in."`
}

func (s *Server) listMappings(context.Context, *struct{}) (*Body[Mappings], error) {
	out := Mappings{Carriers: []Mapping{}, Refused: []adapters.Refusal{}}
	if s.ownCarriers == nil {
		return nil, problem("not_set_up", "This process was started without a registry of carriers.")
	}
	own := s.ownCarriers.Own()
	for _, code := range s.carriers.Codes() {
		if carrier := s.carriers.Carrier(code); carrier != nil {
			out.Carriers = append(out.Carriers, Mapping{code, carrier.Name, s.ownCarriers.Version(code), slices.Contains(own, code)})
		}
	}
	out.Refused = append(out.Refused, s.ownCarriers.Refusals()...)
	return &Body[Mappings]{Body: out}, nil
}
