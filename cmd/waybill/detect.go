package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"waybill/adapters/detect"
)

// detected is a line of `waybill detect --json`.
type detected struct {
	Number     string              `json:"number"`
	Candidates []detectedCandidate `json:"candidates"`
}

type detectedCandidate struct {
	Carrier    string  `json:"carrier"`
	Courier    string  `json:"courier"`
	Format     string  `json:"format"`
	Confidence float64 `json:"confidence"`
	Reason     string  `json:"reason"`
	// Facts are what the number itself says.
	Facts detect.Facts `json:"facts"`
}

func (p *program) detectCommand() *cobra.Command {
	var asJSON bool
	var country, postal string
	var carriers []string
	cmd := &cobra.Command{
		Use:     "detect NUMBER…",
		GroupID: "carriers",
		Short:   "Name the carriers that tracking numbers may belong to",
		Long:    "Names the carriers whose format and check digit a number fits, the likeliest first, each with its reason.",
		Example: "  waybill detect 1Z999AA10123456784\n  waybill detect --json --country DE '9400 1112 0620 6406 2607 87' RR123456785DE",
		Args:    arguments(cobra.MinimumNArgs(1)),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON document a line")
	cmd.Flags().StringVar(&country, "country", "", "destination, as a hint: two letters")
	cmd.Flags().StringVar(&postal, "postal-code", "", "destination, as a hint")
	cmd.Flags().StringSliceVar(&carriers, "carriers", nil, "carriers that the seller ships with, as a hint: codes")
	cmd.RunE = func(_ *cobra.Command, numbers []string) error {
		var hints []detect.Hint
		if country != "" {
			hints = append(hints, detect.Country(country))
		}
		if postal != "" {
			hints = append(hints, detect.PostalCode(postal))
		}
		if len(carriers) > 0 {
			hints = append(hints, detect.Carriers(carriers...))
		}
		for _, number := range numbers {
			if err := p.showDetected(number, detect.Candidates(number, hints...), asJSON); err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}

func (p *program) showDetected(number string, found []detect.Candidate, asJSON bool) error {
	if asJSON {
		line := detected{Number: number, Candidates: []detectedCandidate{}}
		for _, c := range found {
			line.Candidates = append(line.Candidates, detectedCandidate{c.Carrier, c.Courier, c.Format, c.Confidence, c.Reason, c.Facts})
		}
		return json.NewEncoder(p.stdout).Encode(line)
	}
	_, err := fmt.Fprintln(p.stdout, number)
	if len(found) == 0 {
		_, err = fmt.Fprintln(p.stdout, "  no known format: the length or the check digit fits none")
	}
	for _, c := range found {
		_, err = fmt.Fprintf(p.stdout, "  %3.0f%%  %s (%s): %s\n", c.Confidence*100, c.Courier, c.Format, c.Reason)
	}
	return err
}
