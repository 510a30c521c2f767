package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waybill/configs"
)

func (p *program) configCommand() *cobra.Command {
	var asJSON bool
	var role string
	cmd := &cobra.Command{
		Use:     "config",
		GroupID: "operate",
		Short:   "Show the effective settings and where each comes from",
		Long: "Shows every setting with its value and its origin: default, file and line, environment variable or flag.\n" +
			"Secrets show as set or not set. Every setting is a flag of every command that needs it, too.",
		Example: "  waybill config\n  WAYBILL_LISTEN=0.0.0.0:80 waybill config --role api\n  waybill config --config waybill.yaml --json",
		Args:    arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir", "listen")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&role, "role", string(configs.RoleServe), "check them for this role: serve, api, worker, demo")
	cmd.RunE = func(*cobra.Command, []string) error {
		s.role = configs.Role(role)
		config, origins, err := s.load()
		if err != nil {
			return err
		}
		return p.showConfig(config.Masked(origins), asJSON)
	}
	return cmd
}

func (p *program) showConfig(shown []configs.Shown, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(p.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(shown)
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, s := range shown {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", s.Key, s.Value, s.Origin)
	}
	return table.Flush()
}
