package api

import (
	"context"
	"fmt"
	"net/http"

	"waybill/tracker"
)

// ShipmentsInput is one shipment, or many.
type ShipmentsInput struct {
	Body struct {
		ShipmentInput
		Shipments []ShipmentInput `json:"shipments,omitempty" maxItems:"1000" doc:"Many shipments; then nothing else is set."`
	}
}

// ShipmentsOutput is the registered shipment, or a result for each of many.
type ShipmentsOutput struct {
	Status int
	Body   any
}

// Results are the results of many registrations, in the order of the request.
type Results struct {
	Shipments []Result `json:"shipments"`
}

// Result is what became of one of many registrations.
type Result struct {
	Status   int       `json:"status" example:"201"`
	Shipment *Shipment `json:"shipment,omitempty"`
	Error    *Problem  `json:"error,omitempty"`
}

func (s *Server) postShipments(ctx context.Context, in *ShipmentsInput) (*ShipmentsOutput, error) {
	if in.Body.Shipments == nil {
		results := s.register(ctx, []ShipmentInput{in.Body.ShipmentInput}, func(int) string { return "" })
		if results[0].Error != nil {
			return nil, results[0].Error
		}
		return &ShipmentsOutput{Status: http.StatusCreated, Body: results[0].Shipment}, nil
	}
	results := s.register(ctx, in.Body.Shipments, func(i int) string { return fmt.Sprintf("shipments[%d].", i) })
	return &ShipmentsOutput{Status: http.StatusOK, Body: Results{Shipments: results}}, nil
}

// register makes shipments, each with its own result.
func (s *Server) register(ctx context.Context, list []ShipmentInput, field func(int) string) []Result {
	results := make([]Result, len(list))
	var good []tracker.NewShipment
	var at []int
	candidates := make([][]CarrierCandidate, len(list))
	for i := range list {
		n, found, err := s.newShipment(ctx, &list[i], field(i))
		if err != nil {
			results[i] = failed(err)
			continue
		}
		candidates[i] = found
		good, at = append(good, n), append(at, i)
	}
	shipments, errs := s.registerShipments(ctx, good)
	for j, i := range at {
		if errs[j] != nil {
			s.log.Error("a shipment could not be registered", "error", errs[j])
			results[i] = failed(errs[j])
			continue
		}
		out := s.shipmentOf(shipments[j])
		if whole, err := s.wholeShipment(ctx, shipments[j]); err == nil {
			out = whole
		} else {
			// It is registered: that its state cannot be read now is no reason to answer otherwise.
			s.log.Warn("a new shipment could not be read back", "shipment", shipments[j].ID, "error", err)
		}
		out.Candidates = candidates[i]
		results[i] = Result{Status: http.StatusCreated, Shipment: &out}
	}
	return results
}

func failed(err error) Result {
	p := problemOf(err)
	return Result{Status: p.Status, Error: p}
}
