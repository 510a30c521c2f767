package main

import (
	"fmt"
	"io/fs"
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
			"The format is recognised from the content. It is history: views change, nobody is notified.\n" +
			"A line for each file says what became of it. Each content is taken in once: run it again after an interruption and it\n" +
			"goes on where it was.",
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
