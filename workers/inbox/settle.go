package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"waybill/adapters/formats/x12"
	"waybill/tracker"
)

// note is what the store keeps of a file, under its content's hash.
type note struct {
	// Receipt is empty until the file was taken in.
	Receipt string `json:"receipt,omitempty"`
	// Quarantine is why nothing could be read of it.
	Quarantine string `json:"quarantine,omitempty"`
}

// settle takes a file in and moves it away.
func (b *Inbox) settle(ctx context.Context, f file) error {
	if f.size > b.MaxFile {
		return b.refuse(f, fmt.Sprintf("It has %d bytes; at most %d are taken in (ingest.max_body). Split it and put the parts here again.",
			f.size, b.MaxFile))
	}
	body, err := os.ReadFile(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if f.carrier == "" {
		f.carrier, _ = b.Recognise(body)
	}
	switch {
	case f.carrier == "":
		return b.refuse(f, "Its format is not recognised. Put it into the folder of its carrier, by code: waybill adapters list.")
	case !b.Known(f.carrier):
		return b.refuse(f, fmt.Sprintf("No carrier has the code %q, by which this folder is named. waybill adapters list shows those that are.", f.carrier))
	}
	n, err := b.takeIn(ctx, f, body)
	if err != nil {
		return err
	}
	if n.Quarantine != "" {
		return b.refuse(f, "Nothing could be read: "+n.Quarantine+"\nIt is kept as receipt "+n.Receipt+
			" and read again when the mapping is mended. Do not put it here again.")
	}
	if err := b.acknowledge(f, body); err != nil {
		return err
	}
	b.Log.Info("a file was taken in", "file", f.path, "carrier", f.carrier, "account", f.account, "receipt", n.Receipt)
	return move(f.path, doneFolder)
}

// takeIn makes the file's receipt, unless there is one already.
func (b *Inbox) takeIn(ctx context.Context, f file, body []byte) (note, error) {
	sum := sha256.Sum256(body)
	request := "inbox:" + hex.EncodeToString(sum[:])
	row := tracker.Row{Key: request + ":" + f.carrier + "/" + f.account, Order: b.Now().UnixMilli()}
	var n note
	known, err := b.Store.Get(ctx, tracker.Idempotency, row.Key)
	if err != nil {
		return n, fmt.Errorf("look for the note of the file: %w", err)
	}
	if len(known) == 0 {
		if err := b.write(ctx, &row, n); err != nil {
			return n, err
		}
	} else {
		row.Version = known[0].Version
		if err := json.Unmarshal(known[0].Doc, &n); err != nil {
			return n, fmt.Errorf("read the note of the file: %w", err)
		}
		if n.Receipt != "" {
			return n, nil
		}
		if n, err = b.earlier(ctx, f, request); err != nil {
			return n, err
		}
	}
	if n.Receipt == "" {
		outcome, err := b.Ingest.Accept(ctx, &tracker.Receipt{
			Source: tracker.FromUpload, Carrier: f.carrier, Account: f.account, Body: body, Request: request,
		})
		if err != nil {
			return n, err
		}
		n = note{Receipt: outcome.Receipt, Quarantine: outcome.Quarantine}
	}
	return n, b.write(ctx, &row, n)
}

// earlier finds the receipt of a file whose taking in a crash cut off.
func (b *Inbox) earlier(ctx context.Context, f file, request string) (note, error) {
	receipts, err := tracker.LoadList[tracker.Receipt](ctx, b.Store, tracker.ListOfAccount(f.carrier, f.account), tracker.Page{Limit: 500})
	if err != nil {
		return note{}, err
	}
	for _, r := range receipts {
		if r.Request == request {
			return note{Receipt: r.ID, Quarantine: r.Quarantine}, nil
		}
	}
	return note{}, nil
}

func (b *Inbox) write(ctx context.Context, row *tracker.Row, n note) error {
	doc, err := json.Marshal(n)
	if err != nil {
		return err
	}
	row.Doc = doc
	if err := tracker.ErrorOf(b.Store.Apply(ctx, []tracker.Write{{Table: tracker.Idempotency, Row: *row}})); err != nil {
		return fmt.Errorf("note the file: %w", err)
	}
	row.Version++
	return nil
}

// acknowledge writes the 997 of a 214 for the gateway to send back. It is numbered by the second, and written again
// alike after a crash.
func (b *Inbox) acknowledge(f file, body []byte) error {
	if f.carrier != x12.Carrier {
		return nil
	}
	answer, err := x12.Acknowledge(body, x12.ControlAt(b.Now()), b.Now())
	if errors.Is(err, x12.ErrNothingToAcknowledge) {
		return nil
	}
	if err != nil {
		return err
	}
	return place(filepath.Join(filepath.Dir(f.path), outFolder, filepath.Base(f.path)+".997"), answer)
}

// refuse puts a file into failed/ and its reason beside it, the reason first.
func (b *Inbox) refuse(f file, reason string) error {
	b.Log.Warn("a file in the inbox was not taken in", "file", f.path, "reason", reason)
	beside := filepath.Join(filepath.Dir(f.path), failedFolder, filepath.Base(f.path)+".reason.txt")
	if err := place(beside, []byte(reason+"\n")); err != nil {
		return err
	}
	return move(f.path, failedFolder)
}

// place writes a file so that it is seen whole or not at all.
func place(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	partial := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	if err := os.WriteFile(partial, content, 0o600); err != nil { //nolint:gosec // below the operator's folder, by a name read from it
		return err
	}
	return os.Rename(partial, path)
}

// move puts a file into a folder beside it. One of the same name that is there already stays, under a name with its time.
func move(path, folder string) error {
	to := filepath.Join(filepath.Dir(path), folder, filepath.Base(path))
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	if info, err := os.Stat(to); err == nil {
		if err := os.Rename(to, to+"."+info.ModTime().UTC().Format("20060102T150405.000000000")); err != nil {
			return err
		}
	}
	return os.Rename(path, to)
}
