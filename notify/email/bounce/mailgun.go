package bounce

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
)

// mailgun signs time and token of each call.
// https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
type mailgun struct {
	key []byte
	now func() time.Time
}

// mailgunWithin is how old a signature may be: Mailgun signs each repetition anew, and repeats for eight hours.
const mailgunWithin = 15 * time.Minute

func (m *mailgun) verify(_ context.Context, r Request) ([]byte, error) {
	var signed struct {
		Signature struct {
			Timestamp, Token, Signature string
		} `json:"signature"`
	}
	if err := unmarshal(r.Body, &signed); err != nil {
		return nil, fmt.Errorf("%w (mailgun): %w", ErrUnreadable, err)
	}
	s := signed.Signature
	mac := hmac.New(sha256.New, m.key)
	_, _ = mac.Write([]byte(s.Timestamp + s.Token))
	given, err := hex.DecodeString(s.Signature)
	if err != nil || !hmac.Equal(given, mac.Sum(nil)) {
		return nil, ErrForged
	}
	seconds, err := strconv.ParseInt(s.Timestamp, 10, 64)
	if age := m.now().Sub(time.Unix(seconds, 0)); err != nil || age.Abs() > mailgunWithin {
		return nil, fmt.Errorf("%w: its signature is of another time; set the clock of this server by NTP", ErrForged)
	}
	return r.Body, nil
}

func readMailgun(payload []byte) (event, error) {
	var p struct {
		Data struct {
			Event    string
			Severity string
			Reason   string
			Message  struct {
				Headers struct {
					ID string `json:"message-id"`
				}
			}
			Variables struct {
				Token string `json:"waybill"`
			} `json:"user-variables"`
			Status struct {
				Enhanced string `json:"enhanced-code"`
			} `json:"delivery-status"`
		} `json:"event-data"`
	}
	if err := unmarshal(payload, &p); err != nil {
		return event{}, err
	}
	d := &p.Data
	e := event{token: d.Variables.Token, message: idIn(d.Message.Headers.ID)}
	switch d.Event {
	case "delivered":
		e.outcome = arrived
	case "complained", "unsubscribed":
		e.outcome = complained
	case "failed":
		if d.Severity == "permanent" {
			// "suppress-bounce" and its like: Mailgun did not even try, as it knows the address for dead.
			e.outcome, e.code = bounceOf(d.Reason == "bounce" || d.Reason == "suppress-bounce", d.Status.Enhanced)
		}
	}
	return e, nil
}
