package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/limit"
	"waybill/tracker/signin"
	"waybill/tracker/words"
)

// "My parcels": whoever opened a link that was sent to an e-mail address or phone number sees all parcels that go to it, of
// all sellers that did not opt out. Pages are in parcels_pages.go, the same for apps in parcels_json.go.

const (
	customerCookie = "waybill_parcels"
	// linksPerHour is how many links to sign in one network may ask for, and how many orders it may try.
	linksPerHour = 20
	// triesPerOrder is how often an hour one order may be looked for by postal code, over all networks.
	triesPerOrder = 10
	// parcelsMost is how many parcels of one address are shown, the newest.
	parcelsMost = 200
)

// askForLink sends a link to an address. Whoever asks is not told whether anything goes to it.
func (s *Server) askForLink(c *fiber.Ctx, address string) error {
	if err := s.count(c, s.limiter, "link:"+s.addressOf(c), limit.PerHour(linksPerHour)); err != nil {
		return err
	}
	channel := tracker.SMS
	if strings.Contains(address, "@") {
		channel = tracker.Email
	}
	normal, err := notify.NormaliseAddress(channel, address, "")
	if err != nil {
		return invalid("address", "write an e-mail address, or a phone number with its country code", "ada@example.com")
	}
	parcels, err := s.parcelsOf(c.UserContext(), termOf(s, channel, normal))
	if err != nil || len(parcels) == 0 {
		return err
	}
	wish := notify.Wish{Channel: channel, Address: normal, Locale: s.wordsFor(c).Tag()}
	if err := s.desk.AskToSignIn(c.UserContext(), parcels[0], wish); !errors.Is(err, notify.ErrTooMany) {
		return err
	}
	return nil // enough links are under way
}

// termOf is the search term of all parcels that go to an address.
func termOf(s *Server, channel tracker.Channel, address string) string {
	email, phone := address, ""
	if channel == tracker.SMS {
		email, phone = "", address
	}
	return tracker.PersonTerms(s.keys, email, phone)[0]
}

// parcelsOf are the parcels that go to any of the addresses, the newest first.
func (s *Server) parcelsOf(ctx context.Context, terms ...string) ([]*tracker.Shipment, error) {
	var all []*tracker.Shipment
	unlisted := map[string]bool{}
	for _, term := range terms {
		rows, err := s.store.Search(ctx, tracker.Shipments, "", []string{term}, tracker.Page{Limit: parcelsMost})
		if err != nil {
			return nil, err
		}
		found, err := tracker.DecodeAll[tracker.Shipment](rows)
		if err != nil {
			return nil, err
		}
		for _, shipment := range found {
			hidden, known := unlisted[shipment.Tenant]
			if !known {
				if hidden, err = s.isUnlisted(ctx, shipment.Tenant); err != nil {
					return nil, err
				}
				unlisted[shipment.Tenant] = hidden
			}
			if !hidden && !shipment.Test && !slices.ContainsFunc(all, func(o *tracker.Shipment) bool { return o.ID == shipment.ID }) {
				all = append(all, shipment)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *tracker.Shipment) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return all, nil
}

func (s *Server) isUnlisted(ctx context.Context, tenant string) (bool, error) {
	t, err := tracker.TenantOf(ctx, s.store, tenant)
	if errors.Is(err, tracker.ErrNotFound) {
		return false, nil
	}
	return err == nil && t.Unlisted, err
}

// Parcel is one of a customer's parcels.
type Parcel struct {
	ID       string         `json:"id" example:"WB2345679ABCDEFGJ"`
	Seller   string         `json:"seller" example:"Northwind Tea"`
	Order    string         `json:"order,omitempty" example:"1001"`
	Items    []tracker.Item `json:"items,omitempty"`
	Headline string         `json:"headline" example:"Arriving today by 20:00"`
	// Milestone decides, Status says it in the reader's language.
	Milestone string `json:"milestone" example:"out_for_delivery"`
	Status    string `json:"status" example:"Out for delivery"`
	Done      bool   `json:"done" doc:"Its journey is over."`
	PageURL   string `json:"page_url" doc:"Opens everything; a deep link of the app's may be made of it."`
	Signature string `json:"signature" doc:"The s of /v1/track/{id} and what lies below it: it opens everything."`
}

// Parcels are a customer's parcels.
type Parcels struct {
	Items []Parcel `json:"items"`
}

// shownParcels says the parcels in somebody's language: those under way first. Only those that match what is looked for, if
// anything is.
func (s *Server) shownParcels(ctx context.Context, terms []string, w *words.Words, query string) (*Parcels, error) {
	found, err := s.parcelsOf(ctx, terms...)
	if err != nil {
		return nil, err
	}
	out := &Parcels{Items: []Parcel{}}
	names := map[string]string{}
	for _, shipment := range found {
		if !matches(shipment, query) {
			continue
		}
		if _, known := names[shipment.Tenant]; !known {
			names[shipment.Tenant] = s.sellerName(ctx, shipment.Tenant)
		}
		v := &shipment.View
		signature := s.keys.Sign(linkPurpose, shipment.ID)
		out.Items = append(out.Items, Parcel{
			ID: shipment.ID, Seller: names[shipment.Tenant], Order: shipment.Order, Items: shipment.Items,
			Headline:  w.Headline(tracker.HeadlineOf(v, notify.ZoneOf(shipment, v), s.now())),
			Milestone: v.Milestone.String(), Status: w.Substatus(v.Substatus), Done: v.Milestone.Ended(),
			PageURL: s.publicURL + "/t/" + shipment.ID + "?s=" + signature, Signature: signature,
		})
	}
	slices.SortStableFunc(out.Items, func(a, b Parcel) int {
		switch {
		case a.Done == b.Done:
			return 0
		case a.Done:
			return 1
		}
		return -1
	})
	return out, nil
}

// matches reports whether a parcel's order, number or items hold what is looked for.
func matches(shipment *tracker.Shipment, query string) bool {
	query = strings.ToLower(strings.TrimSpace(query))
	if query == "" {
		return true
	}
	texts := []string{shipment.ID, shipment.Order}
	for _, leg := range shipment.Legs {
		texts = append(texts, leg.Number)
	}
	for _, item := range shipment.Items {
		texts = append(texts, item.Title, item.SKU)
	}
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), query) })
}

func (s *Server) sellerName(ctx context.Context, tenant string) string {
	if t, err := tracker.TenantOf(ctx, s.store, tenant); err == nil && t.Name != "" {
		return t.Name
	}
	return tenant
}

// findByOrder finds the parcels of an order by who knows where it goes to. Tries are counted by order over all networks, so
// that a thief with many machines tries no more postal codes than one with one.
func (s *Server) findByOrder(c *fiber.Ctx, order, postalCode string) ([]*tracker.Shipment, error) {
	order = strings.TrimSpace(order)
	if len(order) < 3 || len(order) > 64 || len(postalCode) > 32 {
		return nil, invalid("order", "write the order number as the shop gave it", "1001")
	}
	if err := s.count(c, s.limiter, "link:"+s.addressOf(c), limit.PerHour(linksPerHour)); err != nil {
		return nil, err
	}
	if err := s.count(c, s.limiter, "order:"+s.keys.Blind("order tries", strings.ToLower(order)), limit.PerHour(triesPerOrder)); err != nil {
		return nil, err
	}
	found, err := s.finder.Search(c.UserContext(), "", order, tracker.Page{Limit: parcelsMost})
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(shipment *tracker.Shipment) bool {
		return !strings.EqualFold(shipment.Order, order) || !shipment.ProvesPostalCode(s.keys, postalCode)
	})
	if len(found) == 0 {
		return nil, problem("proof_wrong", "No order with this number goes to this postal code.")
	}
	return found, nil
}

// customer is who has a token of "My parcels".
func (s *Server) customer(c *fiber.Ctx, token string) (*signin.Customer, error) {
	if s.people == nil || token == "" {
		return nil, signin.ErrNoSession
	}
	return s.people.Recognise(c.UserContext(), token)
}

// welcome takes a link back and signs its customer in, in addition to what they have shown to be theirs before.
func (s *Server) welcome(c *fiber.Ctx, id, token, before string) (string, error) {
	if s.people == nil {
		return "", problem("not_set_up", "Nobody can sign in at this process.")
	}
	channel, address, err := s.desk.SignedIn(c.UserContext(), id, token)
	if errors.Is(err, notify.ErrLink) {
		return "", problem("proof_wrong", "The link was used, or is older than 20 minutes. Ask for another one.")
	}
	if err != nil {
		return "", err
	}
	known, err := s.customer(c, before)
	if err != nil && !errors.Is(err, signin.ErrNoSession) {
		return "", err
	}
	session, _, err := s.people.Welcome(c.UserContext(), termOf(s, channel, address), known)
	return session, err
}
