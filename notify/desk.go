package notify

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/language"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Desk keeps subscriptions: who wants to be told of which shipment, how, and by what consent.
type Desk struct {
	store tracker.Store
	keys  *seal.Keys
	now   func() time.Time
}

// NewDesk makes a Desk.
func NewDesk(store tracker.Store, keys *seal.Keys, now func() time.Time) *Desk {
	return &Desk{store: store, keys: keys, now: now}
}

// Wish is what somebody asks for.
type Wish struct {
	Channel tracker.Channel
	// Address as the person gave it: see NormaliseAddress.
	Address string
	// Moments chosen; empty for the defaults.
	Moments []tracker.Moment
	Locale  string
	// Consent says who told of the consent and how it was given ("tracking page", "the seller's check-out, told by …").
	Consent string
}

// The errors of a Desk.
var (
	// ErrLink: the link in a message is wrong, or was used up.
	ErrLink = errors.New("the link is not valid; ask for a new one on the tracking page")
	// ErrTooMany: the address has been asked to confirm too often lately.
	ErrTooMany = errors.New("this address was asked to confirm too often; wait a day, or use the messages that came")
	// ErrMoment: a chosen moment does not exist.
	ErrMoment = errors.New("no such moment")
)

const (
	// pendingMost is how many subscriptions of one address may wait for confirmation within a day, so that nobody can
	// flood a stranger with requests to confirm.
	pendingMost = 5
	// renewAfter is when a request that was not confirmed may be repeated.
	renewAfter = 10 * time.Minute
)

// Subscribe takes a wish for a shipment. Mail and SMS are asked to confirm first (double opt-in): the message for that
// is stored with the subscription. A browser that made a push subscription has asked its user already.
// Who asks again for an address that is subscribed, or was just asked to confirm, gets the same answer as the first
// time, and nothing happens: whether an address is known is nobody else's business.
func (d *Desk) Subscribe(ctx context.Context, shipment *tracker.Shipment, w Wish) (*tracker.Subscription, error) {
	s, err := d.draft(shipment, &w)
	if err != nil {
		return nil, err
	}
	now := d.now()
	known, err := tracker.LoadList[tracker.Subscription](ctx, d.store, tracker.ListOfAddress(s.Blind), tracker.Page{Limit: 1000})
	if err != nil {
		return nil, fmt.Errorf("look for earlier subscriptions: %w", err)
	}
	pending := 0
	for _, k := range known {
		if !k.EndedAt.IsZero() || k.Channel != s.Channel {
			continue
		}
		if !k.Active() && now.Sub(k.CreatedAt) < day {
			pending++
		}
		if k.Shipment != s.Shipment || (!k.Active() && now.Sub(k.CreatedAt) >= renewAfter) {
			continue
		}
		if s.Channel == tracker.Push { // nobody but the browser knows this address
			return k, nil
		}
		return s, nil
	}
	if s.Channel == tracker.Push {
		s.ConfirmedAt = now
		return s, d.keep(ctx, s, w.Address, nil)
	}
	if pending >= pendingMost {
		return nil, ErrTooMany
	}
	message, err := d.ask(shipment, s, tracker.MomentConfirmChannel)
	if err != nil {
		return nil, err
	}
	return s, d.keep(ctx, s, w.Address, message)
}

// Recipient subscribes the shipment's own recipient, whose consent the seller has. It may be called any number of
// times: there is one such subscription for a shipment and channel, and once it has ended it stays ended.
func (d *Desk) Recipient(ctx context.Context, shipment *tracker.Shipment, w Wish) (*tracker.Subscription, error) {
	s, err := d.draft(shipment, &w)
	if err != nil {
		return nil, err
	}
	s.ID = recipientID(shipment.ID, w.Channel)
	s.Recipient, s.ConfirmedAt = true, d.now()
	if known, err := tracker.Load[tracker.Subscription](ctx, d.store, s.ID); !errors.Is(err, tracker.ErrNotFound) {
		return known, err
	}
	err = d.keep(ctx, s, w.Address, nil)
	if errors.Is(err, tracker.ErrConflict) {
		return tracker.Load[tracker.Subscription](ctx, d.store, s.ID)
	}
	return s, err
}

// Confirm puts a subscription in force by the token of its confirmation message. Confirmed again it stays so.
func (d *Desk) Confirm(ctx context.Context, id, token string) (*tracker.Subscription, error) {
	hash := sha256.Sum256([]byte(token))
	return d.change(ctx, id, func(s *tracker.Subscription) error {
		if !s.EndedAt.IsZero() || subtle.ConstantTimeCompare(s.ConfirmHash, hash[:]) != 1 {
			return ErrLink
		}
		if s.ConfirmedAt.IsZero() {
			s.ConfirmedAt = d.now()
		}
		return nil
	})
}

// Unsubscribe ends a subscription by the signature of its link. Ended again it stays so.
func (d *Desk) Unsubscribe(ctx context.Context, id, signature string) (*tracker.Subscription, error) {
	if !d.keys.Verify(LinkUnsubscribe, id, signature) {
		return nil, ErrLink
	}
	return d.End(ctx, id)
}

// End ends a subscription, for whoever may.
func (d *Desk) End(ctx context.Context, id string) (*tracker.Subscription, error) {
	return d.change(ctx, id, func(s *tracker.Subscription) error {
		if s.EndedAt.IsZero() {
			s.EndedAt = d.now()
		}
		return nil
	})
}

// Forget ends all subscriptions of a phone's app, in its address's form.
func (d *Desk) Forget(ctx context.Context, device Device) error {
	address, err := normaliseDevice(device)
	if err != nil {
		return err
	}
	list := tracker.ListOfAddress(tracker.BlindAddress(d.keys, tracker.Push, address))
	page := tracker.Page{Limit: 1000}
	for {
		known, err := tracker.LoadList[tracker.Subscription](ctx, d.store, list, page)
		if err != nil {
			return err
		}
		for _, s := range known {
			if !s.EndedAt.IsZero() {
				continue
			}
			if _, err := d.End(ctx, s.ID); err != nil {
				return err
			}
		}
		if len(known) < page.Limit {
			return nil
		}
		page.After = tracker.CursorOf(known[len(known)-1])
	}
}

// Of lists the subscriptions of a shipment.
func (d *Desk) Of(ctx context.Context, shipment string) ([]*tracker.Subscription, error) {
	return tracker.LoadList[tracker.Subscription](ctx, d.store, tracker.ListOfShipment(shipment), tracker.Page{Limit: 1000})
}

// draft checks a wish and makes the record, still unsealed. The wish's address is brought into its normal form.
func (d *Desk) draft(shipment *tracker.Shipment, w *Wish) (*tracker.Subscription, error) {
	address, err := NormaliseAddress(w.Channel, w.Address, shipment.Destination.Country)
	if err != nil {
		return nil, err
	}
	for _, moment := range w.Moments {
		if _, ok := ruleOf(moment); !ok || asks(moment) {
			return nil, fmt.Errorf("%w: %.40q; the moments are %v", ErrMoment, moment, Moments())
		}
	}
	w.Address = address
	now := d.now()
	return &tracker.Subscription{
		ID: tracker.NewID(now), Tenant: shipment.Tenant, Shipment: shipment.ID, Channel: w.Channel, Moments: w.Moments,
		Locale: normaliseLocale(w.Locale), Consent: w.Consent, CreatedAt: now, Blind: tracker.BlindAddress(d.keys, w.Channel, address),
	}, nil
}

// normaliseLocale is a language tag in its normal form, "" for what is none: then the shipment's is taken.
func normaliseLocale(text string) string {
	tag, err := language.Parse(text)
	if err != nil || tag == language.Und {
		return ""
	}
	return tag.String()
}

// ask gives a subscription a token and makes the message that carries it.
func (d *Desk) ask(shipment *tracker.Shipment, s *tracker.Subscription, moment tracker.Moment) (*tracker.Message, error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	token := base64.RawURLEncoding.EncodeToString(random)
	hash := sha256.Sum256([]byte(token))
	s.ConfirmHash = hash[:]
	now := d.now()
	r, _ := ruleOf(moment)
	occurrence := hex.EncodeToString(hash[:6])
	m := &tracker.Message{
		ID:     MessageID(shipment.ID, moment, occurrence, s.ID, s.Channel),
		Tenant: shipment.Tenant, Shipment: shipment.ID, Moment: moment, Occurrence: occurrence,
		Channel: s.Channel, Subscription: s.ID, Locale: s.Locale, State: tracker.MessageDecided, DueAt: now, DecidedAt: now,
		Expires: now.Add(r.keeps), Urgent: true, Service: shipment.Service,
	}
	m.Token = d.keys.Wrap([]byte(token), "confirm:"+m.ID)
	return m, nil
}

// keep seals the address and stores the subscription, with the message that asks to confirm it.
func (d *Desk) keep(ctx context.Context, s *tracker.Subscription, address string, ask *tracker.Message) error {
	dataKey, err := tracker.SealAddress(d.keys, s, address, d.now())
	if err != nil {
		return err
	}
	records := []tracker.Record{dataKey, s}
	if ask != nil {
		records = append(records, ask)
	}
	writes := make([]tracker.Write, len(records))
	for i, record := range records {
		if writes[i], err = tracker.Encode(record); err != nil {
			return err
		}
	}
	if err := tracker.ErrorOf(d.store.Apply(ctx, writes)); err != nil {
		return fmt.Errorf("keep subscription %s: %w", s.ID, err)
	}
	return nil
}

// change reads a subscription, changes it and writes it, again where somebody else wrote it meanwhile.
func (d *Desk) change(ctx context.Context, id string, apply func(*tracker.Subscription) error) (*tracker.Subscription, error) {
	for {
		s, err := tracker.Load[tracker.Subscription](ctx, d.store, id)
		if errors.Is(err, tracker.ErrNotFound) {
			return nil, ErrLink
		}
		if err != nil {
			return nil, err
		}
		if err := apply(s); err != nil {
			return nil, err
		}
		if err := tracker.Save(ctx, d.store, s); !errors.Is(err, tracker.ErrConflict) {
			return s, err
		}
	}
}
