package proofs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gocloud.dev/gcerrors"

	"waybill/tracker"
)

// Purge removes at most so many of the pictures that were brought before a moment, the oldest first, and says how many there
// were. The bytes go first: after a crash the record still says what is left to remove.
func (d *Desk) Purge(ctx context.Context, before time.Time, most int) (int, error) {
	rows, err := d.Store.Search(ctx, tracker.Proofs, "", nil, tracker.Page{Limit: most, Oldest: true})
	if err != nil {
		return 0, fmt.Errorf("look for old pictures: %w", err)
	}
	files, err := tracker.DecodeAll[tracker.ProofFile](rows)
	if err != nil {
		return 0, err
	}
	writes := make([]tracker.Write, 0, len(files))
	for _, file := range files {
		if !file.At.Before(before) {
			break
		}
		if err := d.Bucket.Delete(ctx, file.ID); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return 0, fmt.Errorf("remove picture %s: %w", file.ID, err)
		}
		write, err := tracker.Encode(file)
		if err != nil {
			return 0, err
		}
		write.Delete = true
		writes = append(writes, write)
	}
	if len(writes) == 0 {
		return 0, nil
	}
	failures, err := d.Store.Apply(ctx, writes)
	for _, failure := range failures {
		if errors.Is(failure, tracker.ErrConflict) {
			failure = nil // another process removed it
		}
		err = errors.Join(err, failure)
	}
	return len(writes), err
}
