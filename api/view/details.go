package view

import (
	"context"
	"fmt"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Details are what a proof opens: whom the parcel goes to, what is in it, and how it was delivered.
type Details struct {
	Order     string             `json:"order,omitempty"`
	Items     []tracker.Item     `json:"items,omitempty"`
	Recipient *tracker.Recipient `json:"recipient,omitempty"`
	// Proofs are the proofs of delivery that the carriers gave.
	Proofs []Proof `json:"proofs,omitempty"`
}

// Proof is a proof of delivery.
type Proof struct {
	Carrier string `json:"carrier"`
	tracker.Personal
}

// Opener opens what is sealed.
type Opener struct {
	Store tracker.Store
	Keys  *seal.Keys
	// Link makes a link of a reference to one of our own pictures.
	Link func(reference string) string
}

// Details opens the details of a shipment. They go to nobody who has not proved to be the recipient, or the seller.
func (o Opener) Details(ctx context.Context, t *tracker.Tracking) (*Details, error) {
	d := &Details{Order: t.Shipment.Order, Items: t.Shipment.Items}
	recipient, err := tracker.OpenRecipient(ctx, o.Store, o.Keys, t.Shipment)
	if err != nil {
		return nil, fmt.Errorf("details of shipment %s: %w", t.Shipment.ID, err)
	}
	if recipient.Name != "" || recipient.Email != "" || recipient.Phone != "" || recipient.Address.PostalCode != "" {
		d.Recipient = &recipient
	}
	for _, leg := range t.Legs {
		if !leg.SurelyOf(t.Shipment, o.Keys) {
			continue
		}
		personal, err := leg.Personal(o.Keys)
		if err != nil {
			return nil, err
		}
		if personal != (tracker.Personal{}) {
			personal.PhotoURL, personal.SignatureURL = o.Link(personal.PhotoURL), o.Link(personal.SignatureURL)
			d.Proofs = append(d.Proofs, Proof{Carrier: leg.Carrier, Personal: personal})
		}
	}
	return d, nil
}
