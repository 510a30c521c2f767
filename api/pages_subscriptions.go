package api

import (
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
)

// postSubscriptionPage takes the form of the tracking page.
func (s *Server) postSubscriptionPage(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	wish := Wish{Channel: form.Get("channel"), Address: form.Get("address"), Moments: form["moment"], Locale: s.wordsFor(c).Tag()}
	made, err := s.subscribeVisitor(c, &wish)
	if err != nil {
		return err
	}
	back := url.Values{"lang": {wish.Locale}, "notice": {"subscribed_" + string(made.Channel)}}
	if signature := c.Query("s"); signature != "" {
		back.Set("s", signature)
	}
	return c.Redirect("/t/"+made.Shipment+"?"+back.Encode(), http.StatusSeeOther)
}

// askConfirm shows a button: mail programs that open links beforehand confirm nothing.
func (s *Server) askConfirm(c *fiber.Ctx) error { return s.askPage(c, "confirm") }

func (s *Server) askUnsubscribe(c *fiber.Ctx) error { return s.askPage(c, "unsubscribe") }

func (s *Server) askPage(c *fiber.Ctx, what string) error {
	w := s.wordsFor(c)
	body, err := s.pages.Message(web.Message{
		Words: w, Heading: w.Say("page." + what + "_title"), Lines: []string{w.Say("page." + what + "_lead")},
		Button: w.Say("page." + what + "_button"), Action: c.OriginalURL(), Path: c.OriginalURL(),
	})
	return s.sendPage(c, http.StatusOK, body, err)
}

func (s *Server) postConfirm(c *fiber.Ctx) error {
	subscription, err := s.desk.Confirm(c.UserContext(), c.Params("id"), c.Query("token"))
	if err != nil {
		return wishProblem(err)
	}
	return s.donePage(c, "confirmed", "/t/"+subscription.Shipment)
}

// postUnsubscribe is what the button posts, and what mail programs post by themselves (RFC 8058).
func (s *Server) postUnsubscribe(c *fiber.Ctx) error {
	unsubscribe := s.desk.Unsubscribe
	if c.Query("all") != "" {
		unsubscribe = s.desk.UnsubscribeAll
	}
	subscription, err := unsubscribe(c.UserContext(), c.Params("id"), c.Query("s"))
	if err != nil {
		return wishProblem(err)
	}
	return s.donePage(c, "unsubscribed", "/t/"+subscription.Shipment)
}

func (s *Server) donePage(c *fiber.Ctx, what, link string) error {
	w := s.wordsFor(c)
	body, err := s.pages.Message(web.Message{
		Words: w, Heading: w.Say("page." + what + "_title"), Lines: []string{w.Say("page." + what + "_lead")},
		Link: link + "?lang=" + w.Tag(), LinkText: w.Say("page.to_shipment"), Path: link,
	})
	return s.sendPage(c, http.StatusOK, body, err)
}
