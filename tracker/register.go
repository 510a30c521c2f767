package tracker

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// NewShipment is what a seller tells of a package. All but Tenant may be empty: a shipment may have no carrier yet.
type NewShipment struct {
	Tenant          string
	Carrier, Number string
	// Guessed: nobody named the carrier, it is the likeliest for the number.
	Guessed             bool
	Order, Consignment  string
	Piece, Pieces       int
	Reference           string
	Items               []Item
	Service             ServiceLevel
	Promise             Promise
	Recipient           Recipient
	Origin, Destination Location
	Zone, Locale        string
	Tags                []string
	Return              bool
	Outbound            string
	Test                bool
}

// registerWithin is when a registration that a crash left half-way is taken up by the sweep.
const registerWithin = 30 * time.Second

// Register makes shipments: each is stored first, then its id is put on its legs, then it is marked as registered;
// what a crash leaves between is completed by CompleteRegistration. errs[i] is for list[i]; shipments[i] is nil then.
func (in *Ingest) Register(ctx context.Context, list []NewShipment) (shipments []*Shipment, errs []error) {
	shipments, errs = make([]*Shipment, len(list)), make([]error, len(list))
	var writes []Write
	var at []int
	for i := range list {
		shipment, dataKey, err := in.newShipment(list[i])
		if err != nil {
			errs[i] = err
			continue
		}
		write, err := Encode(shipment)
		if err != nil {
			errs[i] = err
			continue
		}
		shipments[i] = shipment
		if dataKey != nil {
			keyWrite, err := Encode(dataKey)
			if err != nil {
				errs[i] = err
				continue
			}
			writes, at = append(writes, keyWrite), append(at, i)
		}
		writes, at = append(writes, write), append(at, i)
	}
	results, err := in.store.Apply(ctx, writes)
	for j, i := range at {
		switch {
		case err != nil:
			errs[i] = err
		case results[j] != nil:
			errs[i] = results[j]
		case writes[j].Table == Shipments:
			Written(shipments[i], writes[j])
		}
	}
	var stored []*Shipment
	for i, shipment := range shipments {
		if shipment == nil || errs[i] != nil {
			shipments[i] = nil
			continue
		}
		stored = append(stored, shipment)
	}
	if err := in.CompleteRegistration(ctx, stored...); err != nil {
		in.log.Warn("a registration is left to the sweep", "shipments", len(stored), "error", err)
	}
	return shipments, errs
}

// CompleteRegistration puts shipments on their legs and marks them as registered. It may run any number of times.
func (in *Ingest) CompleteRegistration(ctx context.Context, shipments ...*Shipment) error {
	var pending []<-chan error
	for _, shipment := range shipments {
		pending = append(pending, in.followLegs(shipment)...)
	}
	var failed error
	for _, answer := range pending {
		failed = errors.Join(failed, <-answer)
	}
	if failed != nil {
		return failed
	}
	var err error
	for range casTries {
		if shipments, err = in.markRegistered(ctx, shipments); err != nil || len(shipments) == 0 {
			return err
		}
	}
	return fmt.Errorf("mark %d shipments as registered: written by others %d times in a row: %w", len(shipments), casTries, ErrConflict)
}

// markRegistered makes one attempt at all and gives those that somebody else wrote meanwhile, as they are now: a worker
// looks at a new shipment at once.
func (in *Ingest) markRegistered(ctx context.Context, shipments []*Shipment) (again []*Shipment, err error) {
	writes := make([]Write, len(shipments))
	for i, shipment := range shipments {
		shipment.Registered = true
		if writes[i], err = Encode(shipment); err != nil {
			return nil, err
		}
	}
	results, err := in.store.Apply(ctx, writes)
	if err != nil {
		return nil, err
	}
	for i, shipment := range shipments {
		switch {
		case results[i] == nil:
			Written(shipment, writes[i])
		case errors.Is(results[i], ErrConflict):
			fresh, err := Load[Shipment](ctx, in.store, shipment.ID)
			if err != nil {
				return nil, err
			}
			*shipment = *fresh
			again = append(again, shipment)
		default:
			return nil, fmt.Errorf("mark shipment %s as registered: %w", shipment.ID, results[i])
		}
	}
	return again, nil
}

// AddLeg makes a shipment travel on one more leg: a number that came later, or a partner's.
func (in *Ingest) AddLeg(ctx context.Context, shipment *Shipment, key LegKey, found string) error {
	for _, leg := range shipment.Legs {
		if leg.LegKey == key {
			return nil
		}
	}
	shipment.Legs = append(shipment.Legs, ShipmentLeg{LegKey: key, Since: in.now().UTC(), Found: found})
	shipment.Registered = false
	if err := Save(ctx, in.store, shipment); err != nil {
		return err
	}
	return in.CompleteRegistration(ctx, shipment)
}

func (in *Ingest) followLegs(shipment *Shipment) []<-chan error {
	pending := make([]<-chan error, 0, len(shipment.Legs))
	for _, leg := range shipment.Legs {
		if shipment.Test && leg.Number != shipment.ID {
			continue // made-up parcels hear nothing of real ones; see Carriages
		}
		follower := &Follower{Shipment: shipment.ID, Tenant: shipment.Tenant, Since: leg.Since}
		pending = append(pending, in.legs.put(legChange{key: leg.LegKey, follower: follower}))
	}
	return pending
}

// newShipment makes the record, with the recipient sealed under a data key of its own.
func (in *Ingest) newShipment(n NewShipment) (*Shipment, *DataKey, error) {
	now := in.now().UTC()
	s := &Shipment{
		ID: NewTrackingID(), Tenant: n.Tenant, Order: n.Order, Consignment: n.Consignment, Piece: n.Piece, Pieces: n.Pieces,
		Reference: n.Reference, Items: n.Items, Service: n.Service, Promise: n.Promise, Origin: n.Origin,
		Destination: n.Destination, Zone: n.Zone, Locale: n.Locale, Tags: n.Tags, Return: n.Return, Outbound: n.Outbound,
		Test: n.Test, CreatedAt: now, UpdatedAt: now,
	}
	if s.Service == "" {
		s.Service = Standard
	}
	if s.Promise.To.IsZero() {
		s.Promise = PromiseOf(s.Service, s.Zone, now)
	}
	// The postal code is the recipient's proof on the tracking page: it stands sealed, and nowhere in the clear.
	s.Area = areaOf(s.Destination.PostalCode, n.Recipient.Address.PostalCode)
	s.Destination.PostalCode = ""
	s.Legs = []ShipmentLeg{{LegKey: LegKey{FleetCarrier, s.ID}, Since: now, Found: "registered"}}
	if number := NormaliseNumber(n.Number); number != "" {
		found := "registered"
		if n.Guessed {
			found = FoundByGuess
		}
		s.Legs = append(s.Legs, ShipmentLeg{LegKey: LegKey{n.Carrier, number}, Since: now, Found: found})
	}
	s.View = Compose(s, Carriages(s, nil), nil, DefaultPatience, now)
	s.View.NextLook = now // so that steps of its order from before are seen
	dataKey, err := in.sealRecipient(s, n.Recipient, now)
	return s, dataKey, err
}

// isZero reports whether there is nothing to seal.
func (r *Recipient) isZero() bool {
	return r.Name == "" && r.Email == "" && r.Phone == "" && len(r.Address.Lines) == 0 && r.Address.City == "" &&
		r.Address.State == "" && r.Address.PostalCode == "" && r.Address.Country == ""
}

func (in *Ingest) sealRecipient(s *Shipment, r Recipient, now time.Time) (*DataKey, error) {
	if r.isZero() {
		return nil, nil //nolint:nilnil // no person, no key
	}
	return SealRecipient(in.keys, s, r, now)
}
