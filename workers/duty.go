package workers

import (
	"context"
	"time"

	"waybill/tracker"
)

// duty is one kind of work: the table whose due rows call for it, how often to look, and what to do about a row.
type duty struct {
	kind  string
	table tracker.Table
	every time.Duration
	// announced duties are also looked at whenever something is published.
	announced bool
	// queues says, for rows that were claimed, into which queue each belongs.
	queues func(ctx context.Context, rows []tracker.Row) ([]string, error)
	// work does what is to be done about a key, and leaves the row due where it could not.
	work func(ctx context.Context, key string) error

	nudge chan struct{}
}

// The kinds of work, as tasks, metrics and dead tasks name them.
const (
	kindFollow = "follow"
	kindOrder  = "order"
	kindSend   = "send"
	kindLook   = "look"
	kindSettle = "settle"
	kindRound  = "round"

	kindWebhook      = "webhook"
	kindWebhookRetry = "webhook_retry"
	// kindDisrupt tells shipments of disruptions.
	kindDisrupt = "disrupt"
	// kindCase tells of cases.
	kindCase = "case"
	// kindReplay reads a carrier's payloads again.
	kindReplay = "replay"
	// kindStay looks at stays at pickup points whose time has come, kindPoint at points that cannot take what they should.
	kindStay  = "stay"
	kindPoint = "point"
	// kindReturn makes and tells what follows from returns.
	kindReturn = "return"
	// kindAllocate asks anew who should carry parcels that nobody has yet.
	kindAllocate = "allocate"
)

func (w *Workers) makeDuties() []*duty {
	duties := []*duty{
		{kind: kindFollow, table: tracker.Legs, every: w.RelayInterval, announced: true, queues: w.queuesOfLegs, work: w.follow},
		{kind: kindOrder, table: tracker.Orders, every: w.RelayInterval, announced: true, queues: unsorted, work: w.order},
		{kind: kindSend, table: tracker.Messages, every: w.RelayInterval, announced: true, queues: queuesOfMessages, work: w.send},
		{kind: kindLook, table: tracker.Shipments, every: w.TimerInterval, queues: queuesOfShipments, work: w.look},
		{kind: kindSettle, table: tracker.Receipts, every: w.SweepInterval, queues: unsorted, work: w.settle},
		{kind: kindRound, table: tracker.Routes, every: w.RelayInterval, announced: true, queues: unsorted, work: w.round},
		{kind: kindWebhook, table: tracker.Webhooks, every: w.RelayInterval, announced: true, queues: unsorted, work: w.serve},
		{kind: kindWebhookRetry, table: tracker.WebhookDeliveries, every: w.RelayInterval, queues: unsorted, work: w.retry},
		{kind: kindDisrupt, table: tracker.Disruptions, every: w.TimerInterval, queues: unsorted, work: w.disrupt},
		{kind: kindCase, table: tracker.Cases, every: w.TimerInterval, queues: unsorted, work: w.tellCase},
		{kind: kindReplay, table: tracker.Replays, every: w.TimerInterval, queues: unsorted, work: w.replay},
		{kind: kindStay, table: tracker.PickupStays, every: w.TimerInterval, queues: unsorted, work: w.Pickups.Look},
		{kind: kindPoint, table: tracker.PickupPoints, every: w.TimerInterval, queues: unsorted, work: w.Pickups.Relieve},
		{kind: kindReturn, table: tracker.Returns, every: w.TimerInterval, queues: unsorted, work: w.tellReturn},
		{kind: kindAllocate, table: tracker.Allocations, every: w.TimerInterval, queues: unsorted, work: w.allocateAgain},
	}
	for _, d := range duties {
		d.nudge = make(chan struct{}, 1)
	}
	return duties
}

// tableOf is the table whose rows a kind of work is about.
func tableOf(kind string) (tracker.Table, bool) {
	table, ok := map[string]tracker.Table{
		kindFollow: tracker.Legs, kindOrder: tracker.Orders, kindSend: tracker.Messages,
		kindLook: tracker.Shipments, kindSettle: tracker.Receipts,
		kindRound:   tracker.Routes,
		kindWebhook: tracker.Webhooks, kindWebhookRetry: tracker.WebhookDeliveries,
		kindDisrupt: tracker.Disruptions,
		kindCase:    tracker.Cases,
		kindReplay:  tracker.Replays,
		kindStay:    tracker.PickupStays, kindPoint: tracker.PickupPoints,
		kindReturn:   tracker.Returns,
		kindAllocate: tracker.Allocations,
	}[kind]
	return table, ok
}

// announce has all announced duties looked at, soon and once.
func (w *Workers) announce([]string) {
	for _, d := range w.duties {
		if d.announced {
			select {
			case d.nudge <- struct{}{}:
			default:
			}
		}
	}
}
