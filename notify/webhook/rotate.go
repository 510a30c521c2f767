package webhook

import (
	"context"
	"time"

	"waybill/tracker"
)

// Rotate gives an endpoint another secret; the one before goes on for the overlap, in which payloads bear both
// signatures. secret is as in Create.
func (d *Desk) Rotate(ctx context.Context, id, secret string, overlap time.Duration) (*tracker.Endpoint, string, error) {
	var holds string
	e, err := d.change(ctx, id, func(e *tracker.Endpoint) (err error) {
		holds, err = d.addSecret(e, secret, overlap)
		return err
	})
	return e, holds, err
}

// addSecret gives an endpoint a secret, a new one where none was brought along.
func (d *Desk) addSecret(e *tracker.Endpoint, secret string, overlap time.Duration) (string, error) {
	if secret == "" {
		secret = NewSecret()
	}
	if err := checkSecret(e.Form, secret); err != nil {
		return "", err
	}
	now := d.Now()
	e.Secrets = holding(e.Secrets, now)
	e.AddSecret(d.Keys.Wrap([]byte(secret), secretContext(e.ID)), overlap, now)
	return secret, nil
}

// secretsMost bounds how many secrets an endpoint has at once, and with them the length of the signature.
const secretsMost = 4

// holding are the secrets that hold still, the newest of them.
func holding(secrets []tracker.AccountSecret, now time.Time) []tracker.AccountSecret {
	var list []tracker.AccountSecret
	for _, s := range secrets {
		if s.Holds(now) && len(list) < secretsMost {
			list = append(list, s)
		}
	}
	return list
}
