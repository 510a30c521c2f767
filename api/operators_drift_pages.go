package api

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
)

// driftPageRoutes are the operators' pages about carriers: how they drift, and replays.
func (s *Server) driftPageRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/operators/carriers", s.page(s.getDriftPage))
	r.Add(fiber.MethodGet, "/operators/carriers/:carrier", s.page(s.getCarrierDriftPage))
	r.Add(fiber.MethodPost, "/operators/carriers/:carrier/replay", s.page(s.postCarrierReplay))
	r.Add(fiber.MethodGet, "/operators/replays", s.page(s.getReplaysPage))
	r.Add(fiber.MethodGet, "/operators/replays/:id", s.page(s.getReplayPage))
}

func (s *Server) getDriftPage(c *fiber.Ctx) error {
	list, err := s.listDrift(c.UserContext(), nil)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "drift.html", struct {
		web.Desk
		DriftList
	}{s.desktop(c, "Carriers"), list.Body})
}

func (s *Server) getCarrierDriftPage(c *fiber.Ctx) error {
	detail, err := s.getDrift(c.UserContext(), &ByCarrier{Carrier: c.Params("carrier")})
	if err != nil {
		return err
	}
	return s.sendDesk(c, "drift-carrier.html", struct {
		web.Desk

		// One is no part of the frame: both have a Name.
		One DriftDetail
	}{s.desktop(c, detail.Body.Name), detail.Body})
}

// postCarrierReplay asks for a replay of so many days.
func (s *Server) postCarrierReplay(c *fiber.Ctx) error {
	days, err := strconv.Atoi(c.FormValue("days"))
	if err != nil || days < 1 || days > 3650 {
		return invalid("days", "is no number of days", "7")
	}
	in := &CarrierReplayInput{}
	in.Body.Carrier, in.Body.Since = c.Params("carrier"), s.now().Add(-time.Duration(days)*24*time.Hour)
	run, err := s.postReplay(c.UserContext(), in)
	if err != nil {
		return err
	}
	return c.Redirect("/operators/replays/"+url.PathEscape(run.Body.ID)+"?said=replaying", http.StatusSeeOther)
}

func (s *Server) getReplaysPage(c *fiber.Ctx) error {
	list, err := pageOf(c.UserContext(), s.store, tracker.ListOfRuns, pageInput(c), replayOf)
	if err != nil {
		return err
	}
	return s.sendDesk(c, "replays.html", listPage[Replay]{Desk: s.desktop(c, "Replays"), Page: list.Body})
}

func (s *Server) getReplayPage(c *fiber.Ctx) error {
	run, err := s.getReplay(c.UserContext(), &ByRecord{ID: c.Params("id")})
	if err != nil {
		return err
	}
	changes, err := s.listReplayChanges(c.UserContext(), &ChangesOfReplay{ByRecord{ID: c.Params("id")}, pageInput(c)})
	if err != nil {
		return err
	}
	page := struct {
		web.Desk
		Page[ReplayChange]

		One Replay
	}{s.desktop(c, "Replay of "+s.carriers.Name(run.Body.Carrier)), changes.Body, run.Body}
	if run.Body.EndedAt == nil {
		page.Refresh = 5 // seconds: it goes on
	}
	return s.sendDesk(c, "replay.html", page)
}
