package api

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/words"
)

// brandingPage is a seller's face towards its customers, with a message as they would get it.
type brandingPage struct {
	web.Desk

	Shown          Settings
	Moment, Locale string
	Moments        []tracker.Moment
	Locales        []string
	Message        Preview
	Picture        string
}

func (s *Server) brandingRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/branding", s.page(s.getBranding))
	r.Add(fiber.MethodPost, "/branding", s.page(s.postBranding))
	r.Add(fiber.MethodGet, "/branding/mail", s.getBrandingMail)
}

// previewAsked is the message that the query names; the first on the day of delivery where it names none.
func previewAsked(c *fiber.Ctx) *PreviewInput {
	in := &PreviewInput{}
	in.Body.Moment, in.Body.Locale, in.Body.Channel = c.Query("moment", string(tracker.MomentOutForDelivery)), c.Query("locale", "en"), string(tracker.Email)
	return in
}

func (s *Server) getBranding(c *fiber.Ctx) error {
	in := previewAsked(c)
	settings, err := s.getSettings(c.UserContext(), nil)
	if err != nil {
		return err
	}
	mail, err := s.previewMessage(c.UserContext(), in)
	if err != nil {
		return err
	}
	page := brandingPage{
		Desk: s.desktop(c, "Branding"), Shown: settings.Body, Moment: in.Body.Moment, Locale: in.Body.Locale, Moments: notify.Moments(),
		Locales: words.Languages(), Message: mail.Body,
		Picture: "/branding/mail?" + url.Values{"moment": {in.Body.Moment}, "locale": {in.Body.Locale}}.Encode(),
	}
	in.Body.Channel = string(tracker.SMS)
	text, err := s.previewMessage(c.UserContext(), in)
	if err != nil {
		return err
	}
	page.Message.SMS, page.Message.Segments = text.Body.SMS, text.Body.Segments
	return s.sendDesk(c, "branding.html", page)
}

// getBrandingMail shows the mail alone. It brings its own styles and the seller's logo, as in a mail program, and nothing else.
func (s *Server) getBrandingMail(c *fiber.Ctx) error {
	mail, err := s.previewMessage(c.UserContext(), previewAsked(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.SendString(mail.Body.HTML)
}

var colourForm = regexp.MustCompile(`^(#[0-9a-fA-F]{6})?$`)

func (s *Server) postBranding(c *fiber.Ctx) error {
	field := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	name := field("name")
	brand := Brand{Colour: field("colour"), LogoURL: field("logo_url"), ReplyTo: field("reply_to"), Support: field("support")}
	switch {
	case name == "" || len(name) > 100:
		return invalid("name", "has 1 to 100 characters", "Northwind Tea")
	case !colourForm.MatchString(brand.Colour):
		return invalid("colour", "is a # and six hexadecimal digits", "#0f766e")
	case brand.LogoURL != "" && !strings.HasPrefix(brand.LogoURL, "https://") || len(brand.LogoURL) > 500:
		return invalid("logo_url", "is an https address of at most 500 characters", "https://shop.example.com/logo.png")
	case len(brand.Support) > 200:
		return invalid("support", "has at most 200 characters", "+44 20 7946 0000")
	}
	in := &SettingsChange{}
	in.Body.Name, in.Body.Brand = &name, &brand
	if _, err := s.patchSettings(c.UserContext(), in); err != nil {
		return err
	}
	return c.Redirect("/branding?said=branding", http.StatusSeeOther)
}
