package erase

import (
	"context"
	"time"

	"waybill/tracker"
)

// Export is all that is kept of a person, to be handed over.
type Export struct {
	Shipments     []KeptShipment     `json:"shipments"`
	Subscriptions []KeptSubscription `json:"subscriptions"`
}

// KeptShipment is a parcel that goes to the person.
type KeptShipment struct {
	ID        string            `json:"id"`
	Seller    string            `json:"seller"`
	Order     string            `json:"order,omitempty"`
	Recipient tracker.Recipient `json:"recipient"`
	Items     []tracker.Item    `json:"items,omitempty"`
	Carriers  []KeptCarriage    `json:"carriers"`
	Status    string            `json:"status"`
	CreatedAt time.Time         `json:"created_at"`
	Messages  []KeptMessage     `json:"messages"`
}

// KeptCarriage is one carrier's part, with what the carrier said of the person.
type KeptCarriage struct {
	Carrier  string           `json:"carrier"`
	Number   string           `json:"number"`
	Personal tracker.Personal `json:"personal,omitzero"`
}

// KeptMessage is what the person was, or was not, sent.
type KeptMessage struct {
	Channel   tracker.Channel      `json:"channel"`
	Moment    tracker.Moment       `json:"moment"`
	State     tracker.MessageState `json:"state"`
	DecidedAt time.Time            `json:"decided_at"`
	SentAt    time.Time            `json:"sent_at,omitzero"`
}

// KeptSubscription is an address of the person's that is told of a parcel.
type KeptSubscription struct {
	Shipment    string           `json:"shipment"`
	Seller      string           `json:"seller"`
	Channel     tracker.Channel  `json:"channel"`
	Address     string           `json:"address"`
	Moments     []tracker.Moment `json:"moments,omitempty"`
	Consent     string           `json:"consent,omitempty"`
	ConfirmedAt time.Time        `json:"confirmed_at,omitzero"`
	EndedAt     time.Time        `json:"ended_at,omitzero"`
	CreatedAt   time.Time        `json:"created_at"`
}

// Export opens all that was found.
func (d *Desk) Export(ctx context.Context, kept *Kept) (*Export, error) {
	out := &Export{Shipments: []KeptShipment{}, Subscriptions: []KeptSubscription{}}
	for _, s := range kept.Shipments {
		shipment, err := d.exportShipment(ctx, s)
		if err != nil {
			return nil, err
		}
		out.Shipments = append(out.Shipments, shipment)
	}
	for _, s := range kept.Subscriptions {
		address, err := tracker.OpenAddress(ctx, d.Store, d.Keys, s)
		if err != nil {
			return nil, err
		}
		out.Subscriptions = append(out.Subscriptions, KeptSubscription{
			Shipment: s.Shipment, Seller: s.Tenant, Channel: s.Channel, Address: address, Moments: s.Moments, Consent: s.Consent,
			ConfirmedAt: s.ConfirmedAt, EndedAt: s.EndedAt, CreatedAt: s.CreatedAt,
		})
	}
	return out, nil
}

func (d *Desk) exportShipment(ctx context.Context, s *tracker.Shipment) (out KeptShipment, err error) {
	out = KeptShipment{
		ID: s.ID, Seller: s.Tenant, Order: s.Order, Items: s.Items, Carriers: []KeptCarriage{}, Status: s.View.Milestone.String(),
		CreatedAt: s.CreatedAt, Messages: []KeptMessage{},
	}
	if out.Recipient, err = tracker.OpenRecipient(ctx, d.Store, d.Keys, s); err != nil {
		return out, err
	}
	rows := make([]string, len(s.Legs))
	for i, leg := range s.Legs {
		rows[i] = leg.String()
	}
	found, err := d.Store.Get(ctx, tracker.Legs, rows...)
	if err != nil {
		return out, err
	}
	legs, err := tracker.DecodeAll[tracker.Leg](found)
	if err != nil {
		return out, err
	}
	for _, leg := range legs {
		personal, err := leg.Personal(d.Keys)
		if err != nil {
			return out, err
		}
		out.Carriers = append(out.Carriers, KeptCarriage{leg.Carrier, leg.Number, personal})
	}
	messages, err := all[tracker.Message](ctx, d.Store, tracker.ListOfShipment(s.ID))
	for _, m := range messages {
		out.Messages = append(out.Messages, KeptMessage{m.Channel, m.Moment, m.State, m.DecidedAt, m.SentAt})
	}
	return out, err
}
