package tracker

import (
	"waybill/tracker/seal"
)

// Handed is what carriers told of a handover that only who gets the parcel may know.
type Handed struct {
	// Code opens the locker, or is asked for at the pickup point; empty unless the parcel waits there.
	Code string
	// Place is where it was left, in the carrier's words; Photo says that there is a picture of it.
	Place string
	Photo bool
}

// Handed opens what carriers told of the handover of the parcel that is meant: not of an earlier one of the same number.
func (t *Tracking) Handed(keys *seal.Keys) (Handed, error) {
	var h Handed
	for _, carriage := range t.Carriages {
		leg := t.leg(carriage.LegKey)
		if leg == nil || len(carriage.Generation.Events) == 0 || !leg.SurelyOf(t.Shipment, keys) {
			continue
		}
		personal, err := leg.Personal(keys)
		if err != nil {
			return h, err
		}
		first, _ := span(carriage.Generation.Events)
		if t.View.Milestone == AvailableForPickup && personal.PickupCodeAt >= first.Unix() && personal.PickupCode != "" {
			h.Code = personal.PickupCode
		}
		if t.View.Milestone == Delivered && carriage.LegKey == t.Carriages[max(t.View.Leg, 0)].LegKey {
			h.Place, h.Photo = personal.Place, personal.PhotoURL != ""
		}
	}
	return h, nil
}

func (t *Tracking) leg(key LegKey) *Leg {
	for _, leg := range t.Legs {
		if leg.LegKey == key {
			return leg
		}
	}
	return nil
}

// SurelyOf reports whether the leg carries this shipment for sure: it is our own number, or the carrier names the postal
// code that the seller gave. Else whoever registers somebody's number would see who signed for the parcel.
func (l *Leg) SurelyOf(s *Shipment, keys *seal.Keys) bool {
	if l.Number == s.ID {
		return true
	}
	for _, claims := range l.Claims {
		if code := claims.Facts.Destination.PostalCode; code != "" && s.ProvesPostalCode(keys, code) {
			return true
		}
	}
	return false
}
