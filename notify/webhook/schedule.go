package webhook

import (
	"time"
)

// schedule is after how long since the one before each attempt is made (Standard Webhooks, "Deliverability and
// reliability").
var schedule = [...]time.Duration{
	0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour,
	20 * time.Hour, 24 * time.Hour,
}

// jitter is by how much of itself a wait is lengthened at most, so that what failed together does not come back together.
const jitter = 0.1

// nextTry is after how long the next attempt is made when tries were made already; false where that was the last.
// after is how long the endpoint asked to wait, at most a day; random is from 0 to 1.
func nextTry(tries int, after time.Duration, random float64) (wait time.Duration, more bool) {
	if tries >= len(schedule) {
		return 0, false
	}
	wait = schedule[tries]
	wait += time.Duration(float64(wait) * jitter * random)
	return max(wait, after), true
}
