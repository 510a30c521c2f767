package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waybill/configs"
	"waybill/tracker/eta/eval"
	"waybill/tracker/eta/score"
)

func (p *program) etaReportCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Write how right the estimates were, and how carriers fared, as a page",
		Long: "Writes one HTML file, which asks no other host, from the shipments that ended in the last weeks: how right their\n" +
			"first estimates were, by quantile, by days ahead and by week, and the scorecards of carriers, services and lanes.",
		Example: "  waybill eta report\n  waybill eta report --out /srv/reports",
		Args:    arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().StringVar(&out, "out", "eta-report.html", "the file to write, or a folder for it")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			page, err := eval.Live(cmd.Context(), score.NewBoard(d.store), p.now())
			if err != nil {
				return err
			}
			file := out
			if info, err := os.Stat(out); err == nil && info.IsDir() {
				file = filepath.Join(out, "eta-report.html")
			}
			if err := os.WriteFile(file, page, 0o600); err != nil {
				return fmt.Errorf("write the report: %w; choose another place by --out", err)
			}
			_, _ = fmt.Fprintln(p.stdout, file)
			return nil
		})
	}
	return cmd
}
