package sms

import (
	"context"
	"strconv"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"waybill/notify"
	"waybill/tracker"
)

// recallMost is how many messages to one phone are looked through: the latest.
const recallMost = 100

// Recall lists what Twilio took for a phone since the day of a moment (GET Messages.json by To and DateSent).
func (c *Channel) Recall(ctx context.Context, to string, since time.Time) ([]notify.Taken, error) {
	since = since.UTC()
	params := (&api.ListMessageParams{}).SetTo(to).SetPageSize(recallMost).
		SetDateSentAfter(time.Date(since.Year(), since.Month(), since.Day(), 0, 0, 0, 0, time.UTC))
	attempt := &call{ctx: ctx, base: c.base, next: c.transport}
	page, err := c.service(attempt).PageMessage(params, "", "")
	if err != nil {
		return nil, attempt.failure(err, c.options.Now())
	}
	var list []notify.Taken
	for i := range page.Messages {
		if taken, ok := takenOf(&page.Messages[i]); ok && !taken.At.Before(since) {
			list = append(list, taken)
		}
	}
	return list, nil
}

// takenOf reads a message of Twilio's list; !ok for one that says too little, or came in.
func takenOf(m *api.ApiV2010Message) (t notify.Taken, ok bool) {
	if m.Sid == nil || m.Status == nil || m.Body == nil || m.DateCreated == nil {
		return t, false
	}
	at, err := time.Parse(time.RFC1123Z, *m.DateCreated)
	state, known := states[*m.Status]
	if err != nil || !known {
		return t, false
	}
	t = notify.Taken{Text: *m.Body, At: at, Arrival: notify.Arrival{Provider: *m.Sid, State: state}}
	if state == tracker.MessageFailed {
		code := ""
		if m.ErrorCode != nil {
			code = strconv.Itoa(*m.ErrorCode)
		}
		explain(&t.Arrival, code)
	}
	return t, true
}

var _ notify.Recaller = (*Channel)(nil)
