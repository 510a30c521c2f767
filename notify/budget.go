package notify

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"waybill/tracker"
)

// A seller's budget for SMS is a number of segments a month: these are what is paid for. Nobody is sent more by accident;
// what the budget does not bear goes by e-mail where it matters.

// warnAt is the share of a budget, in percent, at which the seller is warned.
const warnAt = 80

// charge takes the segments of an SMS from the seller's budget of the month. enough is false where it does not bear them.
func (s *Sender) charge(ctx context.Context, m *tracker.Message, d *delivery) (enough bool, err error) {
	budget := d.tenant.SMSBudget
	if m.Channel != tracker.SMS || budget <= 0 {
		return true, nil
	}
	segments := Segments(d.envelope.Content.SMS)
	now := s.now()
	for {
		spent, err := tracker.SpendingOf(ctx, s.store, m.Tenant, tracker.SMS, now)
		if err != nil {
			return false, err
		}
		if spent.Segments+segments > budget {
			return false, s.warn(ctx, d, spent, 100, now)
		}
		before := spent.Segments * 100 / budget
		spent.Segments += segments
		err = tracker.Save(ctx, s.store, spent)
		switch {
		case errors.Is(err, tracker.ErrConflict):
			continue
		case err != nil:
			return false, err
		case before < warnAt && spent.Segments*100/budget >= warnAt:
			return true, s.warn(ctx, d, spent, warnAt, now)
		}
		return true, nil
	}
}

// unpaid settles an SMS that the budget does not bear.
func (s *Sender) unpaid(ctx context.Context, m *tracker.Message) error {
	const why = "the seller's budget for SMS is used up this month"
	if err := s.fallBack(ctx, m, why); err != nil {
		return err
	}
	m.State, m.Reason, m.Token = tracker.MessageSuppressed, "not sent: "+why, nil
	return s.settle(ctx, m)
}

// refund gives back what an attempt was charged that the provider refused.
func (s *Sender) refund(ctx context.Context, m *tracker.Message, d *delivery, failed error) error {
	if m.Channel != tracker.SMS || d.tenant.SMSBudget <= 0 || failed == nil || VerdictOf(failed) == Unsure {
		return nil
	}
	for {
		spent, err := tracker.SpendingOf(ctx, s.store, m.Tenant, tracker.SMS, s.now())
		if err != nil {
			return err
		}
		spent.Segments = max(0, spent.Segments-Segments(d.envelope.Content.SMS))
		if err := tracker.Save(ctx, s.store, spent); !errors.Is(err, tracker.ErrConflict) {
			return err
		}
	}
}

// warn tells a seller, once a month for each share, how far its budget is used up: in the log of the installation, and by
// e-mail to where the seller takes answers.
func (s *Sender) warn(ctx context.Context, d *delivery, spent *tracker.Spending, percent int, now time.Time) error {
	if spent.Warned >= percent {
		return nil
	}
	spent.Warned = percent
	if err := tracker.Save(ctx, s.store, spent); err != nil {
		return ignoreConflict(err) // whoever wrote it meanwhile warns, or the next message does
	}
	s.log.Warn("a seller's budget for SMS is used up to this share; what it does not bear is not sent, or goes by e-mail",
		"tenant", d.tenant.ID, "percent", percent, "segments", spent.Segments, "budget", d.tenant.SMSBudget)
	mail, to := s.channels[tracker.Email], d.tenant.Brand.ReplyTo
	if mail == nil || to == "" {
		return nil
	}
	subject := fmt.Sprintf("Your SMS budget for %s is used up to %d %%", now.Format("January 2006"), percent)
	text := fmt.Sprintf("%s\n\n%d of %d segments were sent. Once all are, no SMS is sent until the month ends; what matters most "+
		"goes by e-mail to those who gave an address. The budget is set by PATCH /v1/settings.\n", subject, spent.Segments, d.tenant.SMSBudget)
	_, err := mail.Send(ctx, Envelope{
		Locale: "en", Expires: now.Add(day), To: to,
		ID:      MessageID(spent.Key, "budget", strconv.Itoa(percent), d.tenant.ID, tracker.Email),
		Content: Content{Subject: subject, Text: text, HTML: "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n\n", "</p><p>") + "</p>"},
	})
	if err != nil {
		s.log.Warn("the warning about a budget could not be sent; it stands in the log and in GET /v1/settings", "tenant", d.tenant.ID, "error", err)
	}
	return nil
}
