package webhook

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"waybill/notify"
	"waybill/notify/webhook/easypost"
	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/words"
)

// Observer is told of every attempt, for metrics. outcome is "delivered", "retrying", "failed", or "pending" where the
// endpoint said that it is gone; code the response's status, or in a word why none came. lag is the time from the
// receipt that caused the event to its first attempt; 0 for every other.
type Observer interface {
	Attempted(outcome, code string, took, lag time.Duration)
}

// Options are what an Office needs.
type Options struct {
	Store  tracker.Store
	Keys   *seal.Keys
	Poster Poster
	// Mail tells owners that an endpoint was disabled; nil where no e-mail is set up.
	Mail notify.Channel
	// PublicURL is the base of the links in payloads.
	PublicURL string
	// Slots is how many attempts are under way at once, over all endpoints; 0 is 512.
	Slots    int
	Observer Observer
	Now      func() time.Time
	// Random is from 0 to 1, for jitter.
	Random func() float64
	Log    *slog.Logger
}

const (
	defaultSlots = 512
	// doubtfulShare is the part of the slots that endpoints whose last attempt failed have among them, so that however
	// many hang, the others go on.
	doubtfulShare = 4
)

// Office sends deliveries. Each endpoint is served on its own, so that none waits for another; what is to be done and
// when stands in the store. Several processes may have one: a delivery is taken by compare-and-set before it is sent.
type Office struct {
	Options

	bodies bodies
	// slots are for all, doubtful for endpoints whose last attempt failed.
	slots, doubtful *semaphore.Weighted

	mu      sync.Mutex
	serving map[string]*service
	health  map[string]*health
	closed  bool
	running sync.WaitGroup
	// working ends when the office closes: nothing new is taken up then, what is in hand is finished.
	working context.Context //nolint:containedctx // services outlive the call that begins them
	stop    context.CancelFunc
}

// service is an endpoint being served; again asks for another look once it ends.
type service struct{ again bool }

// NewOffice makes an Office. The caller closes it.
func NewOffice(o Options) (*Office, error) {
	easyPost, err := easypost.NewWriter(o.PublicURL)
	if err != nil {
		return nil, err
	}
	if o.Slots == 0 {
		o.Slots = defaultSlots
	}
	office := &Office{
		Options: o, serving: map[string]*service{}, health: map[string]*health{},
		slots:    semaphore.NewWeighted(int64(o.Slots)),
		doubtful: semaphore.NewWeighted(int64(max(1, o.Slots/doubtfulShare))),
		bodies: bodies{
			writer:   writer{publicURL: o.PublicURL, english: words.For("en")},
			easyPost: easyPost,
		},
	}
	office.working, office.stop = context.WithCancel(context.Background())
	return office, nil
}

// Close takes nothing new up and waits for what is in hand: no longer than an endpoint may take to answer.
func (o *Office) Close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.stop()
	o.running.Wait()
}

// Look serves an endpoint that has something due, by its id. It returns at once: an endpoint that hangs holds up nobody.
func (o *Office) Look(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return // it falls due again when its claim runs out
	}
	if s, ok := o.serving[id]; ok {
		s.again = true
		return
	}
	o.serving[id] = &service{}
	o.running.Go(func() { o.serve(id) })
}

// serve sends what an endpoint has in line, round by round, until there is nothing left to do now.
func (o *Office) serve(id string) {
	for {
		more, err := o.round(o.working, id)
		if err != nil && o.working.Err() == nil {
			o.Log.Warn("webhooks of an endpoint wait; it is looked at again when its claim runs out", "endpoint", id, "error", err)
		}
		if o.ends(id, more && err == nil) {
			return
		}
	}
}

// ends takes an endpoint off those that are served, where it is done.
func (o *Office) ends(id string, more bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.serving[id]
	if !o.closed && (more || s.again) {
		s.again = false
		return false
	}
	delete(o.serving, id)
	return true
}

// PutBack puts a delivery in line whose time has come: for its next attempt, or since whoever was sending it died. Sent
// twice it bears the same id.
func (o *Office) PutBack(ctx context.Context, key string) error {
	d, err := tracker.Load[tracker.WebhookDelivery](ctx, o.Store, key)
	if errors.Is(err, tracker.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if d.State != tracker.WebhookRetrying && d.State != tracker.WebhookSending || d.NextAt.After(o.Now()) {
		return nil
	}
	d.PutInLine()
	if err := tracker.Save(ctx, o.Store, d); err != nil {
		return ignoreConflict(err)
	}
	return Wake(ctx, o.Store, o.Now(), d.Endpoint)
}

// Wake has endpoints looked at: something stands in their lines.
func Wake(ctx context.Context, store tracker.Store, now time.Time, endpoints ...string) error {
	return reschedule(ctx, store, now, endpoints...)
}

func reschedule(ctx context.Context, store tracker.Store, at time.Time, endpoints ...string) error {
	dues := make([]tracker.Due, len(endpoints))
	for i, id := range endpoints {
		dues[i].Key = id
		if !at.IsZero() {
			dues[i].At = at.UnixMilli()
		}
	}
	return store.Reschedule(ctx, tracker.Webhooks, dues)
}

// ignoreConflict: whoever wrote the record meanwhile sees to it.
func ignoreConflict(err error) error {
	if errors.Is(err, tracker.ErrConflict) {
		return nil
	}
	return err
}
