package allocate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"waybill/tracker"
)

// ErrFull says that nothing more can be given out on the day.
var ErrFull = errors.New("the carrier takes nothing more that day")

// tries is how often a row is read anew when somebody else wrote it meanwhile.
const tries = 100

// Room is what is known of a carrier's capacity at a facility; without one of its own that of the whole carrier. nil is
// without a bound.
func Room(ctx context.Context, store tracker.Store, tenant, carrier, facility string) (*tracker.Capacity, error) {
	for _, place := range []string{facility, ""} {
		c, err := tracker.Load[tracker.Capacity](ctx, store, tracker.CapacityKey(tenant, carrier, place))
		if err == nil || !errors.Is(err, tracker.ErrNotFound) {
			return c, err
		}
	}
	return nil, nil //nolint:nilnil // without a bound
}

// Take gives out one place of the day, ErrFull where there is none. Days that are over are forgotten.
func Take(ctx context.Context, store tracker.Store, key, day string, now time.Time) (left int, err error) {
	for range tries {
		c, err := tracker.Load[tracker.Capacity](ctx, store, key)
		if err != nil {
			return 0, err
		}
		if c.Left(day) == 0 {
			return 0, ErrFull
		}
		yesterday := now.AddDate(0, 0, -1).Format(time.DateOnly)
		maps.DeleteFunc(c.Taken, func(of string, _ int) bool { return of < yesterday })
		if c.Taken == nil {
			c.Taken = map[string]int{}
		}
		c.Taken[day]++
		if err := tracker.Save(ctx, store, c); !errors.Is(err, tracker.ErrConflict) {
			return c.Left(day), err
		}
	}
	return 0, fmt.Errorf("capacity %s: written by others %d times in a row: %w", key, tries, tracker.ErrConflict)
}
