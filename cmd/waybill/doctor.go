package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"waybill/cmd/waybill/doctor"
	"waybill/configs"
	"waybill/tracker"
)

func (p *program) doctorCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "doctor",
		GroupID: "operate",
		Short:   "Check every dependency, and say what is wrong and what to do",
		Long: "Checks what Waybill depends on with the settings at hand: data folder, disk, master key, store, Redis, clocks,\n" +
			"public address, mail server, SMS account, push keys, carriers' accounts. The exit code is 0 where nothing is bad.",
		Example: "  waybill doctor\n  waybill doctor --config /etc/waybill/waybill.yaml --json",
		Args:    arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON document a line")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		config, _, err := s.load()
		if err != nil {
			return err
		}
		return p.examine(cmd.Context(), config, asJSON)
	}
	return cmd
}

func (p *program) examine(ctx context.Context, config configs.Config, asJSON bool) error {
	patient := &doctor.Patient{
		Config: config, Now: p.now,
		OpenStore: func(ctx context.Context) (tracker.Store, error) {
			d, err := p.openData(ctx, config, p.logger(config.Log))
			if err != nil {
				return nil, err
			}
			return d.store, nil
		},
	}
	patient.Accounts = func(ctx context.Context) (states map[string]doctor.AccountState, err error) {
		d, err := p.openData(ctx, config, p.logger(config.Log))
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, d.close()) }()
		return d.checkPullAccounts(ctx, nil, "")
	}
	if config.Redis.URL != "" {
		queue, err := openQueue(config.Redis)
		if err != nil {
			return err
		}
		defer func() { _ = queue.close() }()
		patient.Redis = queue.UniversalClient
	}
	var unprinted error
	show := func(f doctor.Finding) {
		_, _ = fmt.Fprintf(p.stdout, "%-8s %s: %s\n", f.Level, f.Check, f.What)
		if f.Do != "" {
			_, _ = fmt.Fprintf(p.stdout, "         → %s\n", f.Do)
		}
	}
	if asJSON {
		encoder := json.NewEncoder(p.stdout)
		show = func(f doctor.Finding) { unprinted = errors.Join(unprinted, encoder.Encode(f)) }
	}
	if !doctor.Examine(ctx, patient, show) {
		return errors.Join(errReported, unprinted)
	}
	return unprinted
}
