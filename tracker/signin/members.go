package signin

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waybill/tracker"
)

// Member is who works for a seller.
type Member struct {
	User *tracker.User
	tracker.Identity
	Level tracker.Level
	// Alone: the person is nothing else here, so that the seller's owners may give a new password.
	Alone bool
}

// The errors of what owners do with their members.
var (
	// ErrLastOwner: the seller would be left without an owner.
	ErrLastOwner = errors.New("this is the last owner; make somebody else one first")
	// ErrElsewhere: the person is more than this seller's member.
	ErrElsewhere = errors.New("this person works for others here too: only an operator gives a new password")
	// ErrMember: the person is this seller's member already.
	ErrMember = errors.New("this person is a member already")
)

// membersMost bounds how many members of a seller are listed.
const membersMost = 500

// Members lists a seller's members, who came first last.
func (d *Desk) Members(ctx context.Context, tenant string) ([]Member, error) {
	users, err := tracker.LoadList[tracker.User](ctx, d.Store, tracker.ListOfTenant(tenant), tracker.Page{Limit: membersMost})
	if err != nil {
		return nil, fmt.Errorf("list the members of %s: %w", tenant, err)
	}
	members := make([]Member, 0, len(users))
	for _, u := range users {
		m, err := d.member(u, tenant)
		if err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	return members, nil
}

func (d *Desk) member(u *tracker.User, tenant string) (Member, error) {
	who, err := u.Open(d.Keys)
	return Member{User: u, Identity: who, Level: levelIn(u, tenant), Alone: len(u.Seats) == 1}, err
}

// levelIn is what a user may do for a seller; "" for who is no member.
func levelIn(u *tracker.User, tenant string) tracker.Level {
	for _, seat := range u.Seats {
		if seat.Role == tracker.RoleSeller && seat.Tenant == tenant {
			return seat.Level
		}
	}
	return ""
}

// AddMember has somebody work for a seller. password is the one that a new user begins with; empty for who has one already.
func (d *Desk) AddMember(ctx context.Context, tenant string, who tracker.Identity, level tracker.Level) (u *tracker.User, password string, err error) {
	seat := tracker.Seat{Role: tracker.RoleSeller, Tenant: tenant, Level: level}
	if err := seat.Check(); err != nil {
		return nil, "", err
	}
	if _, err := normalise(who.Email); err != nil {
		return nil, "", err
	}
	u, err = d.Find(ctx, who.Email)
	if errors.Is(err, tracker.ErrNotFound) {
		password = NewPassword()
		u, err = d.Add(ctx, NewUser{Identity: who, Password: password, Seats: []tracker.Seat{seat}})
		return u, password, err
	}
	if err != nil {
		return nil, "", err
	}
	if levelIn(u, tenant) != "" {
		return nil, "", ErrMember
	}
	return u, "", d.SetSeats(ctx, u, append(slices.Clone(u.Seats), seat))
}

// SetLevel changes what a member may do; "" ends the membership. Who is nothing else here is removed with it.
func (d *Desk) SetLevel(ctx context.Context, tenant, user string, level tracker.Level) error {
	members, err := d.Members(ctx, tenant)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(members, func(m Member) bool { return m.User.ID == user })
	if i < 0 {
		return tracker.ErrNotFound
	}
	isOwner := func(m Member) bool { return m.Level == tracker.LevelOwner && !m.User.Disabled && m.User.ID != user }
	if members[i].Level == tracker.LevelOwner && level != tracker.LevelOwner && !slices.ContainsFunc(members, isOwner) {
		return ErrLastOwner
	}
	u := members[i].User
	seats := slices.DeleteFunc(slices.Clone(u.Seats), func(s tracker.Seat) bool { return s.Role == tracker.RoleSeller && s.Tenant == tenant })
	switch {
	case level != "":
		seats = append(seats, tracker.Seat{Role: tracker.RoleSeller, Tenant: tenant, Level: level})
	case len(seats) == 0:
		return d.Remove(ctx, u)
	}
	return d.SetSeats(ctx, u, seats)
}

// NewMemberPassword gives a member who is nothing else here a new password, and ends all sessions.
func (d *Desk) NewMemberPassword(ctx context.Context, tenant, user string) (string, error) {
	u, err := tracker.Load[tracker.User](ctx, d.Store, user)
	if err != nil {
		return "", err
	}
	switch {
	case levelIn(u, tenant) == "":
		return "", tracker.ErrNotFound
	case len(u.Seats) != 1:
		return "", ErrElsewhere
	}
	password := NewPassword()
	return password, d.SetPassword(ctx, u, password)
}
