package main

import (
	"slices"

	"github.com/spf13/cobra"

	"waybill/configs"
	"waybill/tracker"
	"waybill/tracker/signin"
)

func (p *program) usersRoleCommand() *cobra.Command {
	var flags seatFlags
	var remove bool
	cmd := &cobra.Command{
		Use: "role EMAIL", Short: "Let somebody be one thing more, or no longer",
		Example: "  waybill users role ada@example.com --role agent\n  waybill users role ada@example.com --role seller --tenant acme --remove",
		Args:    arguments(cobra.ExactArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	flags.on(cmd)
	cmd.Flags().BoolVar(&remove, "remove", false, "take it away")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		seat, err := flags.seat()
		if err != nil {
			return err
		}
		return p.withUser(cmd, s, args[0], func(d *data, desk *signin.Desk, u *tracker.User) error {
			seats := slices.DeleteFunc(slices.Clone(u.Seats), func(has tracker.Seat) bool { return has.Key() == seat.Key() })
			if !remove {
				if err := d.saveTenant(cmd.Context(), seat.Tenant); err != nil {
					return err
				}
				seats = append(seats, seat)
			}
			return desk.SetSeats(cmd.Context(), u, seats)
		})
	}
	return cmd
}

func (p *program) usersPasswordCommand() *cobra.Command {
	var fromInput, resetCodes bool
	cmd := &cobra.Command{
		Use: "password EMAIL", Short: "Give somebody a new password, and end all sessions",
		Example: "  waybill users password ada@example.com\n  waybill users password ada@example.com --reset-codes",
		Args:    arguments(cobra.ExactArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().BoolVar(&fromInput, "password-stdin", false, "read the password from standard input")
	cmd.Flags().BoolVar(&resetCodes, "reset-codes", false, "take the second factor away too, for who lost it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		password, err := p.password(fromInput)
		if err != nil {
			return err
		}
		return p.withUser(cmd, s, args[0], func(_ *data, desk *signin.Desk, u *tracker.User) error {
			if resetCodes {
				if err := desk.Unenrol(cmd.Context(), u); err != nil {
					return err
				}
			}
			if err := desk.SetPassword(cmd.Context(), u, password); err != nil {
				return err
			}
			return p.tellPassword(password, fromInput)
		})
	}
	return cmd
}

func (p *program) usersRevokeCommand() *cobra.Command {
	var erase, restore bool
	cmd := &cobra.Command{
		Use: "revoke EMAIL", Short: "Sign somebody out everywhere, for good",
		Long: "Signs somebody out everywhere, within seconds, and lets them in no more. --restore lets them in again, --erase takes\n" +
			"the person out of the store with all that is kept of them.",
		Example: "  waybill users revoke ada@example.com\n  waybill users revoke ada@example.com --erase",
		Args:    arguments(cobra.ExactArgs(1)),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().BoolVar(&erase, "erase", false, "remove the person")
	cmd.Flags().BoolVar(&restore, "restore", false, "let the person in again")
	cmd.MarkFlagsMutuallyExclusive("erase", "restore")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withUser(cmd, s, args[0], func(_ *data, desk *signin.Desk, u *tracker.User) error {
			if erase {
				return desk.Remove(cmd.Context(), u)
			}
			u.Disabled = !restore
			return desk.EndAll(cmd.Context(), u)
		})
	}
	return cmd
}
