package inbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"waybill/adapters/formats/edifact"
	"waybill/adapters/formats/x12"
)

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
	n, _, err := b.once.TakeIn(ctx, f.carrier, f.account, body)
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

// acknowledge writes the 997 of a 214, or the CONTRL of an IFTSTA that asks for one, for the gateway to send back. It is
// numbered by the second, and written again alike after a crash.
func (b *Inbox) acknowledge(f file, body []byte) error {
	var answer []byte
	var kind string
	var err error
	switch {
	case f.carrier == x12.Carrier:
		kind = ".997"
		answer, err = x12.Acknowledge(body, x12.ControlAt(b.Now()), b.Now())
	case f.carrier == edifact.Carrier && edifact.Asked(body):
		kind = ".contrl"
		answer, err = edifact.Acknowledge(body, b.Now().Unix(), b.Now())
	default:
		return nil
	}
	if errors.Is(err, x12.ErrNothingToAcknowledge) || errors.Is(err, edifact.ErrNothingToAcknowledge) {
		return nil
	}
	if err != nil {
		return err
	}
	return place(filepath.Join(filepath.Dir(f.path), outFolder, filepath.Base(f.path)+kind), answer)
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
