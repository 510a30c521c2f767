// Package pull asks carriers about tracking numbers, for those that are asked and do not tell by themselves. How each
// is asked is data: the section `pull:` of its carrier.yaml (package rule). When a number is asked about again is a
// Policy. What comes back goes the way of every payload: receipt, adapter, leg.
package pull

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"waybill/adapters/pull/rule"
	"waybill/tracker"
)

// Asker asks carriers. It is safe for concurrent use.
type Asker struct {
	options Options

	mu       sync.Mutex
	tokens   map[string]*token
	breakers map[string]*gobreaker.CircuitBreaker[*answer]
}

// Options are what an Asker needs.
type Options struct {
	// Client makes the calls. It bounds their time and what is read of a reply (see package dial).
	Client *http.Client
	// Rule gives the rule of a carrier, nil for one that is not asked.
	Rule func(carrier string) *rule.Rule
	// Reader reads replies, to tell whether the carrier knows the number.
	Reader tracker.Reader
	// Throttle holds calls back, for all workers together.
	Throttle *Throttle
	// OpenFor is how long an account that failed FailuresMost times in a row is left alone; 0 is a minute.
	OpenFor time.Duration
	Now     func() time.Time
	Log     *slog.Logger
}

const (
	defaultOpenFor = time.Minute
	// FailuresMost is after how many failures in a row an account is left alone for a while.
	FailuresMost = 5
	// MaxReply is how many bytes of a reply are read; a longer one is malformed. The client must let one more through.
	MaxReply = 4 << 20
)

// NewAsker makes an Asker.
func NewAsker(o Options) *Asker {
	if o.OpenFor == 0 {
		o.OpenFor = defaultOpenFor
	}
	return &Asker{options: o, tokens: map[string]*token{}, breakers: map[string]*gobreaker.CircuitBreaker[*answer]{}}
}

// Verdict is what a reply amounts to.
type Verdict string

// The verdicts: the carrier told of the parcel; it does not know the number; it answered by another error; its reply
// could not be read.
const (
	Answered   Verdict = "answered"
	Unknown    Verdict = "unknown"
	Refused    Verdict = "refused"
	Unreadable Verdict = "unreadable"
)

// Reply is what a carrier said about one number.
type Reply struct {
	Number      string
	Verdict     Verdict
	Body        []byte
	ContentType string
	// Digest is the same for replies that tell the same, byte for byte but for what the rule calls volatile.
	Digest [sha256.Size]byte
	// Latest is the moment of the latest scan it tells of; zero where there is none.
	Latest time.Time
}

// Most is how many numbers a carrier may be asked about at once; 0 for one that is not asked.
func (a *Asker) Most(carrier string) int {
	if r := a.options.Rule(carrier); r != nil {
		return r.Batch.Most()
	}
	return 0
}

// Spacing is how far apart an account's calls are where it has much to ask.
func (a *Asker) Spacing(account *Account) time.Duration {
	r := a.options.Rule(account.Carrier)
	if r == nil {
		return 0
	}
	var longest time.Duration
	for _, rate := range account.rates(r) {
		longest = max(longest, time.Duration(rate.Per)/time.Duration(rate.Calls))
	}
	return longest
}

// Ask asks about up to Most numbers of the account's carrier, and gives a reply for each. An error is an *Error: then
// nothing is known of any.
func (a *Asker) Ask(ctx context.Context, account *Account, numbers []string) ([]Reply, error) {
	r := a.options.Rule(account.Carrier)
	if r == nil {
		return nil, account.fail(Misused, "the carrier has no rule by which it is asked")
	}
	if len(numbers) == 0 || len(numbers) > r.Batch.Most() {
		return nil, account.fail(Misused, "it is asked about 1 to %d numbers at once, not %d", r.Batch.Most(), len(numbers))
	}
	if wait := a.options.Throttle.Take(ctx, account.Key(), account.rates(r)); wait > 0 {
		return nil, account.fail(Held, "its calls are spaced").after(wait)
	}
	got, err := a.breaker(account).Execute(func() (*answer, error) { return a.call(ctx, account, r, numbers) })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return nil, account.fail(Held, "it failed %d times in a row and is left alone", FailuresMost).after(a.options.OpenFor)
	}
	if err != nil {
		return nil, err
	}
	return a.replies(account, r, numbers, got), nil
}

// breaker is the account's circuit breaker.
func (a *Asker) breaker(account *Account) *gobreaker.CircuitBreaker[*answer] {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := account.Key()
	if b := a.breakers[key]; b != nil {
		return b
	}
	b := gobreaker.NewCircuitBreaker[*answer](gobreaker.Settings{
		Name: key, Timeout: a.options.OpenFor,
		ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= FailuresMost },
		// A limit is no fault of the carrier, and has a pause of its own; nor is a call that our own end cut short.
		IsSuccessful: func(err error) bool {
			return err == nil || slices.Contains([]Kind{RateLimited, Misused}, KindOf(err)) || errors.Is(err, context.Canceled)
		},
		OnStateChange: func(name string, from, to gobreaker.State) {
			a.options.Log.Warn("asking a carrier", "account", name, "was", from.String(), "is", to.String())
		},
	})
	a.breakers[key] = b
	return b
}
