package api

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
)

// SellerLine is a seller as operators see it.
type SellerLine struct {
	ID, Name string
	Since    time.Time
	Members  int
	Unlisted bool
}

// sellersPage lists the sellers; Password is the one that a new owner, Whose, begins with, shown this once.
type sellersPage struct {
	listPage[SellerLine]

	Whose, Password string
}

func (s *Server) operatorSellerRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/operators/sellers", s.page(func(c *fiber.Ctx) error { return s.sendSellers(c, "", "") }))
	r.Add(fiber.MethodPost, "/operators/sellers", s.page(s.postSeller))
}

func (s *Server) sendSellers(c *fiber.Ctx, whose, password string) error {
	line := func(t *tracker.Tenant) SellerLine {
		return SellerLine{ID: t.ID, Name: t.Name, Since: t.CreatedAt, Unlisted: t.Unlisted}
	}
	list, err := pageOf(c.UserContext(), s.store, tracker.ListAll, pageInput(c), line)
	if err != nil {
		return err
	}
	for i := range list.Body.Items {
		one := &list.Body.Items[i]
		if one.Members, err = s.store.Count(c.UserContext(), tracker.Users, tracker.ListOfTenant(one.ID), membersCounted); err != nil {
			return err
		}
	}
	return s.sendDesk(c, "operators-sellers.html", sellersPage{
		listPage: listPage[SellerLine]{Desk: s.desktop(c, "Sellers"), Page: list.Body}, Whose: whose, Password: password,
	})
}

// membersCounted bounds how many members are counted.
const membersCounted = 1000

// sellerForm is what the id of a new seller looks like: it stands in keys, lists and addresses.
var sellerForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// postSeller makes a seller with its first owner; one that is there gets an owner more.
func (s *Server) postSeller(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, name, email := strings.TrimSpace(c.FormValue("id")), strings.TrimSpace(c.FormValue("name")), c.FormValue("email")
	_, err := tracker.TenantOf(ctx, s.store, id)
	if fresh := errors.Is(err, tracker.ErrNotFound); fresh {
		if !sellerForm.MatchString(id) {
			return invalid("id", "has 2 to 40 small letters, digits and hyphens", "northwind")
		}
		if name == "" || len(name) > 100 {
			return invalid("name", "has 1 to 100 characters", "Northwind Tea")
		}
		err = s.makeSeller(ctx, id, name)
	}
	if err != nil {
		return err
	}
	u, password, err := s.people.AddMember(ctx, id, tracker.Identity{Email: email}, tracker.LevelOwner)
	if err != nil {
		return memberProblem(err)
	}
	if err := s.audited(ctx, "member.added", u.ID); err != nil {
		return err
	}
	if password == "" {
		return c.Redirect("/operators/sellers?said=member", http.StatusSeeOther)
	}
	return s.sendSellers(c, email, password)
}

func (s *Server) makeSeller(ctx context.Context, id, name string) error {
	if err := s.audited(ctx, "seller.made", id); err != nil {
		return err
	}
	return tracker.Save(ctx, s.store, &tracker.Tenant{ID: id, Name: name, CreatedAt: s.now().UTC()})
}
