package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waybill/cmd/waybill/simulate/rounds"
)

func (p *program) etaLastMileCommand() *cobra.Command {
	var count int
	var seed uint64
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "lastmile",
		Short: "Measure the forecasts of the last mile on made-up rounds",
		Long: "Drives made-up rounds of delivery vans, foretells every stop between any two things that happen, and compares\n" +
			"that with when it was truly closed. A day's rounds are learnt from the day after; the first quarter is not scored.\n" +
			"What is assumed of the rounds stands in docs/lastmile.md.",
		Example: "  waybill eta lastmile\n  waybill eta lastmile --routes 400 --seed 7 --json",
		Args:    arguments(cobra.NoArgs),
	}
	cmd.Flags().IntVar(&count, "routes", 200, "rounds to drive")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "the same seed drives the same rounds")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.RunE = func(*cobra.Command, []string) error {
		const mostRounds = 100_000
		if count < 1 || count > mostRounds {
			return usageError{fmt.Errorf("--routes must be 1 to %d", mostRounds)}
		}
		bar := p.progress(count, "rounds")
		report := rounds.Measure(seed, count, bar.set)
		bar.finish()
		if asJSON {
			return json.NewEncoder(p.stdout).Encode(report)
		}
		return printLastMile(p.stdout, report)
	}
	return cmd
}

func printLastMile(out io.Writer, r rounds.Report) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "stops left\tforecasts\tcoverage\tbefore p10\tafter p90\tmean error\tmedian error\tbias\twidth\t")
	line := func(name string, s rounds.Score) {
		_, _ = fmt.Fprintf(table, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.1f min\t%.1f min\t%+.1f min\t%.1f min\t\n",
			name, s.Count, s.Coverage, s.Below, s.Above, s.MAE, s.Median, s.Bias, s.Width)
	}
	for _, s := range r.ByLeft {
		line(strconv.Itoa(s.Left), s)
	}
	line("all", r.All)
	line("first two days", r.FirstDays)
	_, _ = fmt.Fprintf(table, "\n%d of %d rounds scored, seed %d; p10 to p90 is meant to hold 0.800\n", r.Scored, r.Rounds, r.Seed)
	return table.Flush()
}
