package notify

import (
	"context"
	"errors"

	"waybill/tracker"
)

// OptOut notes that a person wants nothing more from a sender on a channel. Noted again it stays as it was.
func (s *Sender) OptOut(ctx context.Context, channel tracker.Channel, sender, address, reason string) error {
	key := SuppressionKey(channel, sender, tracker.BlindAddress(s.keys, channel, address))
	return ignoreConflict(tracker.Save(ctx, s.store, &tracker.Suppression{Key: key, Reason: reason, At: s.now()}))
}

// OptIn takes an OptOut back.
func (s *Sender) OptIn(ctx context.Context, channel tracker.Channel, sender, address string) error {
	key := SuppressionKey(channel, sender, tracker.BlindAddress(s.keys, channel, address))
	suppression, err := tracker.Load[tracker.Suppression](ctx, s.store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	write, err := tracker.Encode(suppression)
	if err != nil {
		return err
	}
	write.Delete = true
	return ignoreConflict(tracker.ErrorOf(s.store.Apply(ctx, []tracker.Write{write})))
}
