package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/signin"
)

// membersPage is who works for a seller; Password is a new one, shown this once, of Whose.
type membersPage struct {
	web.Desk

	Members         []signin.Member
	Me              string
	Levels          []tracker.Level
	Whose, Password string
}

func (s *Server) memberRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/members", s.page(func(c *fiber.Ctx) error { return s.sendMembers(c, "", "") }))
	r.Add(fiber.MethodPost, "/members", s.page(s.postMember))
	r.Add(fiber.MethodPost, "/members/:id/level", s.page(s.postMemberLevel))
	r.Add(fiber.MethodPost, "/members/:id/password", s.page(s.postMemberPassword))
	r.Add(fiber.MethodPost, "/members/:id/remove", s.page(s.postMemberRemoved))
}

func (s *Server) sendMembers(c *fiber.Ctx, whose, password string) error {
	who := callerOf(c.UserContext())
	members, err := s.people.Members(c.UserContext(), who.Tenant)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "members.html", membersPage{
		Desk: s.desktop(c, "Members"), Members: members, Me: who.Visit.User.ID,
		Levels: []tracker.Level{tracker.LevelViewer, tracker.LevelMember, tracker.LevelOwner}, Whose: whose, Password: password,
	})
}

func (s *Server) postMember(c *fiber.Ctx) error {
	who := tracker.Identity{Email: c.FormValue("email"), Name: c.FormValue("name")}
	if len(who.Name) > 100 {
		return invalid("name", "has at most 100 characters", "Ada Berg")
	}
	u, password, err := s.people.AddMember(c.UserContext(), callerOf(c.UserContext()).Tenant, who, tracker.Level(c.FormValue("level")))
	if err != nil {
		return memberProblem(err)
	}
	if err := s.audited(c.UserContext(), "member.added", u.ID); err != nil {
		return err
	}
	if password == "" {
		return c.Redirect("/members?said=member", http.StatusSeeOther)
	}
	return s.sendMembers(c, who.Email, password)
}

func (s *Server) postMemberLevel(c *fiber.Ctx) error {
	level := tracker.Level(c.FormValue("level"))
	if level == "" {
		return invalid("level", "is one of viewer, member, owner", "member")
	}
	return s.changeMember(c, "member.level", level)
}

func (s *Server) postMemberRemoved(c *fiber.Ctx) error {
	return s.changeMember(c, "member.removed", "")
}

func (s *Server) changeMember(c *fiber.Ctx, action string, level tracker.Level) error {
	return s.onMember(c, action, func(ctx context.Context, tenant, id string) error {
		if err := s.people.SetLevel(ctx, tenant, id, level); err != nil {
			return err
		}
		return c.Redirect("/members?said=member", http.StatusSeeOther)
	})
}

func (s *Server) postMemberPassword(c *fiber.Ctx) error {
	return s.onMember(c, "member.password", func(ctx context.Context, tenant, id string) error {
		password, err := s.people.NewMemberPassword(ctx, tenant, id)
		if err != nil {
			return err
		}
		return s.sendMembers(c, "", password)
	})
}

// onMember does something with the member in the path, which is written down first.
func (s *Server) onMember(c *fiber.Ctx, action string, do func(ctx context.Context, tenant, id string) error) error {
	ctx, id := c.UserContext(), c.Params("id")
	if err := s.audited(ctx, action, id); err != nil {
		return err
	}
	return memberProblem(do(ctx, callerOf(ctx).Tenant, id))
}

// memberProblem says what is wrong with what an owner wants of a member.
func memberProblem(err error) error {
	var known *Problem
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, tracker.ErrNotFound), errors.Is(err, tracker.ErrConflict), errors.Is(err, tracker.ErrUnavailable):
		return err
	case errors.Is(err, signin.ErrLastOwner), errors.Is(err, signin.ErrElsewhere), errors.Is(err, signin.ErrMember):
		return problem("conflict", err.Error())
	}
	return invalid("email", err.Error(), "ada@example.com")
}
