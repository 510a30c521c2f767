package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waybill/api/oidc"
	"waybill/configs"
	"waybill/tracker"
	"waybill/tracker/dial"
	"waybill/tracker/signin"
)

func (p *program) usersCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:     "users",
		GroupID: "operate",
		Short:   "Add, list and revoke people who sign in, and give them new passwords",
		Example: "  waybill users add ada@example.com --role operator\n  waybill users list",
	}, p.usersAddCommand(), p.usersListCommand(), p.usersRoleCommand(), p.usersPasswordCommand(), p.usersRevokeCommand())
}

// signIn is where people sign in.
func (d *data) signIn() *signin.Desk {
	issuer := "Waybill"
	if address, err := url.Parse(d.config.PublicURL); err == nil && address.Hostname() != "" {
		issuer += " " + address.Hostname()
	}
	return &signin.Desk{
		Store: d.store, Keys: d.keys, Now: d.program.now, Idle: d.config.SignIn.Idle, Life: d.config.SignIn.Life,
		StaffCodes: d.config.SignIn.StaffCodes, Issuer: issuer,
	}
}

// vouching is the OpenID provider of staff; nil where none is set up.
func (d *data) vouching() (provider *oidc.Provider, name string) {
	c := &d.config.OIDC
	if c.Issuer == "" {
		return nil, ""
	}
	return oidc.New(oidc.Options{
		Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: string(c.ClientSecret), TrustEmails: c.TrustEmails,
		Redirect: d.config.PublicURL + "/signin/oidc/callback",
		// The operator named the provider: it may be on the own network.
		Client: dial.NewClient(dial.Options{AllowPrivate: true, MaxResponse: 1 << 20}),
	}), c.Name
}

// seatFlags say what somebody may be.
type seatFlags struct{ role, tenant, level, account string }

func (f *seatFlags) on(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.role, "role", "", "operator, agent, seller or carrier")
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "the seller of whom it is a member")
	cmd.Flags().StringVar(&f.level, "level", "", "of a seller's member: owner, member or viewer (member where left out)")
	cmd.Flags().StringVar(&f.account, "account", "", "the carrier's account, as carrier/name")
}

func (f *seatFlags) seat() (tracker.Seat, error) {
	seat := tracker.Seat{Role: tracker.Role(f.role), Tenant: f.tenant, Level: tracker.Level(f.level), Account: f.account}
	if seat.Role == tracker.RoleSeller && seat.Level == "" {
		seat.Level = tracker.LevelMember
	}
	if err := seat.Check(); err != nil {
		return seat, usageError{err}
	}
	return seat, nil
}

func (p *program) usersAddCommand() *cobra.Command {
	var flags seatFlags
	var name string
	var fromInput bool
	cmd := &cobra.Command{
		Use: "add EMAIL", Short: "Add somebody who signs in; the password is printed this once",
		Long: "Adds somebody who signs in at /signin. A password is made and printed, unless --password-stdin reads one. Staff who\n" +
			"sign in at an OpenID provider need none: they are known by the address.",
		Example: "  waybill users add ada@example.com --role operator --name 'Ada Lovelace'\n" +
			"  waybill users add shop@example.com --role seller --tenant acme --level owner",
		Args: arguments(cobra.ExactArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	flags.on(cmd)
	cmd.Flags().StringVar(&name, "name", "", "what the person is called")
	cmd.Flags().BoolVar(&fromInput, "password-stdin", false, "read the password from standard input")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		seat, err := flags.seat()
		if err != nil {
			return err
		}
		password, err := p.password(fromInput)
		if err != nil {
			return err
		}
		return s.withData(cmd.Context(), p.openData, func(d *data) error {
			if err := d.addUser(cmd.Context(), tracker.Identity{Email: args[0], Name: name}, password, seat); err != nil {
				return err
			}
			return p.tellPassword(password, fromInput)
		})
	}
	return cmd
}

// addUser adds somebody, and the seller where that is new.
func (d *data) addUser(ctx context.Context, who tracker.Identity, password string, seat tracker.Seat) error {
	if err := d.saveTenant(ctx, seat.Tenant); err != nil {
		return err
	}
	_, err := d.signIn().Add(ctx, signin.NewUser{Identity: who, Password: password, Seats: []tracker.Seat{seat}})
	return err
}

// mostPassword bounds what is read as a password, in bytes.
const mostPassword = 1024

// password reads a password, or makes one.
func (p *program) password(fromInput bool) (string, error) {
	if !fromInput {
		return signin.NewPassword(), nil
	}
	text, err := io.ReadAll(io.LimitReader(p.stdin, mostPassword))
	return strings.TrimRight(string(text), "\r\n"), err
}

func (p *program) tellPassword(password string, theirs bool) error {
	if theirs {
		return nil
	}
	_, err := fmt.Fprintln(p.stdout, password)
	_, _ = fmt.Fprintln(p.stderr, "Hand this password over safely: it cannot be shown again. It can be changed under Your account.")
	return err
}

func (p *program) usersListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List who signs in", Example: "  waybill users list", Args: arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return s.withData(cmd.Context(), p.openExisting, func(d *data) error { return d.listUsers(cmd.Context()) })
	}
	return cmd
}

func (d *data) listUsers(ctx context.Context) error {
	users, err := listAll[tracker.User](ctx, d.store, tracker.ListAll)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(d.program.stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "E-MAIL\tNAME\tMAY BE\tSECOND FACTOR\tSTATE\tCREATED")
	for _, u := range users {
		who, err := u.Open(d.keys)
		if err != nil {
			return err
		}
		var seats []string
		for _, seat := range u.Seats {
			seats = append(seats, strings.TrimSuffix(seat.Key()+" "+string(seat.Level), " "))
		}
		factor, state := "no", "active"
		if len(u.Secret) > 0 {
			factor = "yes"
		}
		if u.Disabled {
			state = "revoked"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", who.Email, who.Name, strings.Join(seats, ", "), factor, state, day(u.CreatedAt))
	}
	return table.Flush()
}

// withUser runs a command on the user of an address.
func (p *program) withUser(cmd *cobra.Command, s *settings, address string, do func(*data, *signin.Desk, *tracker.User) error) error {
	return s.withData(cmd.Context(), p.openExisting, func(d *data) error {
		desk := d.signIn()
		u, err := desk.Find(cmd.Context(), address)
		if errors.Is(err, tracker.ErrNotFound) {
			return errors.New("nobody has that address; waybill users list shows who there is")
		}
		if err != nil {
			return err
		}
		return do(d, desk, u)
	})
}
