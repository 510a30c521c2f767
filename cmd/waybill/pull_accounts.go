package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waybill/adapters/pull"
	"waybill/configs"
	"waybill/tracker"
)

func (p *program) accountsCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "accounts",
		GroupID: "operate",
		Short:   "Accounts under which carriers' own APIs are asked about parcels",
		Long: "Some carriers tell nothing by themselves: they are asked, under an account of theirs. (Accounts under which\n" +
			"carriers post to us are made by: waybill keys account.)",
		Example: "  waybill accounts add fedex main\n  waybill accounts check\n  waybill accounts list",
	}, p.accountsAddCommand(), p.accountsListCommand(), p.accountsCheckCommand(), p.accountsRemoveCommand())
}

// newPullAccount is what the command line says of an account.
type newPullAccount struct {
	tenant, base string
	sandbox      bool
	set, rates   []string
	replace      bool
}

func (p *program) accountsAddCommand() *cobra.Command {
	var n newPullAccount
	cmd := &cobra.Command{
		Use: "add CARRIER NAME", Short: "Add an account, or give one new credentials",
		Long: "Adds an account under which the parcels of a carrier are asked about; with --tenant those of one seller alone.\n" +
			"What the carrier wants is in docs/carriers.md; what --set does not give is asked for, a line each, and not shown.\n" +
			"Secrets given by --set stand in the process list: give them as --set name=@file, or let them be asked for.",
		Example: "  waybill accounts add dhl main\n  waybill accounts add fedex acme --tenant acme --set client_id=l7x --set client_secret=@/run/secrets/fedex",
		Args:    arguments(cobra.ExactArgs(2)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	flags := cmd.Flags()
	flags.StringVar(&n.tenant, "tenant", "", "the seller whose parcels are asked about under it (else all who have none of their own)")
	flags.StringArrayVar(&n.set, "set", nil, "a credential, name=value or name=@file")
	flags.StringVar(&n.base, "base", "", "address of the API (else the carrier's usual one)")
	flags.BoolVar(&n.sandbox, "sandbox", false, "ask the carrier's test system")
	flags.StringArrayVar(&n.rates, "rate", nil, "calls the carrier granted, as 1000/24h; may be given several times (else the carrier's usual ones)")
	flags.BoolVar(&n.replace, "replace", false, "give an account that exists these credentials")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openData, func(d *data) error {
			account, err := d.addPullAccount(cmd.Context(), args[0], args[1], n)
			if err == nil {
				_, err = fmt.Fprintf(p.stdout, "added %s; try it by: waybill accounts check %s\n", account.Key(), account.Key())
			}
			return err
		})
	}
	return cmd
}

func (d *data) addPullAccount(ctx context.Context, carrier, name string, n newPullAccount) (*tracker.PullAccount, error) {
	r := d.pullRule(carrier)
	if r == nil {
		return nil, fmt.Errorf("carrier %q is not one that is asked; those are %s", carrier, strings.Join(d.pulled(), ", "))
	}
	opened := &pull.Account{Carrier: carrier, Name: name, Base: n.base}
	if n.sandbox {
		if r.Sandbox == "" || n.base != "" {
			return nil, usageError{fmt.Errorf("--sandbox: %s has no test system, or --base is given too", carrier)}
		}
		opened.Base = r.Sandbox
	}
	var err error
	if opened.Credentials, err = d.program.readCredentials(r, n.set); err != nil {
		return nil, err
	}
	stored := &tracker.PullAccount{Carrier: carrier, Name: name, CreatedAt: d.program.now().UTC()}
	if n.replace {
		if stored, err = tracker.Load[tracker.PullAccount](ctx, d.store, stored.Key()); err != nil {
			return nil, err
		}
	}
	stored.Tenant, stored.Base = n.tenant, opened.Base
	if stored.Rates, err = pull.ParseRates(n.rates); err != nil {
		return nil, usageError{fmt.Errorf("--rate: %w", err)}
	}
	if err := opened.Complete(r); err != nil {
		return nil, err
	}
	if err := stored.Seal(d.keys, opened.Credentials); err != nil {
		return nil, err
	}
	err = tracker.Save(ctx, d.store, stored)
	if errors.Is(err, tracker.ErrConflict) {
		return nil, fmt.Errorf("account %s exists already; give it new credentials by --replace", stored.Key())
	}
	return stored, err
}

// pulled lists the carriers that are asked.
func (d *data) pulled() []string {
	return slices.DeleteFunc(d.carriers.Codes(), func(code string) bool { return d.pullRule(code) == nil })
}

func (p *program) accountsListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List the accounts; secrets are never shown", Example: "  waybill accounts list", Args: arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error { return d.listPullAccounts(cmd.Context()) })
	}
	return cmd
}

func (d *data) listPullAccounts(ctx context.Context) error {
	stored, err := listAll[tracker.PullAccount](ctx, d.store, tracker.ListAll)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(d.program.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ACCOUNT\tTENANT\tADDRESS\tRATES\tCREDENTIALS\tCREATED")
	for _, one := range stored {
		shown := "cannot be opened with the keys at hand"
		if account, err := pull.Open(one, d.keys); err == nil {
			shown = pull.Shown(account, d.pullRule(one.Carrier))
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", one.Key(), one.Tenant, one.Base, pull.RatesText(one.Rates), shown, day(one.CreatedAt))
	}
	return table.Flush()
}

func (p *program) accountsRemoveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "remove CARRIER NAME", Short: "Remove an account: nobody is asked under it any more", Example: "  waybill accounts remove fedex main",
		Args: arguments(cobra.ExactArgs(2)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			account, err := tracker.Load[tracker.PullAccount](cmd.Context(), d.store, tracker.AccountKey(args[0], args[1]))
			if err != nil {
				return err
			}
			return remove(cmd.Context(), d.store, account)
		})
	}
	return cmd
}

func (p *program) accountsCheckCommand() *cobra.Command {
	var number string
	cmd := &cobra.Command{
		Use: "check [CARRIER/NAME…]", Short: "Ask each carrier once, and say whether it takes the account",
		Long: "Makes one call under each account, about a number that nobody has or about --number, and says what came of it.\n" +
			"It counts towards the carrier's quota. The exit code is 0 where every account is taken.",
		Example: "  waybill accounts check\n  waybill accounts check dhl/main --number 00340434161094042557",
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().StringVar(&number, "number", "", "a tracking number of the carrier's (else the example of its format)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			states, err := d.checkPullAccounts(cmd.Context(), args, number)
			if err != nil {
				return err
			}
			failed := false
			for _, key := range slices.Sorted(maps.Keys(states)) {
				state := states[key]
				failed = failed || !state.Good
				_, _ = fmt.Fprintf(p.stdout, "%-20s %s\n", key, state.What)
			}
			if failed {
				return errReported
			}
			return nil
		})
	}
	return cmd
}
