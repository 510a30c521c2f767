package tracker

import (
	"context"
	"fmt"
	"time"
)

// prepare gives a receipt its id and seals its body.
func (in *Ingest) prepare(receipt *Receipt) error {
	now := in.now()
	receipt.ID, receipt.ReceivedAt = NewID(now), now.UTC()
	receipt.MappingVersion = in.reader.Version(receipt.Carrier)
	receipt.due = dueAt(now.Add(sweepAfter))
	packed := compressor.EncodeAll(receipt.Body, nil)
	sealed, err := in.keys.Envelope(packed, "receipt:"+receipt.ID)
	if err != nil {
		return fmt.Errorf("seal receipt: %w", err)
	}
	receipt.Sealed = sealed
	return nil
}

// keep makes receipts durable, those of many requests in one commit.
func (in *Ingest) keep(ctx context.Context, receipts []*Receipt) []error {
	writes := make([]Write, len(receipts))
	errs := make([]error, len(receipts))
	for i, receipt := range receipts {
		write, err := Encode(receipt)
		if err != nil {
			return repeat(err, len(receipts))
		}
		writes[i] = write
	}
	results, err := in.store.Apply(ctx, writes)
	if err != nil {
		return repeat(err, len(receipts))
	}
	copy(errs, results)
	return errs
}

func quarantineReason(reading *Reading) string {
	if len(reading.Faults) == 0 {
		return "the payload names no shipment"
	}
	first := reading.Faults[0]
	if first.Where == "" {
		return first.What
	}
	return first.Where + ": " + first.What
}

// quarantine marks a receipt of which nothing could be made (rule 4).
func (in *Ingest) quarantine(ctx context.Context, receipt *Receipt, reason string) bool {
	receipt.Quarantine, receipt.due = reason, 0
	// The receipt is acknowledged whether or not the sender still listens.
	if err := Save(context.WithoutCancel(ctx), in.store, receipt); err != nil {
		in.log.Error("a receipt could not be marked as quarantined; the sweep will try again", "receipt", receipt.ID, "error", err)
		return false
	}
	return true
}

// noteSettled takes a receipt off the sweep, together with others that settle in the same second.
func (in *Ingest) noteSettled(id string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.settled = append(in.settled, Due{Key: id})
	if in.flush == nil {
		in.flush = time.AfterFunc(settledEvery, in.flushSettled)
	}
}

func (in *Ingest) flushSettled() {
	in.mu.Lock()
	dues := in.settled
	in.settled = nil
	if in.flush != nil {
		in.flush.Stop()
		in.flush = nil
	}
	in.mu.Unlock()
	if len(dues) == 0 {
		return
	}
	if err := in.store.Reschedule(context.Background(), Receipts, dues); err != nil {
		in.log.Warn("settled receipts could not be noted; the sweep will read them once more", "count", len(dues), "error", err)
	}
}

func repeat(err error, n int) []error {
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}
