package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"waybill/adapters"
)

func (p *program) adaptersTestCommand() *cobra.Command {
	var write bool
	cmd := &cobra.Command{
		Use:   "test [CARRIER…]",
		Short: "Run the examples beside the mappings, and tell what no example shows",
		Long: "Reads the examples of the carriers and compares with what is expected; tells by file and line what is wrong with\n" +
			"a mapping, and which of its rules no example needs. With --dir, of the carriers in that folder.",
		Example: "  waybill adapters test\n  waybill adapters test ups fedex\n  waybill adapters test --dir carriers testpost",
		RunE: func(cmd *cobra.Command, carriers []string) error {
			registry, err := p.registry(cmd)
			if err != nil {
				return err
			}
			ok := p.showRefusals(registry, carriers)
			for _, carrier := range named(cmd, registry, carriers) {
				if slices.ContainsFunc(registry.Refusals(), func(r adapters.Refusal) bool { return r.Carrier == carrier }) {
					continue
				}
				if write {
					if err := p.writeExpected(registry, carrier); err != nil {
						return err
					}
				}
				good, err := p.testCarrier(registry, carrier)
				if err != nil {
					return err
				}
				ok = ok && good
			}
			if !ok {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&write, "write", false, "with --dir: write what is read now as what is expected; read it, it is the promise")
	return cmd
}

// named are the carriers that a command is about: those named, or with --dir those of the folder, or all.
func named(cmd *cobra.Command, registry *adapters.Registry, carriers []string) []string {
	switch {
	case len(carriers) > 0:
		return carriers
	case cmd.Flag("dir").Value.String() != "":
		return registry.Own()
	}
	return registry.Codes()
}

// writeExpected keeps what is read of a carrier's examples now as what is expected of them.
func (p *program) writeExpected(registry *adapters.Registry, carrier string) error {
	files, err := registry.Expect(carrier)
	for _, file := range files {
		_, _ = fmt.Fprintln(p.stdout, "wrote", file)
	}
	return err
}

// showRefusals tells why folders cannot be used; of the carriers named, or of all. It reports whether there are none.
func (p *program) showRefusals(registry *adapters.Registry, carriers []string) (ok bool) {
	ok = true
	for _, refusal := range registry.Refusals() {
		if len(carriers) == 0 || slices.Contains(carriers, refusal.Carrier) {
			_, _ = fmt.Fprintf(p.stdout, "FAIL  %s: %s\n", refusal.Carrier, refusal.Reason)
			ok = false
		}
	}
	return ok
}

// testCarrier runs a carrier's examples and shows what is wrong with its mapping.
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
		if err != nil {
			return false, err
		}
	}
	findings, err := registry.Audit(carrier)
	if err != nil {
		return false, err
	}
	for _, finding := range findings {
		ok = false
		_, _ = fmt.Fprintln(p.stdout, "FAIL ", finding)
	}
	return ok, nil
}
