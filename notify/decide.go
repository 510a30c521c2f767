package notify

import (
	"strings"
	"time"

	"waybill/tracker"
)

// Input is a change of a shipment's view, and who may be told of it.
type Input struct {
	Shipment *tracker.Shipment
	// Before and After are the view as it was last told of, and as it is now. Everything that lies between is
	// passed over but for what still matters.
	Before, After tracker.View
	// Tenant is the seller, whose choice of moments holds where a person made none; nil for the defaults.
	Tenant *tracker.Tenant
	// Subscriptions of the shipment; those not in force are passed over.
	Subscriptions []*tracker.Subscription
	// Preferences are what the people behind them want, by the blind index of their addresses.
	Preferences map[string]*tracker.Preference
	// Backfill: the change is history read in bulk. Nobody is told of it.
	Backfill bool
	// CausedAt is when the receipt that caused the change came in; zero where the clock did.
	CausedAt time.Time
	Now      time.Time
}

// candidate is something that may be worth telling.
type candidate struct {
	moment     tracker.Moment
	occurrence string
	// at is when it happened; unknown for what the clock or an estimate made.
	at tracker.Stamp
	// due is when it is to be told at the earliest; zero for now.
	due time.Time
}

// Decide makes the messages to store. It is a function of its input alone: decided again, the same messages have the
// same ids. What is not worth telling any more comes back suppressed, with its reason, so that it is explained.
func Decide(in Input) []*tracker.Message {
	if in.Backfill {
		return nil
	}
	zone := ZoneOf(in.Shipment, &in.After)
	var messages []*tracker.Message
	for _, c := range candidates(&in, zone) {
		reason := in.outdated(&c)
		if reason == "" {
			reason = staleReason(c.moment, c.occurrence, &in.After, zone, in.Now, !c.due.IsZero())
		}
		for _, s := range in.Subscriptions {
			if s.Active() && wants(s, in.Preferences[s.Blind], in.Tenant, c.moment) {
				messages = append(messages, in.message(&c, s, zone, reason))
			}
		}
	}
	return messages
}

// message is the decision to tell one person one thing, or not to for a reason.
func (in *Input) message(c *candidate, s *tracker.Subscription, zone *time.Location, reason string) *tracker.Message {
	r, _ := ruleOf(c.moment)
	m := &tracker.Message{
		ID:     MessageID(in.Shipment.ID, c.moment, c.occurrence, s.ID, s.Channel),
		Tenant: in.Shipment.Tenant, Shipment: in.Shipment.ID, Moment: c.moment, Occurrence: c.occurrence,
		Channel: s.Channel, Subscription: s.ID, Locale: s.Locale, State: tracker.MessageDecided,
		DecidedAt: in.Now, Seq: in.After.Seq, CausedAt: in.CausedAt, Urgent: r.urgent, Service: in.Shipment.Service,
	}
	if m.Locale == "" {
		m.Locale = in.Shipment.Locale
	}
	m.DueAt = in.Now
	if c.due.After(in.Now) {
		m.DueAt = c.due
	}
	m.Expires = m.DueAt.Add(r.keeps)
	if !r.urgent {
		m.DueAt = afterQuiet(m.DueAt, zone)
	}
	gather(m, s, in.Preferences[s.Blind], r.keeps, zone, in.Now)
	if reason == "" && m.DueAt.After(m.Expires) {
		reason = "not sent: out of date before the quiet hours end"
	}
	if reason != "" {
		m.State, m.Reason, m.DueAt, m.Stale = tracker.MessageSuppressed, reason, time.Time{}, true
	}
	return m
}

// Revived is a message that was suppressed as untrue, and now is decided again because it is true after all: a status that
// flapped. nil where the earlier decision stands.
func Revived(before, again *tracker.Message) *tracker.Message {
	if before.State != tracker.MessageSuppressed || !before.Stale || before.Attempts > 0 || again.State != tracker.MessageDecided {
		return nil
	}
	if before.Moment == tracker.MomentArrivingToday || before.Moment == tracker.MomentPickupReminder {
		return nil // these are decided at every look, and had their hour
	}
	revived := *before
	revived.State, revived.Reason, revived.Stale = again.State, "decided again: "+strings.TrimPrefix(before.Reason, "not sent: "), false
	revived.DueAt, revived.Expires, revived.Digest = again.DueAt, again.Expires, again.Digest
	revived.Seq, revived.CausedAt = again.Seq, again.CausedAt
	return &revived
}

// oldNews is from what age on an event is not told any more.
const oldNews = 24 * time.Hour

// outdated says why a candidate's event is history. What lay on a leg before its shipment was registered comes as a
// backfill and is told to nobody; a scan that comes in after the registration is news, though it may have been made
// some minutes before: sellers register in the evening what was picked up at noon.
func (in *Input) outdated(c *candidate) string {
	if c.at.Known() && latest(c.at).Before(in.Now.Add(-oldNews)) {
		return "not sent: it was more than a day old when it became known"
	}
	return ""
}

// latest is the last instant that a stamp can mean: a day lasts a day, and without an offset the place may lie as far
// west as twelve hours.
func latest(s tracker.Stamp) time.Time {
	at := s.Instant()
	switch s.Precision {
	case tracker.PrecisionDay:
		at = at.Add(day)
	case tracker.PrecisionMinute:
		at = at.Add(time.Minute)
	case tracker.PrecisionNone, tracker.PrecisionSecond:
	}
	if s.Source == tracker.ZoneUnknown {
		at = at.Add(12 * time.Hour)
	}
	return at
}
