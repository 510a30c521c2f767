package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waybill/configs"
	"waybill/tracker"
)

func (p *program) importCommand() *cobra.Command {
	var carrier string
	cmd := &cobra.Command{
		Use:     "import FILE|FOLDER…",
		GroupID: "operate",
		Short:   "Take carriers' payloads in from files",
		Long: "Takes payloads in as if the carriers had posted them, each file one payload; folders with all that is in them.\n" +
			"The format is recognised from the content. It is history: views change, nobody is notified. The same file\n" +
			"again changes nothing.",
		Example: "  waybill import replies/\n  waybill import --carrier ups monday.json",
		Args:    arguments(cobra.MinimumNArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().StringVar(&carrier, "carrier", "", "whose payloads they are (else recognised from the content)")
	cmd.RunE = func(cmd *cobra.Command, paths []string) error {
		files, err := filesOf(paths)
		if err != nil {
			return err
		}
		return s.withData(cmd.Context(), p.openData, func(d *data) error {
			if carrier != "" && carrier != tracker.FleetCarrier && d.carriers.Carrier(carrier) == nil {
				return usageError{fmt.Errorf("carrier %q is not known; waybill adapters list shows those that are", carrier)}
			}
			return d.importFiles(cmd.Context(), files, carrier)
		})
	}
	return cmd
}

// filesOf lists the files that paths name; of folders all below them, but hidden ones.
func filesOf(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			hidden := strings.HasPrefix(entry.Name(), ".") && file != path
			switch {
			case err != nil:
				return err
			case entry.IsDir() && hidden:
				return fs.SkipDir
			case entry.Type().IsRegular() && !hidden:
				files = append(files, file)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look for files: %w", err)
		}
	}
	return files, nil
}

// imported counts what became of files.
type imported struct{ shipments, events, quarantined, faults int }

func (d *data) importFiles(ctx context.Context, files []string, carrier string) error {
	in := d.ingest(nil, nil)
	defer in.Close() //nolint:contextcheck // it finishes what is in hand
	bar := d.program.progress(len(files), "import")
	var sum imported
	var failed error
	for _, file := range files {
		if ctx.Err() != nil {
			failed = errors.Join(failed, errors.New("stopped; run it again to go on, what is in already stays as it is"))
			break
		}
		if err := d.importFile(ctx, in, file, carrier, &sum); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", file, err))
		}
		bar.add(1)
	}
	bar.finish()
	_, err := fmt.Fprintf(d.program.stdout, "%d shipments with %d events read; %d files in quarantine, %d parts not readable\n",
		sum.shipments, sum.events, sum.quarantined, sum.faults)
	return errors.Join(failed, err)
}

func (d *data) importFile(ctx context.Context, in *tracker.Ingest, file, carrier string, sum *imported) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if carrier == "" {
		carrier = d.carriers.ReadDocument(file, "", body).Carrier
	}
	if carrier == "" {
		return errors.New("its format is not recognised; name the carrier by --carrier")
	}
	// What was not asked for but is there, the outcome of a payload, is counted; a file that cannot be read is in
	// quarantine and no failure of the import.
	outcome, err := in.Accept(ctx, &tracker.Receipt{
		Source: tracker.FromImport, Carrier: carrier, Account: "import", Body: body, Request: filepath.Base(file),
	})
	if err != nil {
		return err
	}
	sum.shipments += outcome.Shipments
	sum.events += outcome.Events
	sum.faults += len(outcome.Faults)
	if outcome.Quarantine != "" {
		sum.quarantined++
	}
	return nil
}
