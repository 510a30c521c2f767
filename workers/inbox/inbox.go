// Package inbox takes in files that a gateway (AS2, SFTP, a share) leaves in a watched folder.
//
// Below the folder there is one for each carrier, and in it, if there are several, one for each account:
// <carrier>/file or <carrier>/<account>/file. A file that lies in the folder itself is of the carrier that its content
// tells. Beside the files, done/ keeps those that were taken in, failed/ those that could not be, each with its reason in
// a file beside it, and out/ the acknowledgements that the gateway sends back (X12 997, EDIFACT CONTRL).
//
// Each file is settled once, even over a crash (Once). A lease keeps two processes apart that watch the same folder.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/lease"
)

// Folders beside the files, which are no accounts.
const (
	doneFolder   = "done"
	failedFolder = "failed"
	outFolder    = "out"
)

// Options are what an Inbox needs.
type Options struct {
	// Dir is the folder, which must exist.
	Dir    string
	Store  tracker.Store
	Ingest *tracker.Ingest
	// Recognise finds the carrier of a payload from its content, Known reports whether there is a carrier of a code.
	Recognise func(body []byte) (carrier string, ok bool)
	Known     func(carrier string) bool
	// MaxFile is the size in bytes above which a file is refused.
	MaxFile int64
	// Interval is how often the folder is looked at. A file must have kept its size from one look to the next.
	Interval time.Duration
	// Owner tells this process from others that watch the folder.
	Owner string
	Now   func() time.Time
	Log   *slog.Logger
}

// Inbox watches a folder.
type Inbox struct {
	Options
	once Once
	// seen are the sizes and times of files at the last look.
	seen map[string]state
}

type state struct {
	size     int64
	modified time.Time
}

// New makes an Inbox.
func New(o Options) *Inbox {
	return &Inbox{
		Options: o, seen: map[string]state{},
		once: Once{Store: o.Store, Ingest: o.Ingest, Now: o.Now, Source: tracker.FromUpload, By: "inbox"},
	}
}

// Run watches until the context ends. What fails is logged and tried again at the next look.
func (b *Inbox) Run(ctx context.Context) error {
	ticker := time.NewTicker(b.Interval)
	defer ticker.Stop()
	for {
		if err := b.Look(ctx); err != nil && ctx.Err() == nil {
			b.Log.Warn("the inbox could not be worked through; it is tried again", "folder", b.Dir, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Look takes in every file that is complete. Where another process has the folder's lease it does nothing.
func (b *Inbox) Look(ctx context.Context) error {
	held, err := lease.Acquire(ctx, b.Store, "inbox:"+b.Dir, b.Owner, leaseFor(b.Interval), b.Now())
	if errors.Is(err, lease.ErrHeld) {
		clear(b.seen)
		return nil
	}
	if err != nil {
		return fmt.Errorf("take the lease of the inbox: %w", err)
	}
	files, err := b.files()
	if err != nil {
		return err
	}
	seen := make(map[string]state, len(files))
	var failed error
	for _, f := range files {
		now := state{f.size, f.modified}
		if before, known := b.seen[f.path]; !known || before != now {
			seen[f.path] = now // still being written, perhaps
			continue
		}
		if ctx.Err() != nil {
			break
		}
		if err := held.Renew(ctx, b.Store, leaseFor(b.Interval), b.Now()); err != nil {
			return fmt.Errorf("keep the lease of the inbox: %w", err)
		}
		if err := b.settle(ctx, f); err != nil {
			seen[f.path] = now
			failed = errors.Join(failed, fmt.Errorf("%s: %w", f.path, err))
		}
	}
	b.seen = seen
	return failed
}

// leaseFor outlasts a look by far; a process that dies is followed by another after that time.
func leaseFor(interval time.Duration) time.Duration { return max(time.Minute, 3*interval) }

// file is one that lies in the inbox. carrier is empty where its content shall tell.
type file struct {
	path, carrier, account string
	size                   int64
	modified               time.Time
}

// files lists what lies in the folder, in each carrier's and in each account's.
func (b *Inbox) files() ([]file, error) {
	var list []file
	err := filepath.WalkDir(b.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		within, err := filepath.Rel(b.Dir, path)
		if err != nil {
			return err
		}
		parts := strings.Split(filepath.ToSlash(within), "/")
		if entry.IsDir() {
			if within != "." && (len(parts) > 2 || skipped(entry.Name())) {
				return filepath.SkipDir
			}
			return nil
		}
		f, complete, err := fileOf(path, parts, entry)
		if complete {
			list = append(list, f)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look into the inbox: %w", err)
	}
	return list, nil
}

// fileOf describes a file by its place below the folder; !complete where it is none that could be taken in.
func fileOf(path string, parts []string, entry os.DirEntry) (f file, complete bool, err error) {
	if !entry.Type().IsRegular() || unfinished(entry.Name()) {
		return f, false, nil
	}
	info, err := entry.Info()
	if errors.Is(err, os.ErrNotExist) {
		return f, false, nil
	}
	if err != nil {
		return f, false, err
	}
	f = file{path: path, account: "inbox", size: info.Size(), modified: info.ModTime()}
	if len(parts) > 1 {
		f.carrier = parts[0]
	}
	if len(parts) > 2 {
		f.account = parts[1]
	}
	return f, true, nil
}

func skipped(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == doneFolder || folder == failedFolder || folder == outFolder
}

// unfinished are the names under which gateways write what they then rename.
func unfinished(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") {
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".tmp", ".part", ".partial", ".filepart", ".writing", ".crdownload":
		return true
	}
	return false
}
