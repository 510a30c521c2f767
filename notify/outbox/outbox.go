// Package outbox is the channel of the demo: messages are kept for a page to show, and nothing leaves the machine.
package outbox

import (
	"context"
	"slices"
	"sync"
	"time"

	"waybill/notify"
	"waybill/tracker"
)

// Kept is a message as it would have been sent.
type Kept struct {
	ID      string
	Channel tracker.Channel
	// To is the address in the clear: an outbox is for invented people.
	To      string
	From    string
	At      time.Time
	Content notify.Content
	// Shipment is the tracking ID.
	Shipment string
}

// Outbox keeps the latest messages of all channels.
type Outbox struct {
	now  func() time.Time
	most int

	mu   sync.Mutex
	kept []Kept // the oldest first
}

// New makes an Outbox of at most so many messages; older ones fall out.
func New(most int, now func() time.Time) *Outbox { return &Outbox{now: now, most: max(most, 1)} }

// Channel is the outbox as one of the channels.
func (o *Outbox) Channel(kind tracker.Channel) notify.Channel { return &channel{outbox: o, kind: kind} }

// List gives the messages, the newest first.
func (o *Outbox) List() []Kept {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := slices.Clone(o.kept)
	slices.Reverse(list)
	return list
}

// Get finds a message by its id.
func (o *Outbox) Get(id string) (Kept, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if i := slices.IndexFunc(o.kept, func(k Kept) bool { return k.ID == id }); i >= 0 {
		return o.kept[i], true
	}
	return Kept{}, false
}

type channel struct {
	outbox *Outbox
	kind   tracker.Channel
}

// Send keeps a message; one that is there already is replaced, as a resend.
func (c *channel) Send(ctx context.Context, e notify.Envelope) (notify.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return notify.Receipt{}, &notify.Failure{Verdict: notify.Retry, What: "stopped before the message was put into the outbox", Cause: err}
	}
	if e.To == "" {
		return notify.Receipt{}, &notify.Failure{Verdict: notify.Permanent, What: "the message has no address", Code: "address"}
	}
	o := c.outbox
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = slices.DeleteFunc(o.kept, func(k Kept) bool { return k.ID == e.ID })
	if len(o.kept) == o.most {
		o.kept = slices.Delete(o.kept, 0, 1)
	}
	o.kept = append(o.kept, Kept{
		ID: e.ID, Channel: c.kind, To: e.To, From: e.From, At: o.now(), Content: e.Content, Shipment: e.Topic,
	})
	return notify.Receipt{ProviderID: "outbox-" + e.ID}, nil
}

// Sender is empty: the outbox has no sender of its own.
func (c *channel) Sender() string { return "" }
