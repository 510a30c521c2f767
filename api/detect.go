package api

import (
	"context"

	"waybill/adapters/detect"
)

// DetectInput is a number whose carrier is asked for.
type DetectInput struct {
	Body struct {
		TrackingNumber string   `json:"tracking_number" minLength:"1" maxLength:"64" example:"1Z999AA10123456784"`
		Country        string   `json:"country,omitempty" maxLength:"2" doc:"The destination's, as a hint: two letters." example:"DE"`
		PostalCode     string   `json:"postal_code,omitempty" maxLength:"16" doc:"The destination's, as a hint." example:"60601"`
		Carriers       []string `json:"carriers,omitempty" maxItems:"50" doc:"Carriers that you ship with, as a hint: codes." example:"[\"ups\"]"`
	}
}

func (in *DetectInput) hints() []detect.Hint {
	return []detect.Hint{
		detect.Country(in.Body.Country), detect.PostalCode(in.Body.PostalCode), detect.Carriers(in.Body.Carriers...),
	}
}

// CarrierCandidate is a carrier that a number may belong to.
type CarrierCandidate struct {
	Carrier    string  `json:"carrier" example:"ups"`
	Name       string  `json:"name" example:"UPS"`
	Format     string  `json:"format,omitempty" doc:"The carrier's format that the number has." example:"UPS"`
	Confidence float64 `json:"confidence" doc:"From 0 to 1: a rank, not a probability." example:"0.95"`
	Reason     string  `json:"reason,omitempty" doc:"What speaks for it."`
	// Facts are what the number itself says.
	Facts *detect.Facts `json:"facts,omitempty" doc:"What the number itself says."`
}

// Candidates are the carriers that a number may belong to.
type Candidates struct {
	Candidates []CarrierCandidate `json:"candidates" doc:"The likeliest first; none where the number has no known form."`
}

func (s *Server) postDetect(_ context.Context, in *DetectInput) (*Body[Candidates], error) {
	return &Body[Candidates]{Body: Candidates{Candidates: candidatesOf(in.Body.TrackingNumber, in.hints()...)}}, nil
}

func candidatesOf(number string, hints ...detect.Hint) []CarrierCandidate {
	list := []CarrierCandidate{}
	for _, c := range detect.Candidates(number, hints...) {
		facts := &c.Facts
		if *facts == (detect.Facts{}) {
			facts = nil
		}
		list = append(list, CarrierCandidate{
			Carrier: c.Carrier, Name: c.Courier, Format: c.Format, Confidence: c.Confidence, Reason: c.Reason, Facts: facts,
		})
	}
	return list
}
