package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/tracker/eta/eval"
)

func (p *program) etaCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "eta",
		GroupID: "operate",
		Short:   "See how good the delivery estimates are",
		Example: "  waybill eta eval deliveries.csv.gz",
	}, p.etaEvalCommand(), p.etaLastMileCommand(), p.etaReportCommand())
}

func (p *program) etaEvalCommand() *cobra.Command {
	var o eval.Options
	cmd := &cobra.Command{
		Use:   "eval FILE.csv[.gz]…",
		Short: "Replay past deliveries in time order and measure the estimates made of them",
		Long: "Replays deliveries in the order of time: each is estimated at the moment asked for, and learnt once it has\n" +
			"arrived. Several files are read as one stream. The dates choose the rows that are scored; learning always runs\n" +
			"over all of them.",
		Example: "  waybill eta eval deliveries.csv.gz\n  waybill eta eval --at purchase --from 2018-03-01 --until 2018-05-01 --plots plots deliveries.csv.gz",
		Args:    arguments(cobra.MinimumNArgs(1)),
	}
	flags := cmd.Flags()
	flags.StringVar(&o.At, "at", "handoff", "the moment of the estimates: handoff or purchase")
	flags.BoolVar(&o.JSON, "json", false, "print one JSON object")
	flags.StringVar(&o.Plots, "plots", "", "folder for pictures")
	dates := []struct {
		flag, use string
		into      *time.Time
		text      string
	}{
		{flag: "from", use: "score estimates made on or after this day (2018-03-01)", into: &o.From},
		{flag: "until", use: "score estimates made before this day", into: &o.Until},
		{flag: "purchased-from", use: "score what was bought on or after this day", into: &o.PurchasedFrom},
	}
	for i := range dates {
		flags.StringVar(&dates[i].text, dates[i].flag, "", dates[i].use)
	}
	cmd.RunE = func(cmd *cobra.Command, files []string) error {
		if o.At != "handoff" && o.At != "purchase" {
			return usageError{fmt.Errorf("--at: %q is neither handoff nor purchase", o.At)}
		}
		for _, date := range dates {
			if date.text == "" {
				continue
			}
			day, err := time.Parse(time.DateOnly, date.text)
			if err != nil {
				return usageError{fmt.Errorf("--%s: %q is no day; write it as 2018-03-01", date.flag, date.text)}
			}
			*date.into = day
		}
		o.Files = files
		o.Problem = func(err error) { _, _ = fmt.Fprintln(p.stderr, "waybill:", err) }
		var bar *progress
		err := eval.Run(cmd.Context(), o, p.stdout, func(done, all int) {
			if bar == nil {
				bar = p.progress(all, "deliveries")
			}
			bar.set(done)
		})
		if bar != nil {
			bar.finish()
		}
		return err
	}
	return cmd
}
