package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// ShipmentInput is what a seller tells of a package. Everything may be left out.
type ShipmentInput struct {
	Carrier        string          `json:"carrier,omitempty" maxLength:"64" doc:"Code of the carrier; found from the number where it is absent." example:"ups"`
	TrackingNumber string          `json:"tracking_number,omitempty" maxLength:"64" doc:"The carrier's number; may come later, or never." example:"1Z999AA10123456784"`
	Order          string          `json:"order,omitempty" maxLength:"128" doc:"Your order number." example:"1001"`
	Consignment    string          `json:"consignment,omitempty" maxLength:"128" doc:"Groups pieces that travel together." example:"1001-a"`
	Piece          int             `json:"piece,omitempty" minimum:"0" maximum:"9999" doc:"Which of the pieces it is." example:"1"`
	Pieces         int             `json:"pieces,omitempty" minimum:"0" maximum:"9999" doc:"How many pieces travel together." example:"3"`
	Reference      string          `json:"reference,omitempty" maxLength:"128" doc:"Your own word for the shipment." example:"blue-shelf"`
	Items          []ItemInput     `json:"items,omitempty" maxItems:"500"`
	Service        string          `json:"service,omitempty" enum:"same_day,express,standard,economy" doc:"How fast you sold the delivery; standard where absent." example:"express"`
	Promise        *PromiseInput   `json:"promise,omitempty"`
	Recipient      *RecipientInput `json:"recipient,omitempty"`
	Origin         *LocationInput  `json:"origin,omitempty"`
	Destination    *LocationInput  `json:"destination,omitempty" doc:"Taken from the recipient's address where absent."`
	Zone           string          `json:"zone,omitempty" maxLength:"64" doc:"IANA zone of the destination." example:"Europe/Berlin"`
	Locale         string          `json:"locale,omitempty" maxLength:"35" doc:"The recipient's language." example:"de"`
	Tags           []string        `json:"tags,omitempty" maxItems:"20" example:"[\"fragile\"]"`
	Return         bool            `json:"return,omitempty" doc:"It travels back to you."`
	Outbound       string          `json:"outbound,omitempty" maxLength:"64" doc:"The shipment that a return came with."`
}

// ItemInput is a line of what is in the package.
type ItemInput struct {
	SKU      string `json:"sku,omitempty" maxLength:"128" example:"SHELF-BLUE"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"1000000" example:"2"`
	Title    string `json:"title,omitempty" maxLength:"256" example:"Blue shelf"`
}

// PromiseInput is when delivery was promised.
type PromiseInput struct {
	From string `json:"from,omitempty" example:"2026-11-24T08:00:00+01:00"`
	To   string `json:"to" example:"2026-11-24T18:00:00+01:00"`
}

// RecipientInput is the person a shipment goes to. It is kept sealed.
type RecipientInput struct {
	Name    string        `json:"name,omitempty" maxLength:"256" example:"Ada Lovelace"`
	Email   string        `json:"email,omitempty" maxLength:"254" example:"ada@example.com"`
	Phone   string        `json:"phone,omitempty" maxLength:"32" doc:"With the country's prefix, or as dialled in the country of the address." example:"+4915112345678"`
	Address *AddressInput `json:"address,omitempty"`
}

// AddressInput is a postal address.
type AddressInput struct {
	Lines      []string `json:"lines,omitempty" maxItems:"6" example:"[\"Hauptstraße 1\"]"`
	City       string   `json:"city,omitempty" maxLength:"128" example:"Berlin"`
	State      string   `json:"state,omitempty" maxLength:"64"`
	PostalCode string   `json:"postal_code,omitempty" maxLength:"16" doc:"With it the recipient opens the full view." example:"10115"`
	Country    string   `json:"country,omitempty" pattern:"^[A-Z]{2}$" doc:"ISO 3166-1 alpha-2." example:"DE"`
}

// LocationInput is a place without street and name.
type LocationInput struct {
	City       string `json:"city,omitempty" maxLength:"128" example:"Hamburg"`
	State      string `json:"state,omitempty" maxLength:"64"`
	PostalCode string `json:"postal_code,omitempty" maxLength:"16" example:"20095"`
	Country    string `json:"country,omitempty" pattern:"^[A-Z]{2}$" example:"DE"`
}

func (l *LocationInput) location() tracker.Location {
	if l == nil {
		return tracker.Location{}
	}
	return tracker.Location{City: l.City, State: l.State, PostalCode: l.PostalCode, Country: l.Country}
}

// newShipment checks what the schema cannot say, and finds the carrier. field is where the shipment stands in the
// request ("shipments[2].").
func (s *Server) newShipment(ctx context.Context, in *ShipmentInput, field string) (n tracker.NewShipment, candidates []CarrierCandidate, err error) {
	n = tracker.NewShipment{
		Tenant: callerOf(ctx).Tenant, Order: in.Order, Consignment: in.Consignment, Piece: in.Piece, Pieces: in.Pieces,
		Reference: in.Reference, Items: itemsOf(in.Items), Service: tracker.ServiceLevel(in.Service), Origin: in.Origin.location(),
		Destination: in.Destination.location(), Zone: in.Zone, Locale: in.Locale, Tags: in.Tags, Return: in.Return,
		Outbound: in.Outbound, Test: tracker.IsSandbox(callerOf(ctx).Tenant),
	}
	if in.TrackingNumber != "" {
		n.Number = in.TrackingNumber
		if _, played := sandboxGoal(tracker.NormaliseNumber(n.Number)); n.Test && played && in.Carrier == "" {
			in.Carrier = sandboxCarrier
		}
		if n.Carrier, candidates, err = s.carrierOf(ctx, field, in.Carrier, in.TrackingNumber); err != nil {
			return n, nil, err
		}
		n.Guessed = in.Carrier == ""
	} else if in.Carrier != "" {
		return n, nil, invalid(field+"tracking_number", "is absent, but a carrier is named", "1Z999AA10123456784")
	}
	if in.Piece > in.Pieces {
		return n, nil, invalid(field+"piece", fmt.Sprintf("is %d of %d pieces", in.Piece, in.Pieces), 1)
	}
	if in.Zone != "" {
		if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "Local" {
			return n, nil, invalid(field+"zone", "is no IANA time zone", "Europe/Berlin")
		}
	}
	if n.Promise, err = in.Promise.promise(field + "promise."); err != nil {
		return n, nil, err
	}
	if in.Recipient != nil {
		n.Recipient, err = in.Recipient.recipient(field + "recipient.")
	}
	if n.Destination.IsZero() {
		a := n.Recipient.Address
		n.Destination = tracker.Location{City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country}
	}
	mapping.Locate(&n.Origin)
	if zone := mapping.Locate(&n.Destination); n.Zone == "" {
		n.Zone = zone
	}
	return n, candidates, err
}

// promise is what was promised, as far as something was.
func (p *PromiseInput) promise(field string) (out tracker.Promise, err error) {
	if p == nil {
		return out, nil
	}
	if out.From, err = parseTime(field+"from", p.From); err != nil {
		return out, err
	}
	if out.To, err = parseTime(field+"to", p.To); err != nil {
		return out, err
	}
	if out.To.Before(out.From) {
		return out, invalid(field+"to", "lies before promise.from", "2026-11-24T18:00:00+01:00")
	}
	return out, nil
}

func itemsOf(in []ItemInput) []tracker.Item {
	var items []tracker.Item
	for _, i := range in {
		items = append(items, tracker.Item{SKU: i.SKU, Quantity: i.Quantity, Title: i.Title})
	}
	return items
}

func (r *RecipientInput) recipient(field string) (tracker.Recipient, error) {
	out := tracker.Recipient{Name: strings.TrimSpace(r.Name), Email: strings.TrimSpace(r.Email)}
	if a := r.Address; a != nil {
		out.Address = tracker.Address{Lines: a.Lines, City: a.City, State: a.State, PostalCode: a.PostalCode, Country: a.Country}
	}
	if out.Email != "" && !plausibleEmail(out.Email) {
		return out, invalid(field+"email", "is no e-mail address", "ada@example.com")
	}
	if r.Phone != "" {
		number, err := phonenumbers.Parse(r.Phone, out.Address.Country)
		if err != nil || !phonenumbers.IsPossibleNumber(number) {
			return out, invalid(field+"phone", "is no telephone number; give it with the country's prefix", "+4915112345678")
		}
		out.Phone = phonenumbers.Format(number, phonenumbers.E164)
	}
	return out, nil
}

// plausibleEmail lets through what a mail server may take: whether it exists shows when mail is sent.
func plausibleEmail(text string) bool {
	name, domain, ok := strings.Cut(text, "@")
	return ok && name != "" && strings.Contains(domain, ".") && !strings.ContainsAny(text, " \r\n\t<>,;") && !strings.Contains(domain, "@")
}
