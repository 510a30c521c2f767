package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/configs"
	"waybill/notify/outbox"
)

// bench measures an installation of its own in a temporary folder.
type bench struct {
	*program
	// time is how long each figure is measured.
	time time.Duration
	// connections is how many requests are under way at once.
	connections int
}

func (p *program) benchCommand() *cobra.Command {
	var only, legs []string
	var corpus string
	var parcels, shipments int
	b := &bench{program: p}
	cmd := &cobra.Command{
		Use:     "bench",
		GroupID: "try",
		Short:   "Measure this machine: figures as ratios of one run",
		Long: "Measures an installation of its own in a temporary folder and prints each figure beside what it is compared\n" +
			"with, so that machines need not be alike. Parts: payloads, scans, lookups, latency, webhooks, legs;\n" +
			"and polling and search, which are measured only where they are named: one plays a week by a clock of its own, the\n" +
			"other stores a million shipments first.",
		Example: "  waybill bench\n  waybill bench --only payloads --corpus ./payloads\n  waybill bench --only legs --legs 10000,1000000\n  waybill bench --only polling --parcels 10000\n  waybill bench --only search --shipments 1000000",
		Args:    arguments(cobra.NoArgs),
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&only, "only", []string{"payloads", "scans", "lookups", "latency", "webhooks", "legs"}, "the parts to measure")
	flags.DurationVar(&b.time, "time", 3*time.Second, "how long each figure is measured")
	flags.IntVar(&b.connections, "connections", 64, "requests under way at once")
	flags.StringSliceVar(&legs, "legs", []string{"10000", "1000000"}, "legs stored, for the part legs; ratios are to the first")
	flags.StringVar(&corpus, "corpus", "", "folder of payloads for the part payloads (else simulated ones)")
	flags.IntVar(&parcels, "parcels", 1000, "parcels of the week of the part polling")
	flags.IntVar(&shipments, "shipments", 1_000_000, "shipments stored, for the part search")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if parcels < 1 {
			return usageError{errors.New("--parcels: at least one travels")}
		}
		if shipments < 1 {
			return usageError{errors.New("--shipments: at least one is stored")}
		}
		counts, err := parseCounts(legs)
		if err != nil {
			return usageError{err}
		}
		parts := map[string]func(context.Context) error{
			"payloads": func(ctx context.Context) error { return b.payloads(ctx, corpus) },
			"scans":    b.scans, "lookups": b.lookups, "latency": b.latency,
			"webhooks": b.webhooks,
			"legs":     func(ctx context.Context) error { return b.legs(ctx, counts) },
			"polling":  func(ctx context.Context) error { return b.polling(ctx, parcels) },
			"search":   func(ctx context.Context) error { return b.search(ctx, shipments) },
		}
		for _, name := range only {
			part, ok := parts[name]
			if !ok {
				return usageError{fmt.Errorf("--only: %q is none of payloads, scans, lookups, latency, webhooks, legs, polling, search", name)}
			}
			if err := part(cmd.Context()); err != nil {
				return fmt.Errorf("measure %s: %w", name, err)
			}
		}
		return nil
	}
	return cmd
}

func parseCounts(texts []string) ([]int, error) {
	counts := make([]int, len(texts))
	for i, text := range texts {
		count, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || count < 1 {
			return nil, fmt.Errorf("--legs: %q is no number of legs", text)
		}
		counts[i] = count
	}
	return counts, nil
}

// running is an installation that is measured.
type running struct {
	*app
	box  *outbox.Outbox
	stop func() error
}

// start runs an installation in a folder of its own. stop ends it and removes the folder.
func (b *bench) start(ctx context.Context) (*running, error) {
	dir, err := os.MkdirTemp("", "waybill-bench-")
	if err != nil {
		return nil, err
	}
	config, _, err := configs.Load(configs.Options{Role: configs.RoleServe})
	if err != nil {
		return nil, err
	}
	listener, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	const unlimited = 1 << 30
	config.DataDir, config.Listen, config.Log.Level = dir, listener.Addr().String(), "error"
	config.PublicURL = "http://" + config.Listen
	config.Webhooks.AllowPrivateNetworks = true
	config.Limits.LookupsPerMinute, config.Limits.KeyRequestsPerMinute = unlimited, unlimited
	r := &running{box: outbox.New(1<<16, b.now)}
	if r.app, err = b.newApp(ctx, config, configs.RoleServe, r.box); err != nil {
		return nil, errors.Join(err, listener.Close(), os.RemoveAll(dir))
	}
	within, cancel := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- r.run(within, listener) }()
	r.stop = func() error {
		cancel()
		return errors.Join(<-served, r.close(), os.RemoveAll(dir))
	}
	return r, nil
}

// withRunning measures something of a running installation.
func (b *bench) withRunning(ctx context.Context, measure func(context.Context, *running) error) error {
	r, err := b.start(ctx)
	if err != nil {
		return err
	}
	return errors.Join(measure(ctx, r), r.stop())
}

// sayf prints a line of the report.
func (b *bench) sayf(format string, values ...any) {
	_, _ = fmt.Fprintf(b.stdout, format+"\n", values...)
}
