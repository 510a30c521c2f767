package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"waybill/adapters"
	"waybill/adapters/pull"
	"waybill/configs"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
	"waybill/workers/poll/week"
)

// polling plays a week of parcels that a fake carrier is asked about, by the policy and every two hours.
func (b *bench) polling(ctx context.Context, parcels int) error {
	config, _, err := configs.Load(configs.Options{Role: configs.RoleServe})
	if err != nil {
		return err
	}
	world := week.New(parcels)
	b.sayf("polling: a week of %d parcels, at a fake carrier that takes 30 numbers in a call and 2 calls a second; look-ups and calls are per parcel", parcels)
	b.sayf("%s", week.Header)
	for _, run := range []struct {
		name     string
		schedule pull.Schedule
	}{
		{"policy", pull.Policy{Expire: config.Silence.ExpiredAfter}},
		{"every two hours", pull.Fixed{Every: 2 * time.Hour}},
	} {
		report, err := b.playWeek(ctx, world, run.name, run.schedule)
		if err != nil {
			return err
		}
		b.sayf("%s", report.Row(run.name))
	}
	return nil
}

// playWeek plays a week on a store of its own.
func (b *bench) playWeek(ctx context.Context, world *week.World, name string, schedule pull.Schedule) (report *week.Report, err error) {
	dir, err := os.MkdirTemp("", "waybill-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := sqlite.Open(ctx, filepath.Join(dir, "waybill.db"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	keys, err := seal.New(make([]byte, seal.KeySize)) // what is sealed is played too
	if err != nil {
		return nil, err
	}
	carriers, err := adapters.New()
	if err != nil {
		return nil, err
	}
	const steps = 1000
	bar := b.progress(steps, name)
	defer bar.finish()
	done := 0
	report, err = world.Play(ctx, week.Stage{Store: store, Keys: keys, Carriers: carriers, Progress: func(share float64) {
		at := int(share * steps)
		bar.add(at - done)
		done = at
	}}, schedule)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return report, nil
}
