package tracker

import (
	"context"
	"errors"
	"time"
)

// Spending is what a seller's messages cost over a channel in a month (UTC).
//
//	key    "spent:<channel>/<tenant>/<2026-11>"
type Spending struct {
	Key string `cbor:"1,keyasint"`
	// Segments are those of SMS that providers took.
	Segments int `cbor:"2,keyasint,omitempty"`
	// Warned is the share, in percent, of which the seller was told.
	Warned int `cbor:"3,keyasint,omitempty"`
	// Month is its first moment.
	Month time.Time `cbor:"4,keyasint"`

	meta
}

func (s *Spending) place() place {
	return place{table: Counters, key: s.Key, order: s.Month}
}

// SpendingOf reads what a seller spent in the month of a moment; a fresh one where that is nothing yet.
func SpendingOf(ctx context.Context, store Store, tenant string, channel Channel, at time.Time) (*Spending, error) {
	at = at.UTC()
	key := "spent:" + string(channel) + "/" + tenant + "/" + at.Format("2006-01")
	spent, err := Load[Spending](ctx, store, key)
	if errors.Is(err, ErrNotFound) {
		return &Spending{Key: key, Month: time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)}, nil
	}
	return spent, err
}
