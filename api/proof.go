package api

import (
	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
	"waybill/tracker/limit"
)

// ProofInput is what somebody knows who gets the parcel.
type ProofInput struct {
	PostalCode string `json:"postal_code" maxLength:"32" example:"10115"`
}

// postProof opens the full view to who knows the postal code, and gives the signature that opens it from now on.
func (s *Server) postProof(c *fiber.Ctx) error {
	allowOrigins(c)
	var in ProofInput
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	shipment, err := s.proved(c, in.PostalCode)
	if err != nil {
		return err
	}
	l, err := s.look(c.UserContext(), question{number: shipment.ID, words: s.wordsFor(c), form: asJSON, proved: true}, 0)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderLocation, "/v1/track/"+shipment.ID+"?s="+s.keys.Sign(linkPurpose, shipment.ID))
	return c.Type("json").Send(l.body)
}

// proved checks a postal code. Tries are counted by shipment over all addresses, so that a thief with many machines
// tries no more codes than one with one.
func (s *Server) proved(c *fiber.Ctx, postalCode string) (*tracker.Shipment, error) {
	shipment, err := s.shipmentInPath(c)
	if err != nil {
		return nil, err
	}
	if err := s.count(c, s.limiter, "proof:"+shipment.ID, limit.PerHour(s.limits.PostalCodeTriesPerHour)); err != nil {
		return nil, err
	}
	if len(postalCode) > 32 || !shipment.ProvesPostalCode(s.keys, postalCode) {
		return nil, problem("proof_wrong", "The postal code is not the one that the parcel goes to.")
	}
	return shipment, nil
}
