package api

import (
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"waybill/tracker/signin"
)

// parcelJSONRoutes are "My parcels" for a native app: the same, with a token in place of the cookie.
func (s *Server) parcelJSONRoutes(r fiber.Router) {
	r.Add(fiber.MethodPost, "/v1/parcels/link", s.postLinkJSON)
	r.Add(fiber.MethodPost, "/v1/parcels/session", s.postSessionJSON)
	r.Add(fiber.MethodDelete, "/v1/parcels/session", s.deleteSessionJSON)
	r.Add(fiber.MethodGet, "/v1/parcels", s.getParcelsJSON)
	r.Add(fiber.MethodPost, "/v1/parcels/devices", s.postDevice)
	r.Add(fiber.MethodPost, "/v1/parcels/devices/remove", s.postDeviceRemoved)
	r.Add(fiber.MethodGet, "/v1/parcels/:id/preferences", s.getPreferencesJSON)
	r.Add(fiber.MethodPut, "/v1/parcels/:id/preferences", s.putPreferencesJSON)
}

// LinkInput is whom to send a link.
type LinkInput struct {
	Address string `json:"address" maxLength:"254" example:"ada@example.com"`
}

func (s *Server) postLinkJSON(c *fiber.Ctx) error {
	var in LinkInput
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	if err := s.askForLink(c, in.Address); err != nil {
		return err
	}
	return c.SendStatus(http.StatusAccepted)
}

// SessionInput is what stands in the link that was sent: its id and token.
type SessionInput struct {
	ID    string `json:"id" maxLength:"64" example:"1a208e3f2b308634c92871e7"`
	Token string `json:"token" maxLength:"128" example:"k3v9…"`
}

// CustomerSession is a customer's session. The token is shown this once.
type CustomerSession struct {
	Token string `json:"token"`
}

func (s *Server) postSessionJSON(c *fiber.Ctx) error {
	var in SessionInput
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	token, err := s.welcome(c, in.ID, in.Token, bearer(c.Get(fiber.HeaderAuthorization)))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(http.StatusCreated).JSON(CustomerSession{token})
}

func (s *Server) deleteSessionJSON(c *fiber.Ctx) error {
	customer, err := s.customerByToken(c)
	if err != nil {
		return err
	}
	if err := s.people.Leave(c.UserContext(), customer, c.Query("everywhere") == "true"); err != nil {
		return err
	}
	return c.SendStatus(http.StatusNoContent)
}

func (s *Server) getParcelsJSON(c *fiber.Ctx) error {
	customer, err := s.customerByToken(c)
	if err != nil {
		return err
	}
	list, err := s.shownParcels(c.UserContext(), customer.Terms(), s.wordsFor(c), c.Query("q"))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.JSON(list)
}

// customerByToken is who sends a customer's token.
func (s *Server) customerByToken(c *fiber.Ctx) (*signin.Customer, error) {
	customer, err := s.customer(c, bearer(c.Get(fiber.HeaderAuthorization)))
	if errors.Is(err, signin.ErrNoSession) {
		return nil, problem("unauthorized", "Send the token of POST /v1/parcels/session as: Authorization: Bearer …")
	}
	return customer, err
}
