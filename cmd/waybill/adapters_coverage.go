package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waybill/adapters"
)

func (p *program) adaptersCoverageCommand() *cobra.Command {
	var folder string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "coverage [CARRIER…]",
		Short: "Tell how many of a mapping's codes and rules the examples show",
		Long: "Tells of each carrier how many codes are known and how many of them its examples bear, and which rules no example\n" +
			"needs. With --payloads, the same of the payloads in a folder, and the codes in them that are not known.",
		Example: "  waybill adapters coverage\n  waybill adapters coverage ups --payloads archive --json",
	}
	cmd.Flags().StringVar(&folder, "payloads", "", "folder of payloads to compare with")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON document a line")
	cmd.RunE = func(cmd *cobra.Command, carriers []string) error {
		registry, err := p.registry(cmd)
		if err != nil {
			return err
		}
		var payloads []adapters.Payload
		if folder != "" {
			if payloads, err = registry.PayloadsIn(folder); err != nil {
				return fmt.Errorf("look for payloads: %w", err)
			}
		}
		if len(carriers) == 0 {
			carriers = registry.Codes()
		}
		list := make([]adapters.Coverage, 0, len(carriers))
		for _, carrier := range carriers {
			one, err := registry.Coverage(carrier, payloads)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		if asJSON {
			return p.printCoverage(list)
		}
		return p.showCoverage(list, folder != "", len(carriers) == 1)
	}
	return cmd
}

func (p *program) printCoverage(list []adapters.Coverage) error {
	encoder := json.NewEncoder(p.stdout)
	for i := range list {
		if err := encoder.Encode(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// showCoverage prints a table; of a single carrier also what is not shown.
func (p *program) showCoverage(list []adapters.Coverage, withPayloads, inFull bool) error {
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	head := "CARRIER\tEXAMPLES\tCODES\tIN EXAMPLES\tRULES UNSHOWN"
	if withPayloads {
		head += "\tPAYLOADS\tCODES IN THEM\tUNKNOWN CODES\tRULES UNEXERCISED"
	}
	_, _ = fmt.Fprintln(table, head)
	for i := range list {
		_, _ = fmt.Fprintln(table, coverageRow(&list[i], withPayloads))
	}
	if err := table.Flush(); err != nil || !inFull {
		return err
	}
	for i := range list {
		p.showUnshown(&list[i])
	}
	return nil
}

func coverageRow(c *adapters.Coverage, withPayloads bool) string {
	known, met := 0, 0
	for _, use := range c.Codes {
		known, met = known+use.Known, met+use.Met
	}
	row := fmt.Sprintf("%s\t%d\t%d\t%d\t%d", c.Carrier, c.Examples, known, met, len(c.Unshown))
	if withPayloads {
		inPayloads := 0
		for _, use := range c.InPayloads {
			inPayloads += use.Met
		}
		row += fmt.Sprintf("\t%d\t%d\t%d\t%d", c.Payloads, inPayloads, len(c.UnknownCodes), len(c.Unexercised))
	}
	return row
}

// showUnshown lists what no example and no payload shows of a carrier.
func (p *program) showUnshown(c *adapters.Coverage) {
	for _, use := range c.Codes {
		if len(use.Unmet) > 0 {
			_, _ = fmt.Fprintf(p.stdout, "%s, in no example: %s\n", use.Table, strings.Join(use.Unmet, " "))
		}
	}
	for _, rule := range c.Unshown {
		_, _ = fmt.Fprintln(p.stdout, rule)
	}
	for _, code := range c.UnknownCodes {
		_, _ = fmt.Fprintln(p.stdout, "unknown code:", code)
	}
}
