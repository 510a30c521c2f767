package notify

import (
	"context"
	"errors"

	"waybill/tracker"
)

// handed says what a message tells of the handover: where and when to collect the parcel and by what code, or where it was
// left.
func (p *page) handed(said *Said) {
	switch said.Moment {
	case tracker.MomentReadyForPickup, tracker.MomentPickupReminder:
		if hours := said.View.PickupHours; hours != "" {
			p.Facts = append(p.Facts, p.say("message.pickup_hours", "Hours", shorten(hours, 200)))
		}
		if said.Handed.Code != "" {
			p.code = p.say("message.pickup_code", "Code", said.Handed.Code)
			p.Facts = append(p.Facts, p.code)
		}
	case tracker.MomentDelivered:
		if said.Handed.Place != "" {
			p.Facts = append(p.Facts, p.say("message.left_at", "Place", shorten(said.Handed.Place, 200)))
		}
		if said.Handed.Photo {
			p.Photo = p.Link + "#details-title"
		}
	}
}

// handed opens what a message may tell of the handover: to the shipment's own recipient, and the pickup code by SMS only
// where the seller or the person chose that. It is read when the message is sent and stands in no record of ours but the
// carrier's, sealed.
func (s *Sender) handed(ctx context.Context, m *tracker.Message, t *tracker.Tracking, d *delivery) (tracker.Handed, error) {
	switch m.Moment {
	case tracker.MomentReadyForPickup, tracker.MomentPickupReminder, tracker.MomentDelivered:
	default:
		return tracker.Handed{}, nil
	}
	if !d.subscription.Recipient {
		return tracker.Handed{}, nil
	}
	h, err := t.Handed(s.keys)
	if err != nil || h.Code == "" || m.Channel != tracker.SMS || d.tenant.CodeBySMS {
		return h, err
	}
	p, err := tracker.Load[tracker.Preference](ctx, s.store, tracker.PreferenceKey(m.Tenant, d.subscription.Blind))
	if err != nil && !errors.Is(err, tracker.ErrNotFound) {
		return h, err
	}
	if err != nil || !p.CodeBySMS {
		h.Code = ""
	}
	return h, nil
}
