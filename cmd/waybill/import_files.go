package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"waybill/tracker"
	"waybill/workers/inbox"
)

// atOnce is how many files are taken in at a time: their receipts then share commits.
const atOnce = 16

// fileReport is what became of a file.
type fileReport struct {
	carrier string
	inbox.Note
	// known: the same content was taken in before.
	known bool
	err   error
}

// String is the line behind the file's name.
func (r *fileReport) String() string {
	if r.err != nil {
		return "not taken in: " + r.err.Error()
	}
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(r.Shipments, "shipments")
	add(r.Events, "events")
	add(r.Errors, "error answers of the carrier")
	add(r.Faults, "parts not readable")
	if r.Quarantine != "" {
		parts = []string{"quarantined: " + r.Quarantine}
	}
	if r.known {
		parts = append(parts, "in already")
	}
	return r.carrier + ", " + strings.Join(parts, ", ")
}

// imported counts what became of files.
type imported struct{ files, shipments, events, quarantined, faults, known, failed int }

func (i *imported) add(r *fileReport) {
	switch {
	case r.err != nil:
		i.failed++
	case r.known:
		i.known++
	default:
		i.files++
	}
	if r.known {
		return
	}
	i.shipments += r.Shipments
	i.events += r.Events
	i.faults += r.Faults
	if r.Quarantine != "" {
		i.quarantined++
	}
}

func (d *data) importFiles(ctx context.Context, files []string, carrier string) error {
	in := d.ingest(nil, nil)
	defer in.Close() //nolint:contextcheck // it finishes what is in hand
	once := &inbox.Once{Store: d.store, Ingest: in, Now: d.program.now, Source: tracker.FromImport, By: "import"}
	bar := d.program.progress(len(files), "import")
	var sum imported
	var failed error
	for len(files) > 0 {
		if ctx.Err() != nil {
			failed = fmt.Errorf("stopped before %d of the files; run it again to go on there", len(files))
			break
		}
		some := files[:min(atOnce, len(files))]
		files = files[len(some):]
		reports := d.importSome(ctx, once, some, carrier)
		for i, file := range some {
			sum.add(&reports[i])
			bar.clear()
			if _, err := fmt.Fprintf(d.program.stdout, "%s: %s\n", file, &reports[i]); err != nil {
				return err
			}
		}
		bar.add(len(some))
	}
	bar.finish()
	if failed == nil && sum.failed > 0 {
		failed = fmt.Errorf("%d files were not taken in; their lines say why", sum.failed)
	}
	_, err := fmt.Fprintf(d.program.stdout,
		"%d files taken in, %d in already, %d not taken in; %d shipments with %d events read; %d files in quarantine, %d parts not readable\n",
		sum.files, sum.known, sum.failed, sum.shipments, sum.events, sum.quarantined, sum.faults)
	return errors.Join(failed, err)
}

// importSome takes files in at a time and reports in their order. What is begun when the context ends is finished.
func (d *data) importSome(ctx context.Context, once *inbox.Once, files []string, carrier string) []fileReport {
	reports := make([]fileReport, len(files))
	var all sync.WaitGroup
	for i, file := range files {
		all.Go(func() { reports[i] = d.importFile(context.WithoutCancel(ctx), once, file, carrier) })
	}
	all.Wait()
	return reports
}

func (d *data) importFile(ctx context.Context, once *inbox.Once, file, carrier string) fileReport {
	body, err := os.ReadFile(file)
	if err != nil {
		return fileReport{err: err}
	}
	if carrier == "" {
		carrier = d.carriers.CarrierOf(body)
	}
	if carrier == "" {
		return fileReport{err: errors.New("its format is not recognised; name the carrier by --carrier")}
	}
	r := fileReport{carrier: carrier}
	r.Note, r.known, r.err = once.TakeIn(ctx, carrier, "import", body)
	return r
}
