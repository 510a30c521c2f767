package eval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"waybill/tracker/eta/transit"
)

// Options is what is asked of a replay.
type Options struct {
	// Files are CSV files, packed where they end in .gz, read as one stream.
	Files []string
	// At is the moment of the predictions: "handoff" (also when empty) or "purchase".
	At string
	// From and Until bound the rows that are scored by the moment of prediction,
	// PurchasedFrom by purchase: From <= moment < Until. Zero bounds nothing.
	// They are civil times, held as UTC. Learning runs over all rows.
	From, Until, PurchasedFrom time.Time
	// JSON asks for one object instead of tables.
	JSON bool
	// Plots is a folder for pictures, made if it is missing; empty means none.
	Plots string
	// Problem is told of each of the first lines that could not be read, and of
	// how many more there are; nil passes over them. They are counted in any case.
	Problem func(error)
}

// moments are the values of Options.At.
var moments = map[string]transit.Moment{"": transit.Handover, "handoff": transit.Handover, "purchase": transit.Purchase}

// Report is what a replay found, and the object of --json.
type Report struct {
	Metrics
	// Baselines holds metrics of the same rows, or of those for which the
	// baseline has something to say.
	Baselines map[string]Metrics `json:"baselines"`
	// Skipped is how many lines of the files could not be read.
	Skipped int `json:"skipped"`
}

// Run replays files and writes the report to stdout. It calls progress, which
// may be nil, with steps done and in all.
func Run(ctx context.Context, o Options, stdout io.Writer, progress func(done, all int)) error {
	moment, ok := moments[o.At]
	if !ok {
		return fmt.Errorf("predictions are made at handoff or at purchase, not at %q", o.At)
	}
	if len(o.Files) == 0 {
		return errors.New("no file to replay: name CSV files with the columns purchase_ts, carrier_handoff_ts, delivered_ts and so on")
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	rows, skipped, err := read(ctx, o.Files)
	if err != nil {
		return err
	}
	if o.Problem != nil {
		skipped.tell(o.Problem)
	}
	found := newFindings()
	err = replay(ctx, rows, moment, progress, func(s Scored) {
		if o.scores(&s) {
			found.add(s)
		}
	})
	if err != nil {
		return fmt.Errorf("replaying %d rows: %w", len(rows), err)
	}
	report := found.report(skipped.Rows)
	if o.Plots != "" {
		if err := plot(o.Plots, found, report); err != nil {
			return fmt.Errorf("drawing into %s: %w", o.Plots, err)
		}
	}
	if o.JSON {
		return json.NewEncoder(stdout).Encode(report)
	}
	return report.table(stdout)
}

func (o *Options) scores(s *Scored) bool {
	return !s.At.Before(o.From) && (o.Until.IsZero() || s.At.Before(o.Until)) && !s.Row.Purchased.Before(o.PurchasedFrom)
}

// findings gathers what is scored.
type findings struct {
	model     tally
	baselines [len(BaselineNames)]tally
	scored    []Scored
}

func newFindings() *findings { return &findings{} }

func (f *findings) add(s Scored) {
	f.model.add(s.Model, s.Actual)
	for i, w := range s.Baselines {
		if w != nil {
			f.baselines[i].add(*w, s.Actual)
		}
	}
	f.scored = append(f.scored, s)
}

func (f *findings) report(skipped int) Report {
	r := Report{Metrics: f.model.metrics(), Baselines: map[string]Metrics{}, Skipped: skipped}
	for i, name := range BaselineNames {
		r.Baselines[name] = f.baselines[i].metrics()
	}
	return r
}
