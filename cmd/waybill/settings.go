package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"waybill/configs"
)

// settings are the configuration of one command, from file, environment and flags.
type settings struct {
	program *program
	role    configs.Role
	file    string
	flags   *pflag.FlagSet
}

// settings gives a command a flag for every setting. Only those named are in its help: all are in docs/configuration.md,
// and `waybill config` shows what they are.
func (p *program) settings(cmd *cobra.Command, role configs.Role, shown ...string) *settings {
	s := &settings{program: p, role: role, flags: cmd.Flags()}
	configs.AddFlags(s.flags)
	s.flags.VisitAll(func(flag *pflag.Flag) { flag.Hidden = !slices.Contains(shown, flag.Name) })
	s.flags.StringVar(&s.file, "config", "", "settings file (else the one that WAYBILL_CONFIG names)")
	return s
}

// load reads the settings and checks that they suit the role.
func (s *settings) load() (configs.Config, configs.Origins, error) {
	config, origins, err := configs.Load(configs.Options{
		Role: s.role, File: s.file, Environment: s.program.environ, Flags: s.flags,
	})
	if err == nil {
		err = config.Validate(s.role)
	}
	if err != nil {
		return configs.Config{}, nil, usageError{err}
	}
	return config, origins, nil
}
