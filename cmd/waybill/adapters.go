package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waybill/adapters"
)

func (p *program) adaptersCommand() *cobra.Command {
	cmd := group(&cobra.Command{
		Use:     "adapters",
		GroupID: "carriers",
		Short:   "See which carriers are known, how their payloads are read, and write new ones",
		Example: "  waybill adapters list\n  waybill adapters test ups\n  waybill adapters read reply.json\n" +
			"  waybill adapters new testpost reply.json --dir carriers",
	}, p.adaptersListCommand(), p.adaptersTestCommand(), p.adaptersReadCommand(), p.adaptersExplainCommand(),
		p.adaptersCoverageCommand(), p.adaptersNewCommand())
	cmd.PersistentFlags().String("dir", "", "folder of carriers of your own, as in carriers_dir")
	return cmd
}

// registry is that of the built-in carriers and of those in --dir. Those are taken though their examples fail: these
// commands are how their author sees why.
func (p *program) registry(cmd *cobra.Command) (*adapters.Registry, error) {
	dir, err := cmd.Flags().GetString("dir")
	if err != nil {
		return nil, err
	}
	return adapters.Open(adapters.Options{Dir: dir, Untried: true})
}

func (p *program) adaptersListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the carriers",
		Example: "  waybill adapters list",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			registry, err := p.registry(cmd)
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
			_, _ = fmt.Fprintln(table, "CODE\tNAME\tVERIFIED BY\tHOME")
			for _, code := range registry.Codes() {
				carrier := registry.Carrier(code)
				_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", code, carrier.Name, carrier.Webhooks.Verification, carrier.Home)
			}
			return table.Flush()
		},
	}
}

func (p *program) adaptersReadCommand() *cobra.Command {
	var carrier string
	cmd := &cobra.Command{
		Use:     "read FILE…",
		Short:   "Read payloads and print a JSON document for each",
		Long:    "Reads payloads as the product does and prints what each tells, one JSON document a line. - is standard input.",
		Example: "  waybill adapters read reply.json\n  waybill adapters read --carrier usps *.xml | jq .shipments",
		Args:    arguments(cobra.MinimumNArgs(1)),
	}
	cmd.Flags().StringVar(&carrier, "carrier", "", "whose payloads they are (else recognised from the content)")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		registry, err := p.registry(cmd)
		if err != nil {
			return err
		}
		encoder := json.NewEncoder(p.stdout)
		var failed error
		for _, file := range files {
			body, err := p.readInput(file)
			if err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			if err := encoder.Encode(registry.ReadDocument(file, carrier, body)); err != nil {
				return err
			}
		}
		return failed
	}
	return cmd
}

func (p *program) adaptersExplainCommand() *cobra.Command {
	var carrier string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "explain FILE",
		Short:   "Show which rule of a mapping gave which field of a payload",
		Example: "  waybill adapters explain reply.json\n  waybill adapters explain --carrier dhl --json reply.json",
		Args:    arguments(cobra.ExactArgs(1)),
	}
	cmd.Flags().StringVar(&carrier, "carrier", "", "whose payload it is (else recognised from the content)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		registry, err := p.registry(cmd)
		if err != nil {
			return err
		}
		body, err := p.readInput(files[0])
		if err != nil {
			return err
		}
		explanation := registry.Explain(carrier, body)
		if asJSON {
			encoder := json.NewEncoder(p.stdout)
			encoder.SetIndent("", "  ")
			return encoder.Encode(explanation)
		}
		return p.showExplanation(&explanation)
	}
	return cmd
}

func (p *program) showExplanation(e *adapters.Explanation) error {
	_, _ = fmt.Fprintf(p.stdout, "carrier %s, format %s, mapping %s\n", e.Carrier, e.Format, e.Version)
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, fact := range e.Facts {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", fact.Where, fact.Field, fact.Value, fact.Rule)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, code := range e.UnknownCodes {
		_, _ = fmt.Fprintln(p.stdout, "unknown code:", code)
	}
	for _, fault := range e.Faults {
		_, _ = fmt.Fprintf(p.stdout, "not readable: %s %s\n", fault.Where, fault.What)
	}
	return nil
}

// readInput reads a file; - is standard input.
func (p *program) readInput(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(p.stdin)
	}
	return os.ReadFile(file)
}
