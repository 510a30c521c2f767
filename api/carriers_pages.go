package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/drift"
)

// carrierPageRoutes are the pages of a carrier's integrators: how their account's posts fare, another secret, and a try of what a
// payload would become. In English.
func (s *Server) carrierPageRoutes(r fiber.Router) {
	r.Add(fiber.MethodGet, "/carrier", s.page(s.getCarrierPage))
	r.Add(fiber.MethodPost, "/carrier/secret", s.page(s.postCarrierSecret))
	r.Add(fiber.MethodGet, "/carrier/try", s.page(s.getTryPage))
	r.Add(fiber.MethodPost, "/carrier/try", s.page(s.postTryPage))
}

// carrierPage is how an account's posts fare.
type carrierPage struct {
	web.Desk

	Verification, Header, PostTo string
	// Secrets is how many hold; Secret is a new one, shown this once, Until when the one before it ends.
	Secrets int
	Secret  string
	Until   time.Time
	Sources []CarrierDrift
	Checks  []check
	Codes   []UnknownCode
	Posts   []Quarantined
}

// check is something that a correct integration does.
type check struct {
	What, Advice string
	// Tried: something was posted that shows it; Held: it was done in all of it, over the latest 24 hours.
	Tried, Held bool
}

// conformance are the checks, by the kind of fault that breaks each.
var conformance = []struct{ kind, what, advice string }{
	{"unreadable", "Every payload can be read", "Try one below: it says what was not understood."},
	{"faulty", "Every part of every payload can be read", "Try one below: it names the parts that were left out."},
	{"unknown_codes", "Every code is known", "Tell us what the codes below mean; until then their scans have no status."},
	{"missing_time", "Every scan says when", "Send the time of the scan, not of the post."},
	{"missing_offset", "Every time has its offset, or its place", "Send 2026-11-23T14:05:00+01:00, or city and country with a local time."},
	{"missing_location", "Every scan says where", "Send at least city and country."},
	{"late", "Scans come soon", "Post each within the hour; a day's file at night makes late news."},
}

// ownAccount is the account of whoever is signed in.
func (s *Server) ownAccount(c *fiber.Ctx) (*tracker.Account, error) {
	return tracker.Load[tracker.Account](c.UserContext(), s.store, callerOf(c.UserContext()).Seat.Account)
}

func (s *Server) getCarrierPage(c *fiber.Ctx) error {
	account, err := s.ownAccount(c)
	if err != nil {
		return err
	}
	return s.sendCarrier(c, account, "", time.Time{})
}

func (s *Server) sendCarrier(c *fiber.Ctx, account *tracker.Account, secret string, until time.Time) error {
	ctx := c.UserContext()
	page := carrierPage{
		Desk: s.desktop(c, s.carriers.Name(account.Carrier)+", account "+account.Name), Verification: account.Verification, Header: account.Header,
		PostTo: s.publicURL + "/v1/carriers/" + account.Carrier + "/" + account.Name + "/events", Secret: secret, Until: until,
	}
	secrets, err := account.OpenSecrets(s.keys, s.now())
	if err != nil {
		return err
	}
	page.Secrets = len(secrets)
	sources, err := drift.Sources(ctx, s.store, account.Carrier, s.now())
	if err != nil {
		return err
	}
	tried, broken := false, map[string]bool{}
	for i := range sources {
		if sources[i].Account != account.Name {
			continue
		}
		source := s.driftOf(&sources[i])
		page.Sources, tried = append(page.Sources, source), tried || source.Payloads > 0
		for _, kind := range source.Kinds {
			broken[kind.Kind] = true
		}
	}
	for _, check := range conformance {
		page.Checks = append(page.Checks, newCheck(check.what, check.advice, tried, !broken[check.kind]))
	}
	detail, err := s.getDrift(ctx, &ByCarrier{Carrier: account.Carrier})
	if err != nil {
		return err
	}
	page.Codes = detail.Body.Codes
	posts, err := pageOf(ctx, s.store, tracker.ListOfAccount(account.Carrier, account.Name), PageInput{Limit: searchShown}, quarantinedOf)
	if err != nil {
		return err
	}
	page.Posts = posts.Body.Items
	return s.sendDesk(c, "carrier.html", page)
}

func newCheck(what, advice string, tried, held bool) check {
	return check{What: what, Advice: advice, Tried: tried, Held: held}
}

// secretOverlap is how long the secret before a new one holds.
const secretOverlap = 7 * 24 * time.Hour

// postCarrierSecret gives the account another secret; the one before holds on for a week.
func (s *Server) postCarrierSecret(c *fiber.Ctx) error {
	account, err := s.ownAccount(c)
	if err != nil {
		return err
	}
	if err := s.audited(c.UserContext(), "account.rotated", tracker.AccountKey(account.Carrier, account.Name)); err != nil {
		return err
	}
	secret, now := tracker.NewSecret(), s.now()
	account.AddSecret(s.keys, secret, secretOverlap, now)
	if err := tracker.Save(c.UserContext(), s.store, account); err != nil {
		return err
	}
	return s.sendCarrier(c, account, secret, now.Add(secretOverlap))
}

// tryPage shows what a payload would become.
type tryPage struct {
	web.Desk

	Payload string
	// Read is nil before anything was tried.
	Read *triedReading
}

// triedReading is what would be read of a payload.
type triedReading struct {
	Format    string
	Shipments []triedShipment
	Unknown   []string
	Faults    []tracker.Fault
	Errors    []tracker.ReadError
}

// triedShipment is a parcel that a payload tells of.
type triedShipment struct {
	Number   string
	Estimate string
	Events   []triedEvent
}

// triedEvent is a scan as it would be shown.
type triedEvent struct{ When, Offset, Status, Code, Text, Place string }

// triedMost is the largest payload that is tried, in bytes: the form carries it.
const triedMost = 1 << 20

func (s *Server) getTryPage(c *fiber.Ctx) error {
	return s.sendDesk(c, "carrier-try.html", tryPage{Desk: s.desktop(c, "Try a payload")})
}

// postTryPage reads a payload as if it had been posted. Nothing is kept.
func (s *Server) postTryPage(c *fiber.Ctx) error {
	account, err := s.ownAccount(c)
	if err != nil {
		return err
	}
	payload := c.FormValue("payload")
	if strings.TrimSpace(payload) == "" || len(payload) > triedMost {
		return c.Redirect("/carrier/try", http.StatusSeeOther)
	}
	reading := s.carriers.Read(&tracker.Receipt{
		Source: tracker.FromWebhook, Carrier: account.Carrier, Account: account.Name, ReceivedAt: s.now().UTC(), Body: []byte(payload),
	})
	page := tryPage{Desk: s.desktop(c, "Try a payload"), Payload: payload, Read: &triedReading{
		Format: reading.Format, Unknown: reading.UnknownCodes, Faults: reading.Faults, Errors: reading.Errors,
	}}
	for i := range reading.Shipments {
		page.Read.Shipments = append(page.Read.Shipments, triedOf(&reading.Shipments[i]))
	}
	return s.sendDesk(c, "carrier-try.html", page)
}

func triedOf(read *tracker.ReadShipment) triedShipment {
	out := triedShipment{Number: read.Number, Estimate: read.Facts.Estimate.To.String()}
	for i := range read.Events {
		e := &read.Events[i]
		out.Events = append(out.Events, triedEvent{e.Time.LocalText(), e.Time.String(), string(e.Substatus), e.Code, e.Text, placeText(&e.Location)})
	}
	return out
}
