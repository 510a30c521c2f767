package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"waybill/cmd/waybill/simulate"
	"waybill/tracker"
	"waybill/tracker/signin"
)

// demoPerson is somebody who signs in to the demo.
type demoPerson struct {
	email, password string
	seat            tracker.Seat
}

// demoPeople adds one of each who sign in; ups is the name of the carrier's account. Where the demo's data was kept they are there already, and get new passwords.
func (a *app) demoPeople(ctx context.Context, ups string) ([]demoPerson, error) {
	people := []demoPerson{
		{email: "operator@example.com", seat: tracker.Seat{Role: tracker.RoleOperator}},
		{email: "agent@example.com", seat: tracker.Seat{Role: tracker.RoleAgent}},
		{email: "seller@example.com", seat: tracker.Seat{Role: tracker.RoleSeller, Tenant: demoTenant, Level: tracker.LevelOwner}},
		{email: "carrier@example.com", seat: tracker.Seat{Role: tracker.RoleCarrier, Account: tracker.AccountKey(simulate.UPS, ups)}},
	}
	for i := range people {
		who := &people[i]
		who.password = signin.NewPassword()
		err := a.addUser(ctx, tracker.Identity{Email: who.email}, who.password, who.seat)
		if errors.Is(err, signin.ErrExists) {
			err = a.newPassword(ctx, who)
		}
		if err != nil {
			return nil, fmt.Errorf("add %s: %w", who.email, err)
		}
	}
	return people, nil
}

func (a *app) newPassword(ctx context.Context, who *demoPerson) error {
	desk := a.signIn()
	u, err := desk.Find(ctx, who.email)
	if err != nil {
		return err
	}
	return desk.SetPassword(ctx, u, who.password)
}

// introduce says who may sign in.
func (a *app) introduce(people []demoPerson) {
	out := &strings.Builder{}
	fmt.Fprintf(out, "Sign in at %s/signin as\n\n", a.config.PublicURL)
	for _, who := range people {
		fmt.Fprintf(out, "  %-9s %-22s password %s\n", who.seat.Role, who.email, who.password)
	}
	_, _ = fmt.Fprintln(a.program.stdout, out.String())
}
