package tracker

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"waybill/tracker/seal"
)

// Feed tells other processes, and the pages that watch, which records changed: keys of legs, ids of shipments.
// It carries no content. Publish returns at once and loses what it cannot tell: readers check versions.
type Feed interface {
	Publish(keys ...string)
}

// Observer is told what was read, for metrics and for the drift of carriers' formats.
type Observer interface {
	Read(receipt *Receipt, reading *Reading)
}

// Ingest takes receipts in: it keeps them, has them read, and brings what they tell onto their legs.
type Ingest struct {
	store   Store
	reader  Reader
	keys    *seal.Keys
	feed    Feed
	observe Observer
	now     func() time.Time
	log     *slog.Logger
	ackWait time.Duration

	receipts *batcher[*Receipt]
	legs     *batcher[legChange]

	settling sync.WaitGroup
	mu       sync.Mutex
	settled  []Due
	flush    *time.Timer
}

// IngestOptions are what an Ingest needs.
type IngestOptions struct {
	Store    Store
	Reader   Reader
	Keys     *seal.Keys
	Feed     Feed
	Observer Observer
	Now      func() time.Time
	Log      *slog.Logger
	// AckWait is how long after a receipt is durable the answer waits for its legs; 0 is 250 ms.
	AckWait time.Duration
}

const (
	defaultAckWait = 250 * time.Millisecond
	// sweepAfter is when a receipt that was not settled by the request that brought it is taken up by a worker.
	sweepAfter = 30 * time.Second
	// settledEvery is how long settled receipts gather before the store is told, in one commit.
	settledEvery = time.Second
	batchMost    = 512
)

// NewIngest makes an Ingest. Close it to have everything in hand finished.
func NewIngest(o IngestOptions) *Ingest {
	if o.AckWait == 0 {
		o.AckWait = defaultAckWait
	}
	in := &Ingest{
		store: o.Store, reader: o.Reader, keys: o.Keys, feed: o.Feed, observe: o.Observer, now: o.Now, log: o.Log,
		ackWait: o.AckWait,
	}
	in.receipts = newBatcher(batchMost, in.keep)
	in.legs = newBatcher(batchMost, in.changeLegs)
	return in
}

// Outcome is what became of a receipt.
type Outcome struct {
	// Receipt is its id.
	Receipt string
	// Settled: its legs are written. Otherwise they will be in a moment; nothing can be lost either way.
	Settled bool
	// Shipments and Events count what was read, Known the codes that were not.
	Shipments, Events int
	UnknownCodes      []string
	// Quarantine is why nothing could be read of it; it is kept and shown to operators.
	Quarantine string
	// Faults are parts that could not be read.
	Faults []Fault
	// Errors are the carrier's own error answers in the payload.
	Errors []ReadError
}

// Accept takes a receipt in. Without an error it is durable, and nothing that it tells is lost (rule 1). An error
// is ErrUnavailable where the store could not commit: then nothing was taken in and the sender must try again.
// Of the receipt the caller gives Source, Carrier, Account, Body and what else it knows.
func (in *Ingest) Accept(ctx context.Context, receipt *Receipt) (Outcome, error) {
	if err := in.prepare(receipt); err != nil {
		return Outcome{}, err
	}
	if err := in.receipts.do(ctx, receipt); err != nil {
		return Outcome{}, fmt.Errorf("keep receipt: %w", err)
	}
	receipt.version = 1
	outcome, pending := in.begin(ctx, receipt)
	if len(pending) == 0 {
		return outcome, nil
	}
	done := make(chan bool, 1)
	in.settling.Go(func() { done <- in.finish(receipt, pending) })
	patience := time.NewTimer(in.ackWait)
	defer patience.Stop()
	select {
	case outcome.Settled = <-done:
	case <-patience.C:
	}
	return outcome, nil
}

// Settle reads a kept receipt again and brings it onto its legs: the sweep for what a crash left half-way.
func (in *Ingest) Settle(ctx context.Context, receipt *Receipt) error {
	if err := in.OpenReceipt(receipt); err != nil {
		return err
	}
	_, pending := in.begin(ctx, receipt)
	if !in.finish(receipt, pending) {
		return fmt.Errorf("receipt %s could not be settled; it will be tried again", receipt.ID)
	}
	return ctx.Err()
}

// OpenReceipt puts the body of a kept receipt into its Body.
func (in *Ingest) OpenReceipt(receipt *Receipt) error {
	packed, err := in.keys.OpenEnvelope(receipt.Sealed, "receipt:"+receipt.ID)
	if err != nil {
		return fmt.Errorf("open receipt %s: %w", receipt.ID, err)
	}
	if receipt.Body, err = expander.DecodeAll(packed, nil); err != nil {
		return fmt.Errorf("expand receipt %s: %w", receipt.ID, err)
	}
	return nil
}

// Close finishes what is in hand: no receipt is taken in any more, legs in work are written, settled receipts noted.
func (in *Ingest) Close() {
	in.receipts.close()
	in.settling.Wait()
	in.legs.close()
	in.flushSettled()
}

// begin reads a receipt and hands what it tells to its legs.
func (in *Ingest) begin(ctx context.Context, receipt *Receipt) (Outcome, []<-chan error) {
	reading := in.reader.Read(receipt)
	in.observe.Read(receipt, &reading)
	outcome := Outcome{
		Receipt: receipt.ID, Shipments: len(reading.Shipments), UnknownCodes: reading.UnknownCodes,
		Faults: reading.Faults, Errors: reading.Errors,
	}
	if len(reading.Shipments) == 0 && len(reading.Errors) == 0 {
		outcome.Quarantine = quarantineReason(&reading)
		outcome.Settled = in.quarantine(ctx, receipt, outcome.Quarantine)
		return outcome, nil
	}
	var pending []<-chan error
	for key, shipment := range byLeg(&reading) {
		outcome.Events += len(shipment.Events)
		pending = append(pending, in.legs.put(legChange{key: key, receipt: receipt, read: shipment}))
	}
	if len(pending) == 0 {
		in.noteSettled(receipt.ID)
		outcome.Settled = true
	}
	return outcome, pending
}

// finish waits for the legs of a receipt and notes it as settled when all are written.
func (in *Ingest) finish(receipt *Receipt, pending []<-chan error) bool {
	ok := true
	for _, answer := range pending {
		if err := <-answer; err != nil {
			in.log.Error("a leg could not be written; the sweep will try again", "receipt", receipt.ID, "error", err)
			ok = false
		}
	}
	if ok {
		in.noteSettled(receipt.ID)
	}
	return ok
}
