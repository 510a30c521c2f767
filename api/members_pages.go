package api

import (
	"errors"
	"net/http"
	"slices"

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
		Levels: levels, Whose: whose, Password: password,
	})
}

func (s *Server) postMember(c *fiber.Ctx) error {
	who := tracker.Identity{Email: c.FormValue("email"), Name: c.FormValue("name")}
	if len(who.Name) > 100 {
		return invalid("name", "has at most 100 characters", "Ada Berg")
	}
	level, err := levelIn(c)
	if err != nil {
		return err
	}
	u, password, err := s.people.AddMember(c.UserContext(), callerOf(c.UserContext()).Tenant, who, level)
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
	level, err := levelIn(c)
	if err != nil {
		return err
	}
	return s.changeMember(c, "member.level", level)
}

func (s *Server) postMemberRemoved(c *fiber.Ctx) error {
	return s.changeMember(c, "member.removed", "")
}

func (s *Server) changeMember(c *fiber.Ctx, action string, level tracker.Level) error {
	ctx, id := c.UserContext(), c.Params("id")
	if err := s.audited(ctx, action, id); err != nil {
		return err
	}
	if err := s.people.SetLevel(ctx, callerOf(ctx).Tenant, id, level); err != nil {
		return memberProblem(err)
	}
	return c.Redirect("/members?said=member", http.StatusSeeOther)
}

func (s *Server) postMemberPassword(c *fiber.Ctx) error {
	ctx, id := c.UserContext(), c.Params("id")
	if err := s.audited(ctx, "member.password", id); err != nil {
		return err
	}
	password, err := s.people.NewMemberPassword(ctx, callerOf(ctx).Tenant, id)
	if err != nil {
		return memberProblem(err)
	}
	return s.sendMembers(c, "", password)
}

// levels are what a member may be, from least to most.
var levels = []tracker.Level{tracker.LevelViewer, tracker.LevelMember, tracker.LevelOwner}

// levelIn reads what somebody may do from a form.
func levelIn(c *fiber.Ctx) (tracker.Level, error) {
	level := tracker.Level(c.FormValue("level"))
	if !slices.Contains(levels, level) {
		return "", invalid("level", "is one of viewer, member, owner", "member")
	}
	return level, nil
}

// memberProblem says what is wrong with what an owner wants of a member.
func memberProblem(err error) error {
	switch {
	case errors.Is(err, signin.ErrLastOwner), errors.Is(err, signin.ErrElsewhere), errors.Is(err, signin.ErrMember):
		return problem("conflict", err.Error())
	case errors.Is(err, signin.ErrAddress):
		return invalid("email", err.Error(), "ada@example.com")
	}
	return err
}
