package drift

import (
	"context"
	"time"

	"waybill/tracker"
)

// ears says since when somebody takes posts in without a break, and when last.
//
//	key  "ears"
type ears struct {
	Since int64 `cbor:"1,keyasint"`
	Last  int64 `cbor:"2,keyasint"`
}

const (
	earsKey = "ears"
	// earsEvery is how often it is noted, deafAfter from when on nobody listens: a restart is no deafness.
	earsEvery = time.Minute
	deafAfter = 20 * time.Minute
)

// listened notes that this process takes posts in.
func (f *Flusher) listened(ctx context.Context) error {
	now := f.Now()
	_, err := change(ctx, f.Store, []string{earsKey}, func(s *stored[ears]) (tracker.Write, bool, error) {
		last := time.Unix(s.record.Last, 0)
		if now.Sub(last) < earsEvery {
			return tracker.Write{}, false, nil
		}
		if now.Sub(last) > deafAfter {
			s.record.Since = now.Unix()
		}
		s.record.Last = now.Unix()
		write, err := s.write(lasting)
		return write, true, err
	})
	return err
}

// listen reads since when somebody listens; the zero time where nobody does.
func listen(ctx context.Context, store tracker.Store, now time.Time) (since time.Time, err error) {
	found, err := get[ears](ctx, store, earsKey)
	if err != nil {
		return time.Time{}, err
	}
	e := found[earsKey].record
	if now.Sub(time.Unix(e.Last, 0)) > deafAfter {
		return time.Time{}, nil
	}
	return time.Unix(e.Since, 0).UTC(), nil
}
