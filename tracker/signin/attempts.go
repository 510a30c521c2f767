package signin

import (
	"context"
	"errors"
	"time"

	"waybill/tracker"
)

// Guessing is slowed per account and place: the fifth wrong try in a row from one network has to wait, each further one
// twice as long. Others, elsewhere, do not wait for it; nor does who signed in before in the same browser, who is counted
// by a mark that the browser keeps. So nobody can be locked out by somebody else's guesses.
const (
	freeTries   = 5
	firstDelay  = 15 * time.Second
	longestWait = time.Hour
	// forgottenAfter is when tries are forgotten.
	forgottenAfter = 24 * time.Hour
	// chargeTries is how often a try is counted anew that lost a race.
	chargeTries = 5
)

// WaitError says that it is too early to try again.
type WaitError struct{ For time.Duration }

func (e *WaitError) Error() string { return "too many wrong tries; wait " + e.For.String() }

// delayAfter is how long to wait after so many tries.
func delayAfter(tries int) time.Duration {
	if tries < freeTries {
		return 0
	}
	return min(firstDelay<<min(tries-freeTries, 10), longestWait)
}

// charge counts a try before it is made, so that many at once are no more than one after the other. settle undoes it
// after a right one.
func (d *Desk) charge(ctx context.Context, place string) (key string, err error) {
	key = d.Keys.Blind("attempt", place)
	for range chargeTries {
		now := d.Now().UTC()
		a, err := tracker.Load[tracker.Attempt](ctx, d.Store, key)
		switch {
		case errors.Is(err, tracker.ErrNotFound):
			a = &tracker.Attempt{Key: key, First: now}
		case err != nil:
			return key, err
		case now.Sub(a.Last) > forgottenAfter:
			a.Count = 0
		}
		if wait := a.Last.Add(delayAfter(a.Count)).Sub(now); wait > 0 && a.Count > 0 {
			return key, &WaitError{wait}
		}
		a.Count, a.Last = a.Count+1, now
		if err = tracker.Save(ctx, d.Store, a); !errors.Is(err, tracker.ErrConflict) {
			return key, err
		}
	}
	return key, &WaitError{time.Second}
}

func (d *Desk) settle(ctx context.Context, key string) error {
	a, err := tracker.Load[tracker.Attempt](ctx, d.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err = d.erase(ctx, a); errors.Is(err, tracker.ErrConflict) {
		return nil // another try was counted meanwhile, which stays
	}
	return err
}

// devicePurpose names the signature of a browser's mark.
const devicePurpose = "signin device"

// Mark makes the mark that a browser keeps in which the user signed in.
func (d *Desk) Mark(user string) string {
	id := tracker.NewSecret()[:16]
	return id + "." + d.Keys.Sign(devicePurpose, user+"/"+id)
}

// knownDevice gives the id of the mark, empty for one that is not of this user's.
func (d *Desk) knownDevice(user, mark string) string {
	const idLength = 16
	if user == "" || len(mark) < idLength+1 || !d.Keys.Verify(devicePurpose, user+"/"+mark[:idLength], mark[idLength+1:]) {
		return ""
	}
	return mark[:idLength]
}
