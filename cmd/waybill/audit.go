package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"waybill/configs"
	"waybill/tracker/audit"
)

func (p *program) auditCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "audit",
		GroupID: "operate",
		Short:   "Check the audit log: who looked at, sent again and erased what",
		Example: "  waybill audit verify",
	}, p.auditVerifyCommand())
}

func (p *program) auditVerifyCommand() *cobra.Command {
	var anchor audit.Anchor
	cmd := &cobra.Command{
		Use: "verify", Short: "Check that no entry of the audit log was changed, dropped or put in",
		Long: "Follows the chain from the first entry on, and says how many entries are whole and the seal of the last. Note both\n" +
			"elsewhere: given again by --number and --seal they show too whether the end was cut off. The program's log has them\n" +
			"for each entry. The exit code is 0 where the chain is whole.",
		Example: "  waybill audit verify\n  waybill audit verify --number 1042 --seal Xq2v9…", Args: arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().Int64Var(&anchor.Number, "number", 0, "an entry that was noted")
	cmd.Flags().StringVar(&anchor.Seal, "seal", "", "its seal")
	cmd.MarkFlagsRequiredTogether("number", "seal")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			report, err := d.auditLog().Verify(cmd.Context(), anchor)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "%d entries, whole; the last has the seal %s\n", report.Entries, report.Seal)
			return err
		})
	}
	return cmd
}

func (d *data) auditLog() *audit.Log { return audit.New(d.store, d.keys, d.program.now, d.log) }
