package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/configs"
	"waybill/tracker"
)

func (p *program) replayCommand() *cobra.Command {
	var carrier string
	var since time.Duration
	var dry bool
	cmd := &cobra.Command{
		Use:     "replay --carrier CODE",
		GroupID: "operate",
		Short:   "Read kept payloads again with today's mapping",
		Long: "Reads the payloads of a carrier again, after its mapping was mended: what was in quarantine comes in, and legs\n" +
			"are rebuilt from all their payloads. Nobody is notified of history. What changed is printed and kept. Stopped, by a\n" +
			"crash too, it goes on where it was when it is run again.",
		Example: "  waybill replay --carrier ups --since 24h --dry-run\n  waybill replay --carrier ups --since 24h",
		Args:    arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().StringVar(&carrier, "carrier", "", "whose payloads (needed)")
	cmd.Flags().DurationVar(&since, "since", 24*time.Hour, "how far back")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "show what would change, and change nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if carrier == "" {
			return usageError{errors.New("--carrier is needed: whose payloads to read again")}
		}
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			if carrier != tracker.FleetCarrier && d.carriers.Carrier(carrier) == nil {
				return usageError{fmt.Errorf("carrier %q is not known; waybill adapters list shows those that are", carrier)}
			}
			return d.replay(cmd.Context(), carrier, p.now().Add(-since), dry)
		})
	}
	return cmd
}

// replayed is the sum of a replay.
type replayed struct{ receipts, requeued, legs, changed, unreadable, incomplete int }

func (d *data) replay(ctx context.Context, carrier string, since time.Time, dry bool) error {
	in := d.ingest(nil, nil)
	defer in.Close() //nolint:contextcheck // it finishes what is in hand
	work := tracker.NewReplay(in)
	if !dry {
		return d.replayRun(ctx, work, carrier, since)
	}
	var sum replayed
	legs, err := d.replayReceipts(ctx, work, carrier, since, &sum)
	if err != nil {
		return err
	}
	bar := d.program.progress(len(legs), "legs")
	for key := range legs {
		if err := ctx.Err(); err != nil {
			return errors.New("stopped; run it again to go on")
		}
		rebuilt, err := work.Leg(ctx, key, true)
		switch {
		case errors.Is(err, tracker.ErrNotFound):
			continue // its receipt is still in quarantine
		case err != nil:
			return err
		}
		d.showRebuilt(&rebuilt, &sum)
		bar.add(1)
	}
	bar.finish()
	return d.showReplayed(&sum, "would change")
}

// replayRun goes on with the carrier's replay that was stopped, or begins one.
func (d *data) replayRun(ctx context.Context, work *tracker.Replay, carrier string, since time.Time) error {
	run, err := work.Open(ctx, carrier)
	if errors.Is(err, tracker.ErrNotFound) {
		run, err = work.Begin(ctx, carrier, since, "cli")
	} else if err == nil {
		_, _ = fmt.Fprintf(d.program.stdout, "going on with replay %s of %s, payloads since %s\n",
			run.ID, run.StartedAt.Format(time.DateTime), run.Since.Format(time.DateTime))
	}
	if err != nil {
		return err
	}
	bar := d.program.progress(-1, "changed")
	defer bar.finish()
	err = work.Go(ctx, run, func(change *tracker.ReplayChange) {
		bar.add(1)
		_, _ = fmt.Fprintf(d.program.stdout, "%s: %s with %d events -> %s with %d events%s\n", change.LegKey,
			change.Before, change.EventsBefore, change.After, change.EventsAfter, followedBy(change))
	})
	switch {
	case ctx.Err() != nil:
		return errors.New("stopped; run it again to go on")
	case err != nil:
		return err
	}
	return d.showReplayed(&replayed{run.Receipts, run.Requeued, run.Legs, run.Changed, run.Unreadable, run.Incomplete}, "changed")
}

// followedBy names the shipments that changed with a leg.
func followedBy(change *tracker.ReplayChange) string {
	if len(change.Shipments) == 0 {
		return ""
	}
	return " (" + strings.Join(change.Shipments, ", ") + ")"
}

func (d *data) showReplayed(sum *replayed, verb string) error {
	_, err := fmt.Fprintf(d.program.stdout,
		"%d payloads read again, %d out of quarantine, %d still unreadable; of %d legs %d %s, %d left as they are since payloads are no longer kept\n",
		sum.receipts, sum.requeued, sum.unreadable, sum.legs, sum.changed, verb, sum.incomplete)
	return err
}

// replayReceipts goes through the carrier's receipts and gathers the legs they tell of.
func (d *data) replayReceipts(
	ctx context.Context, work *tracker.Replay, carrier string, since time.Time, sum *replayed,
) (map[tracker.LegKey]bool, error) {
	legs := map[tracker.LegKey]bool{}
	bar := d.program.progress(-1, "payloads")
	defer bar.finish()
	var after *tracker.Cursor
	for {
		receipts, next, err := work.Receipts(ctx, carrier, since, after)
		if err != nil {
			return nil, err
		}
		for _, receipt := range receipts {
			if err := ctx.Err(); err != nil {
				return nil, errors.New("stopped; run it again to go on")
			}
			if err := replayReceipt(work, receipt, legs, sum); err != nil {
				return nil, err
			}
			bar.add(1)
		}
		if next == nil {
			return legs, nil
		}
		after = next
	}
}

func replayReceipt(work *tracker.Replay, receipt *tracker.Receipt, legs map[tracker.LegKey]bool, sum *replayed) error {
	sum.receipts++
	keys, err := work.LegsOf(receipt)
	if err != nil {
		return err
	}
	for _, key := range keys {
		legs[key] = true
	}
	switch {
	case receipt.Quarantine == "":
	case len(keys) > 0:
		sum.requeued++
	default:
		sum.unreadable++
	}
	return nil
}

func (d *data) showRebuilt(r *tracker.Rebuilt, sum *replayed) {
	sum.legs++
	if r.Missing > 0 && r.Changed {
		sum.incomplete++
		return
	}
	if !r.Changed {
		return
	}
	sum.changed++
	_, _ = fmt.Fprintf(d.program.stdout, "%s: %s with %d events -> %s with %d events\n",
		r.Leg, r.Before.Substatus, r.EventsBefore, r.After.Substatus, r.EventsAfter)
}
