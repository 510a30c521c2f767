package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/notify"
	"waybill/tracker"
)

// getPreferences shows what an address chose to be told, by the link in every message.
func (s *Server) getPreferences(c *fiber.Ctx) error {
	subscription, choice, err := s.desk.ChoiceOf(c.UserContext(), c.Params("id"), c.Query("s"))
	if err != nil {
		return wishProblem(err)
	}
	tenant, err := tracker.TenantOf(c.UserContext(), s.store, subscription.Tenant)
	if errors.Is(err, tracker.ErrNotFound) {
		tenant, err = &tracker.Tenant{ID: subscription.Tenant, Name: subscription.Tenant}, nil
	}
	if err != nil {
		return err
	}
	told := choice.Moments
	if told == nil {
		told = tenant.Moments[choice.Channel]
	}
	if told == nil {
		told = notify.Defaults(choice.Channel)
	}
	body, err := s.pages.Preferences(web.Preferences{
		Words: s.wordsFor(c), Seller: tenant.Name, Moments: notify.Moments(), Told: told, ByMail: choice.Channel == tracker.Email,
		BySMS: choice.Channel == tracker.SMS, Code: choice.CodeBySMS,
		Daily: choice.Daily, Saved: c.Query("saved") != "", Action: strings.ReplaceAll(c.OriginalURL(), "&saved=1", ""), Path: c.OriginalURL(),
	})
	return s.sendPage(c, http.StatusOK, body, err)
}

// postPreferences keeps what an address chose.
func (s *Server) postPreferences(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	choice := notify.Choice{Moments: []tracker.Moment{}, Daily: form.Get("daily") != "", CodeBySMS: form.Get("code") != ""}
	for _, moment := range form["moment"] {
		choice.Moments = append(choice.Moments, tracker.Moment(moment))
	}
	if err := s.desk.Choose(c.UserContext(), c.Params("id"), c.Query("s"), choice); err != nil {
		return wishProblem(err)
	}
	return c.Redirect(strings.ReplaceAll(c.OriginalURL(), "&saved=1", "")+"&saved=1", http.StatusSeeOther)
}
