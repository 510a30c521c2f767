package api

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker/signin"
)

// parcelRoutes are "My parcels", as pages and for apps.
func (s *Server) parcelRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/parcels", s.page(s.getParcels))
	r.Add(fiber.MethodPost, "/parcels/link", s.page(s.postParcelsLink))
	r.Add(fiber.MethodGet, "/parcels/enter", s.page(s.askEnter))
	r.Add(fiber.MethodPost, "/parcels/enter", s.page(s.postEnter))
	r.Add(fiber.MethodPost, "/parcels/order", s.page(s.postParcelsOrder))
	r.Add(fiber.MethodPost, "/parcels/leave", s.page(s.postLeave))
	s.parcelJSONRoutes(r)
}

// customerCookieLife is how long a browser keeps the session; the store ends it.
const customerCookieLife = 90 * 24 * time.Hour

func (s *Server) getParcels(c *fiber.Ctx) error {
	in := web.Parcels{Words: s.wordsFor(c), Query: c.Query("q"), Said: c.Query("said")}
	customer, err := s.customer(c, c.Cookies(s.cookieName(customerCookie)))
	if err != nil && !errors.Is(err, signin.ErrNoSession) {
		return err
	}
	if customer == nil {
		in.CSRF = s.openFormToken(c)
		return s.sendParcels(c, http.StatusOK, in)
	}
	list, err := s.shownParcels(c.UserContext(), customer.Terms(), in.Words, in.Query)
	if err != nil {
		return err
	}
	in.SignedIn, in.CSRF = true, s.formToken(customer.Session.ID)
	in.Orders = ordersOf(list.Items)
	return s.sendParcels(c, http.StatusOK, in)
}

// ordersOf groups parcels by order, in the order in which they stand.
func ordersOf(parcels []Parcel) []web.ParcelOrder {
	var orders []web.ParcelOrder
	at := map[string]int{}
	for _, p := range parcels {
		item := web.ParcelItem{ID: p.ID, Headline: p.Headline, Status: p.Status, URL: "/t/" + p.ID + "?s=" + p.Signature, Done: p.Done}
		for _, i := range p.Items {
			title := i.Title
			if title == "" {
				title = i.SKU
			}
			item.Items = append(item.Items, title)
		}
		key := p.Seller + "\x00" + p.Order
		if p.Order == "" {
			key += p.ID
		}
		i, known := at[key]
		if !known {
			i, at[key] = len(orders), len(orders)
			orders = append(orders, web.ParcelOrder{Seller: p.Seller, Number: p.Order})
		}
		orders[i].Parcels = append(orders[i].Parcels, item)
	}
	return orders
}

func (s *Server) sendParcels(c *fiber.Ctx, status int, in web.Parcels) error {
	body, err := s.pages.Parcels(in)
	return s.sendOwn(c, status, body, err)
}

// parcelsAgain shows the forms with what is wrong.
func (s *Server) parcelsAgain(c *fiber.Ctx, err error) error {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		return err
	}
	w := s.wordsFor(c)
	key := "parcels.problem_" + p.Code
	if !w.Has(key) {
		return err
	}
	return s.sendParcels(c, p.Status, web.Parcels{Words: w, CSRF: s.openFormToken(c), Problem: w.Say(key)})
}

func (s *Server) postParcelsLink(c *fiber.Ctx) error {
	if err := s.checkOpenForm(c); err != nil {
		return err
	}
	if err := s.askForLink(c, c.FormValue("address")); err != nil {
		return s.parcelsAgain(c, err)
	}
	return c.Redirect("/parcels?said=sent&lang="+s.wordsFor(c).Tag(), http.StatusSeeOther)
}

// askEnter shows a button: mail programs that open links beforehand use none up.
func (s *Server) askEnter(c *fiber.Ctx) error {
	w := s.wordsFor(c)
	body, err := s.pages.Message(web.Message{
		Words: w, Heading: w.Say("parcels.title"), Lines: []string{w.Say("parcels.enter_lead")}, Button: w.Say("parcels.enter_button"),
		Action: c.OriginalURL(), Path: "/parcels",
	})
	return s.sendOwn(c, http.StatusOK, body, err)
}

func (s *Server) postEnter(c *fiber.Ctx) error {
	if !s.fromHere(c) {
		return problem("form_expired", "The request came from another site.")
	}
	token, err := s.welcome(c, c.Query("id"), c.Query("token"), c.Cookies(s.cookieName(customerCookie)))
	if err != nil {
		return s.parcelsAgain(c, err)
	}
	s.setCookie(c, customerCookie, token, customerCookieLife)
	return c.Redirect("/parcels?lang="+s.wordsFor(c).Tag(), http.StatusSeeOther)
}

// postParcelsOrder finds an order without a sign-in, and leads to its parcel or lists its parcels.
func (s *Server) postParcelsOrder(c *fiber.Ctx) error {
	if err := s.checkOpenForm(c); err != nil {
		return err
	}
	found, err := s.findByOrder(c, c.FormValue("order"), c.FormValue("postal_code"))
	if err != nil {
		return s.parcelsAgain(c, err)
	}
	w := s.wordsFor(c)
	if len(found) == 1 {
		query := url.Values{"s": {s.keys.Sign(linkPurpose, found[0].ID)}, "lang": {w.Tag()}}
		return c.Redirect("/t/"+found[0].ID+"?"+query.Encode(), http.StatusSeeOther)
	}
	in := web.Parcels{Words: w, CSRF: s.openFormToken(c)}
	for _, shipment := range found {
		in.Found = append(in.Found, web.ParcelItem{
			ID: shipment.ID, Status: w.Substatus(shipment.View.Substatus), URL: "/t/" + shipment.ID + "?s=" + s.keys.Sign(linkPurpose, shipment.ID),
		})
	}
	return s.sendParcels(c, http.StatusOK, in)
}

func (s *Server) postLeave(c *fiber.Ctx) error {
	customer, err := s.customer(c, c.Cookies(s.cookieName(customerCookie)))
	if err == nil {
		if err := s.checkForm(c, customer.Session.ID); err != nil {
			return err
		}
		err = s.people.Leave(c.UserContext(), customer, c.FormValue("everywhere") != "")
	}
	if err != nil && !errors.Is(err, signin.ErrNoSession) {
		return err
	}
	s.setCookie(c, customerCookie, "", -time.Second)
	return c.Redirect("/parcels?lang="+s.wordsFor(c).Tag(), http.StatusSeeOther)
}
