package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"waybill/adapters"
	"waybill/adapters/propose"
)

func (p *program) adaptersNewCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new CODE SAMPLE…",
		Short: "Make the folder of a new carrier from sample payloads",
		Long: "Makes DIR/CODE (--dir; else here) with a carrier.yaml that is proposed from the samples: where number, events, codes,\n" +
			"texts, times, places, estimate and errors seem to stand, the forms of the times, and the codes met. What was guessed\n" +
			"is marked to be checked; waybill adapters test --dir DIR CODE tells what remains. The samples become the examples\n" +
			"as they are: what looks personal is named, and nothing is taken out.",
		Example: "  waybill adapters new testpost delivered.json not_found.json --dir carriers\n  waybill adapters test --dir carriers testpost",
		Args:    arguments(cobra.MinimumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := cmd.Flags().GetString("dir")
			if err != nil {
				return err
			}
			if dir == "" {
				dir = "."
			}
			registry, err := adapters.New()
			if err != nil {
				return err
			}
			var samples []propose.Sample
			for _, file := range args[1:] {
				body, err := p.readInput(file)
				if err != nil {
					return err
				}
				samples = append(samples, propose.Sample{Name: file, Body: body})
			}
			files, warnings, err := registry.Scaffold(dir, args[0], samples)
			if err != nil {
				return err
			}
			for _, file := range files {
				_, _ = fmt.Fprintln(p.stdout, "wrote", file)
			}
			for _, warning := range warnings {
				_, _ = fmt.Fprintln(p.stderr, "personal?", warning)
			}
			_, err = fmt.Fprintf(p.stdout, "Now: correct the lines marked %q, then waybill adapters test --dir %s --write %s\n", propose.Check, dir, args[0])
			return err
		},
	}
}
