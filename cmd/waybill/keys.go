package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"waybill/configs"
	"waybill/notify/push"
	"waybill/tracker"
)

func (p *program) keysCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "keys",
		GroupID: "operate",
		Short:   "Make, list and revoke API keys and carriers' accounts",
		Example: "  waybill keys create --tenant acme\n  waybill keys account create ups main\n  waybill keys list",
	}, p.keysCreateCommand(), p.keysListCommand(), p.keysRotateCommand(), p.keysRevokeCommand(), p.keysWebPushCommand(), p.accountCommand())
}

func (p *program) keysCreateCommand() *cobra.Command {
	var tenant, role, name string
	var expires time.Duration
	var scopes []string
	var test bool
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Make an API key; its secret is printed this once",
		Long: "Makes an API key. Roles: seller (its own shipments; needs --tenant), fleet (posts scans), agent (sees all\n" +
			"shipments), operator (sees and does everything).",
		Example: "  waybill keys create --tenant acme --name 'web shop'\n  waybill keys create --role fleet --name depot-3 --expires 8760h",
		Args:    arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	flags := cmd.Flags()
	flags.StringVar(&tenant, "tenant", "", "the seller whose key it is; made where it is new")
	flags.StringVar(&role, "role", string(tracker.RoleSeller), "seller, fleet, agent or operator")
	flags.StringVar(&name, "name", "", "what the key is for")
	flags.DurationVar(&expires, "expires", 0, "how long it holds (never ends by default)")
	flags.StringSliceVar(&scopes, "scopes", nil, "what it may be used for: read, write, webhooks, keys (everything by default)")
	flags.BoolVar(&test, "test", false, "a seller's key to its sandbox, whose parcels are made up")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		key, secret := tracker.NewKey(tenant, tracker.Role(role), name, p.now())
		if test && key.Role == tracker.RoleSeller {
			key, secret = tracker.NewTestKey(tenant, name, p.now())
		} else if test {
			return usageError{errors.New("--test is for sellers' keys")}
		}
		for _, text := range scopes {
			scope, err := tracker.ParseScope(text)
			if err != nil {
				return usageError{err}
			}
			key.Scopes = append(key.Scopes, scope)
		}
		if err := checkKey(key); err != nil {
			return usageError{err}
		}
		if expires > 0 {
			key.Expires = p.now().Add(expires).UTC()
		}
		return s.withData(cmd.Context(), p.openData, func(d *data) error {
			if err := d.saveKey(cmd.Context(), key); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.stdout, "%s\n", secret)
			_, _ = fmt.Fprintln(p.stderr, "Keep this key: it is not kept here and cannot be shown again.")
			return err
		})
	}
	return cmd
}

func checkKey(key *tracker.Key) error {
	switch key.Role {
	case tracker.RoleSeller:
		if key.Tenant == "" {
			return errors.New("a seller's key needs --tenant: a short word for the seller, such as acme")
		}
		return tracker.CheckTenant(key.Tenant)
	case tracker.RoleFleet, tracker.RoleAgent, tracker.RoleOperator:
		if key.Tenant != "" {
			return fmt.Errorf("--tenant is for sellers' keys; role %s sees all tenants", key.Role)
		}
	default:
		return fmt.Errorf("role %q is not one of seller, fleet, agent, operator", key.Role)
	}
	return nil
}

// saveKey stores a key, and its seller where that is new.
func (d *data) saveKey(ctx context.Context, key *tracker.Key) error {
	if err := d.saveTenant(ctx, key.Tenant); err != nil {
		return err
	}
	return tracker.Save(ctx, d.store, key)
}

// saveTenant stores a seller who is new; the empty one is nobody.
func (d *data) saveTenant(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	err := tracker.Save(ctx, d.store, &tracker.Tenant{ID: id, Name: id, CreatedAt: d.program.now().UTC()})
	if errors.Is(err, tracker.ErrConflict) {
		return nil
	}
	return err
}

func (p *program) keysListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List API keys and carriers' accounts; secrets are never shown", Example: "  waybill keys list",
		Args: arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error { return d.listKeys(cmd.Context()) })
	}
	return cmd
}

func (d *data) listKeys(ctx context.Context) error {
	keys, err := listAll[tracker.Key](ctx, d.store, tracker.ListAll)
	if err != nil {
		return err
	}
	accounts, err := listAll[tracker.Account](ctx, d.store, tracker.ListAll)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(d.program.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "KEY\tROLE\tTENANT\tNAME\tCREATED\tEXPIRES\tUSED\tSCOPES")
	for _, key := range keys {
		_, _ = fmt.Fprintf(table, "…%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			key.Hint, key.Role, key.Environment(), key.Name, day(key.CreatedAt), day(key.Expires), day(key.UsedAt), scopesOf(key))
	}
	_, _ = fmt.Fprintln(table, "\t\t\t\t\t\t\t\nACCOUNT\tVERIFICATION\tHEADER\tSECRETS\tCREATED\t\t\t")
	for _, a := range accounts {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t\t\t\n", tracker.AccountKey(a.Carrier, a.Name), a.Verification, a.Header, len(a.Secrets), day(a.CreatedAt))
	}
	return table.Flush()
}

func scopesOf(key *tracker.Key) string {
	if len(key.Scopes) == 0 {
		return "all"
	}
	var names []string
	for _, scope := range key.Scopes {
		names = append(names, string(scope))
	}
	return strings.Join(names, ",")
}

func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.DateOnly)
}

func (p *program) keysRevokeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "revoke KEY", Short: "Revoke an API key, named by its secret or by its last four characters",
		Example: "  waybill keys revoke x7Qa", Args: arguments(cobra.ExactArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error { return d.revokeKey(cmd.Context(), args[0]) })
	}
	return cmd
}

func (p *program) keysRotateCommand() *cobra.Command {
	var overlap time.Duration
	cmd := &cobra.Command{
		Use: "rotate KEY", Short: "Give an API key another secret, which is printed this once; the old one holds for the overlap",
		Example: "  waybill keys rotate x7Qa --overlap 24h", Args: arguments(cobra.ExactArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().DurationVar(&overlap, "overlap", 24*time.Hour, "how long the old secret holds too")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			key, err := d.findKey(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			_, secret, err := tracker.RotateKey(cmd.Context(), d.store, key, overlap, p.now())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "%s\n", secret)
			_, _ = fmt.Fprintln(p.stderr, "Keep this key: it is not kept here and cannot be shown again.")
			return err
		})
	}
	return cmd
}

// findKey finds the key that is named by its secret or by its last four characters.
func (d *data) findKey(ctx context.Context, name string) (*tracker.Key, error) {
	keys, err := listAll[tracker.Key](ctx, d.store, tracker.ListAll)
	if err != nil {
		return nil, err
	}
	var found []*tracker.Key
	for _, key := range keys {
		if key.Hash == tracker.HashKey(name) || key.Hint == name {
			found = append(found, key)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%d keys end with what was given; one was expected (waybill keys list shows them all)", len(found))
	}
	return found[0], nil
}

func (d *data) revokeKey(ctx context.Context, name string) error {
	key, err := d.findKey(ctx, name)
	if err != nil {
		return err
	}
	if err := remove(ctx, d.store, key); err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.program.stdout, "revoked …%s (%s %s %s)\n", key.Hint, key.Role, key.Tenant, key.Name)
	return err
}

func (p *program) keysWebPushCommand() *cobra.Command {
	return &cobra.Command{
		Use: "webpush", Short: "Make a key pair for web push (VAPID) and print it as settings", Example: "  waybill keys webpush",
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			public, private, err := push.NewKeys()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "WAYBILL_WEBPUSH_PUBLIC_KEY=%s\nWAYBILL_WEBPUSH_PRIVATE_KEY=%s\n", public, private)
			return err
		},
	}
}
