package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
)

// Choice is how a person wants to be told of all parcels of a seller at one address.
type Choice struct {
	Channel tracker.Channel
	// Moments to be told; nil leaves it to the defaults.
	Moments []tracker.Moment
	// Daily gathers e-mails that are not urgent into one a day.
	Daily bool
	// CodeBySMS has pickup codes told by SMS.
	CodeBySMS bool
}

// ChoiceOf gives what the address of a subscription chose, by the signature of the link that was sent there.
func (d *Desk) ChoiceOf(ctx context.Context, id, signature string) (*tracker.Subscription, Choice, error) {
	s, err := d.holder(ctx, id, signature)
	if err != nil {
		return nil, Choice{}, err
	}
	c, err := d.choice(ctx, s)
	return s, c, err
}

func (d *Desk) choice(ctx context.Context, s *tracker.Subscription) (Choice, error) {
	c := Choice{Channel: s.Channel}
	p, err := tracker.Load[tracker.Preference](ctx, d.store, tracker.PreferenceKey(s.Tenant, s.Blind))
	if errors.Is(err, tracker.ErrNotFound) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c.Daily, c.CodeBySMS = p.Daily, p.CodeBySMS
	if p.Chosen {
		c.Moments = append([]tracker.Moment{}, p.Moments...)
	}
	return c, nil
}

// ChoicesOf gives what the addresses of a shipment's recipient chose, for who proved to be that.
func (d *Desk) ChoicesOf(ctx context.Context, shipment *tracker.Shipment) ([]Choice, error) {
	var list []Choice
	for _, channel := range []tracker.Channel{tracker.Email, tracker.SMS} {
		s, err := tracker.Load[tracker.Subscription](ctx, d.store, recipientID(shipment.ID, channel))
		if errors.Is(err, tracker.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		c, err := d.choice(ctx, s)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// ChooseFor keeps what the address of a shipment's recipient chose, of the choice's channel. ErrLink where the recipient has
// none there.
func (d *Desk) ChooseFor(ctx context.Context, shipment *tracker.Shipment, c Choice) error {
	s, err := tracker.Load[tracker.Subscription](ctx, d.store, recipientID(shipment.ID, c.Channel))
	if errors.Is(err, tracker.ErrNotFound) {
		return ErrLink
	}
	if err != nil {
		return err
	}
	return d.choose(ctx, s, c)
}

// Choose keeps what the address of a subscription chose, for all parcels of the seller, those to come included.
func (d *Desk) Choose(ctx context.Context, id, signature string, c Choice) error {
	s, err := d.holder(ctx, id, signature)
	if err != nil {
		return err
	}
	return d.choose(ctx, s, c)
}

func (d *Desk) choose(ctx context.Context, s *tracker.Subscription, c Choice) error {
	for _, moment := range c.Moments {
		if !slices.Contains(Moments(), moment) {
			return fmt.Errorf("%w: %.40q; the moments are %v", ErrMoment, moment, Moments())
		}
	}
	return d.prefer(ctx, s, c)
}

// prefer keeps a choice.
func (d *Desk) prefer(ctx context.Context, s *tracker.Subscription, c Choice) error {
	for {
		key, now := tracker.PreferenceKey(s.Tenant, s.Blind), d.now()
		p, err := tracker.Load[tracker.Preference](ctx, d.store, key)
		if errors.Is(err, tracker.ErrNotFound) {
			p, err = &tracker.Preference{Key: key, Channel: s.Channel}, nil
		}
		if err != nil {
			return err
		}
		p.Chosen, p.Moments, p.Daily, p.ChangedAt = c.Moments != nil, c.Moments, c.Daily && s.Channel == tracker.Email, now
		p.CodeBySMS = c.CodeBySMS && s.Channel == tracker.SMS
		if err := tracker.Save(ctx, d.store, p); !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
}

// UnsubscribeAll has the address of a subscription told nothing more of any parcel of the seller, by the signature of
// a daily mail's link.
func (d *Desk) UnsubscribeAll(ctx context.Context, id, signature string) (*tracker.Subscription, error) {
	if !d.keys.Verify(LinkUnsubscribeAll, id, signature) {
		return nil, ErrLink
	}
	s, err := tracker.Load[tracker.Subscription](ctx, d.store, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, ErrLink
	}
	if err != nil {
		return nil, err
	}
	return s, d.prefer(ctx, s, Choice{Moments: []tracker.Moment{}})
}

// holder is the subscription of a link that was sent to its address.
func (d *Desk) holder(ctx context.Context, id, signature string) (*tracker.Subscription, error) {
	if !d.keys.Verify(LinkPreferences, id, signature) {
		return nil, ErrLink
	}
	s, err := tracker.Load[tracker.Subscription](ctx, d.store, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil, ErrLink
	}
	return s, err
}

// PreferencesOf reads what the people behind subscriptions prefer, by the blind index of their addresses.
func PreferencesOf(ctx context.Context, store tracker.Store, subscriptions []*tracker.Subscription) (map[string]*tracker.Preference, error) {
	keys, blinds := make([]string, 0, len(subscriptions)), map[string]string{}
	for _, s := range subscriptions {
		if key := tracker.PreferenceKey(s.Tenant, s.Blind); s.Active() && blinds[key] == "" {
			keys, blinds[key] = append(keys, key), s.Blind
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	rows, err := store.Get(ctx, tracker.Preferences, keys...)
	if err != nil {
		return nil, fmt.Errorf("read what people prefer to be told: %w", err)
	}
	list, err := tracker.DecodeAll[tracker.Preference](rows)
	if err != nil {
		return nil, err
	}
	preferences := make(map[string]*tracker.Preference, len(list))
	for _, p := range list {
		preferences[blinds[p.Key]] = p
	}
	return preferences, nil
}

// wants reports whether a moment is to be told over a subscription: by what the person chose for this parcel, for all of
// the seller's, or else by what the seller chose, for this parcel or for all; or by the product's defaults.
func wants(s *tracker.Subscription, p *tracker.Preference, t *tracker.Tenant, moment tracker.Moment) bool {
	switch {
	case len(s.Moments) > 0 && !s.Recipient:
		return slices.Contains(s.Moments, moment)
	case p != nil && p.Chosen:
		return slices.Contains(p.Moments, moment)
	case len(s.Moments) > 0:
		return slices.Contains(s.Moments, moment)
	}
	if t != nil {
		if chosen, ok := t.Moments[s.Channel]; ok {
			return slices.Contains(chosen, moment)
		}
	}
	return slices.Contains(Defaults(s.Channel), moment)
}

// gather has a message wait for the next daily mail, where the person wants one and it is not urgent.
func gather(m *tracker.Message, s *tracker.Subscription, p *tracker.Preference, keeps time.Duration, zone *time.Location, now time.Time) {
	if p == nil || !p.Daily || m.Channel != tracker.Email || m.Urgent {
		return
	}
	m.Digest = tracker.PreferenceKey(s.Tenant, s.Blind)
	next := morning(now.In(zone))
	for next.Before(m.DueAt) || !next.After(now) {
		next = morning(next.AddDate(0, 0, 1))
	}
	m.DueAt = next
	if end := next.Add(min(keeps, day)); m.Expires.Before(end) {
		m.Expires = end
	}
}
