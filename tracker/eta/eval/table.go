package eval

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table writes the report for people.
func (r *Report) table(w io.Writer) error {
	var rows strings.Builder
	rows.WriteString("\trows\tMAE\tmedian\t±1 day\t±2 days\tp10–p90\twidth\tpinball .1\t.5\t.9\tsum\tlate p90\t\n")
	writeMetrics(&rows, "model", r.Metrics)
	for _, name := range BaselineNames {
		writeMetrics(&rows, name, r.Baselines[name])
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := io.WriteString(t, rows.String()); err != nil {
		return err
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if r.Skipped > 0 {
		if _, err := fmt.Fprintf(w, "%d lines could not be read and were skipped.\n", r.Skipped); err != nil {
			return err
		}
	}
	return nil
}

func writeMetrics(w *strings.Builder, name string, m Metrics) {
	if m.Rows == 0 {
		fmt.Fprintf(w, "%s\t0\t–\t–\t–\t–\t–\t–\t–\t–\t–\t–\t–\t\n", name)
		return
	}
	fmt.Fprintf(w, "%s\t%d\t%.2f\t%.2f\t%.3f\t%.3f\t%.3f\t%.2f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n",
		name, m.Rows, m.MAE, m.MedAE, m.Within1, m.Within2, m.Coverage, m.Width,
		m.Pinball.P10, m.Pinball.P50, m.Pinball.P90, m.Pinball.Sum, m.Late)
}
