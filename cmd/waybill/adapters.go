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
	return group(&cobra.Command{
		Use:     "adapters",
		GroupID: "carriers",
		Short:   "See which carriers are known and how their payloads are read",
		Example: "  waybill adapters list\n  waybill adapters test ups\n  waybill adapters read reply.json",
	}, p.adaptersListCommand(), p.adaptersTestCommand(), p.adaptersReadCommand(), p.adaptersExplainCommand())
}

func (p *program) adaptersListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the carriers",
		Example: "  waybill adapters list",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			registry, err := adapters.New()
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

func (p *program) adaptersTestCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "test [CARRIER…]",
		Short:   "Run the examples beside the mappings",
		Example: "  waybill adapters test\n  waybill adapters test ups fedex",
		RunE: func(_ *cobra.Command, carriers []string) error {
			registry, err := adapters.New()
			if err != nil {
				return err
			}
			if len(carriers) == 0 {
				carriers = registry.Codes()
			}
			failed := false
			for _, carrier := range carriers {
				ok, err := p.testCarrier(registry, carrier)
				if err != nil {
					return err
				}
				failed = failed || !ok
			}
			if failed {
				return errReported
			}
			return nil
		},
	}
}

func (p *program) testCarrier(registry *adapters.Registry, carrier string) (ok bool, err error) {
	examples, err := registry.RunExamples(carrier)
	if err != nil {
		return false, err
	}
	ok = true
	for _, example := range examples {
		if example.Difference == "" {
			_, err = fmt.Fprintf(p.stdout, "ok    %s (%s)\n", example.File, example.Format)
		} else {
			ok = false
			_, err = fmt.Fprintf(p.stdout, "FAIL  %s (%s): %s\n", example.File, example.Format, example.Difference)
		}
	}
	return ok, err
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
	cmd.RunE = func(_ *cobra.Command, files []string) error {
		registry, err := adapters.New()
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
	cmd.RunE = func(_ *cobra.Command, files []string) error {
		registry, err := adapters.New()
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
