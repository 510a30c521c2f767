package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"waybill/api/verify"
	"waybill/configs"
	"waybill/tracker"
)

func (p *program) accountCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "account",
		Short:   "Make, rotate and remove carriers' accounts for posting scans",
		Example: "  waybill keys account create ups main\n  waybill keys account rotate ups main --overlap 24h",
	}, p.accountCreateCommand(), p.accountRotateCommand(), p.accountRemoveCommand())
}

func (p *program) accountCreateCommand() *cobra.Command {
	var kind, header string
	cmd := &cobra.Command{
		Use: "create CARRIER NAME", Short: "Make an account; its secret is printed this once",
		Long: "Makes an account under which a carrier posts to /v1/carriers/CARRIER/NAME/events. How its posts prove\n" +
			"themselves follows from the carrier, unless --verification says otherwise.",
		Example: "  waybill keys account create ups main\n  waybill keys account create dhl eu --verification basic",
		Args:    arguments(cobra.ExactArgs(2)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().StringVar(&kind, "verification", "", "credential, hmac-sha256, basic or token (else the carrier's own)")
	cmd.Flags().StringVar(&header, "header", "", "header that bears the proof (else the carrier's own)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openData, func(d *data) error {
			account, secret, err := d.createAccount(cmd.Context(), args[0], args[1], kind, header)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(p.stdout, secret)
			_, _ = fmt.Fprintf(p.stderr, "The carrier posts to %s/v1/carriers/%s/events, proved by %s. Keep this secret: it cannot be shown again.\n",
				d.config.PublicURL, tracker.AccountKey(account.Carrier, account.Name), account.Verification)
			return err
		})
	}
	return cmd
}

// createAccount stores a new account of a carrier. An empty kind is the carrier's own, with its header.
func (d *data) createAccount(ctx context.Context, code, name, kind, header string) (*tracker.Account, string, error) {
	carrier := d.carriers.Carrier(code)
	if carrier == nil {
		return nil, "", fmt.Errorf("carrier %q is not known; waybill adapters list shows those that are", code)
	}
	if kind == "" {
		kind = carrier.Webhooks.Verification
	}
	if kind == "none" { // it pushes nothing by itself: whoever posts its payloads for it bears a token
		kind = "token"
	}
	if header == "" && kind == carrier.Webhooks.Verification {
		header = carrier.Webhooks.Header
	}
	if _, err := verify.Kind(kind); err != nil {
		return nil, "", err
	}
	account := &tracker.Account{
		Carrier: code, Name: name, Verification: kind, Header: header, CreatedAt: d.program.now().UTC(),
	}
	secret := tracker.NewSecret()
	account.AddSecret(d.keys, secret, 0, d.program.now())
	err := tracker.Save(ctx, d.store, account)
	if errors.Is(err, tracker.ErrConflict) {
		return nil, "", fmt.Errorf("account %s exists already; rotate its secret instead", tracker.AccountKey(code, name))
	}
	return account, secret, err
}

func (p *program) accountRotateCommand() *cobra.Command {
	var overlap time.Duration
	cmd := &cobra.Command{
		Use: "rotate CARRIER NAME", Short: "Give an account a new secret; the old one holds for a while",
		Example: "  waybill keys account rotate ups main --overlap 24h", Args: arguments(cobra.ExactArgs(2)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().DurationVar(&overlap, "overlap", 7*24*time.Hour, "how long the old secret still holds")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			secret, err := d.rotateAccount(cmd.Context(), tracker.AccountKey(args[0], args[1]), overlap)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(p.stdout, secret)
			return err
		})
	}
	return cmd
}

func (d *data) rotateAccount(ctx context.Context, key string, overlap time.Duration) (secret string, err error) {
	account, err := tracker.Load[tracker.Account](ctx, d.store, key)
	if err != nil {
		return "", err
	}
	secret = tracker.NewSecret()
	account.AddSecret(d.keys, secret, overlap, d.program.now())
	return secret, tracker.Save(ctx, d.store, account)
}

func (p *program) accountRemoveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "remove CARRIER NAME", Short: "Remove an account: its posts are refused from now on",
		Example: "  waybill keys account remove ups main", Args: arguments(cobra.ExactArgs(2)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
			account, err := tracker.Load[tracker.Account](cmd.Context(), d.store, tracker.AccountKey(args[0], args[1]))
			if err != nil {
				return err
			}
			return remove(cmd.Context(), d.store, account)
		})
	}
	return cmd
}
