package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"waybill/tracker"
)

// Once takes files in so that each content is settled once, even over a crash: its hash is noted in the store before it is
// taken in and its receipt afterwards; a note without a receipt has the account's receipts asked. Notes are kept for as long
// as the answers to repeated requests. It is safe for concurrent use.
type Once struct {
	Store  tracker.Store
	Ingest *tracker.Ingest
	Now    func() time.Time
	// Source is how its receipts came; By is the word before their hashes, which tells one taker from another.
	Source tracker.Source
	By     string
	// busy keeps apart those of this process who bring the same content.
	busy [64]sync.Mutex
}

// Note is what the store keeps of a file, under its content's hash, and so what became of it.
type Note struct {
	// Receipt is empty until the file was taken in.
	Receipt string `json:"receipt,omitempty"`
	// Quarantine is why nothing could be read of it.
	Quarantine string `json:"quarantine,omitempty"`
	// Shipments, Events, Errors and Faults count what was read, the carrier's own error answers and the parts that could not be
	// read; 0 where a crash came between the receipt and its note.
	Shipments int `json:"shipments,omitempty"`
	Events    int `json:"events,omitempty"`
	Errors    int `json:"errors,omitempty"`
	Faults    int `json:"faults,omitempty"`
}

// TakeIn makes the receipt of a file, unless there is one already: then known is true and the note that of the first time.
func (o *Once) TakeIn(ctx context.Context, carrier, account string, body []byte) (n Note, known bool, err error) {
	sum := sha256.Sum256(body)
	lock := &o.busy[int(sum[0])%len(o.busy)]
	lock.Lock()
	defer lock.Unlock()
	request := o.By + ":" + hex.EncodeToString(sum[:])
	row := tracker.Row{Key: request + ":" + carrier + "/" + account, Order: o.Now().UnixMilli()}
	found, err := o.Store.Get(ctx, tracker.Idempotency, row.Key)
	if err != nil {
		return n, false, fmt.Errorf("look for the note of the file: %w", err)
	}
	if len(found) == 0 {
		if err := o.write(ctx, &row, n); err != nil {
			return n, false, err
		}
	} else {
		row.Version = found[0].Version
		if err := json.Unmarshal(found[0].Doc, &n); err != nil {
			return n, false, fmt.Errorf("read the note of the file: %w", err)
		}
		if n.Receipt != "" {
			return n, true, nil
		}
		if n, err = o.earlier(ctx, carrier, account, request); err != nil {
			return n, false, err
		}
		known = n.Receipt != ""
	}
	if !known {
		outcome, err := o.Ingest.Accept(ctx, &tracker.Receipt{
			Source: o.Source, Carrier: carrier, Account: account, Body: body, Request: request,
		})
		if err != nil {
			return n, false, err
		}
		n = Note{
			Receipt: outcome.Receipt, Quarantine: outcome.Quarantine, Shipments: outcome.Shipments, Events: outcome.Events,
			Errors: len(outcome.Errors), Faults: len(outcome.Faults),
		}
	}
	return n, known, o.write(ctx, &row, n)
}

// earlier finds the receipt of a file whose taking in a crash cut off: it is among the account's last ones.
func (o *Once) earlier(ctx context.Context, carrier, account, request string) (Note, error) {
	receipts, err := tracker.LoadList[tracker.Receipt](ctx, o.Store, tracker.ListOfAccount(carrier, account), tracker.Page{Limit: 500})
	if err != nil {
		return Note{}, err
	}
	for _, r := range receipts {
		if r.Request == request {
			return Note{Receipt: r.ID, Quarantine: r.Quarantine}, nil
		}
	}
	return Note{}, nil
}

func (o *Once) write(ctx context.Context, row *tracker.Row, n Note) error {
	doc, err := json.Marshal(n)
	if err != nil {
		return err
	}
	row.Doc = doc
	if err := tracker.ErrorOf(o.Store.Apply(ctx, []tracker.Write{{Table: tracker.Idempotency, Row: *row}})); err != nil {
		return fmt.Errorf("note the file: %w", err)
	}
	row.Version++
	return nil
}
