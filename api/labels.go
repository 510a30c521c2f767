package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"waybill/tracker"
	"waybill/tracker/label"
)

// labelOperations print labels.
func (s *Server) labelOperations() {
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	operation(s, huma.Operation{
		OperationID: "print-labels", Method: http.MethodPost, Path: "/v1/labels", Tags: []string{"Labels"},
		Summary: "Labels of packages, one or a thousand, as PDF or ZPL",
		Description: "100 by 150 mm, a page each, in your order: our ID as Code 128 and as Data Matrix or QR, the SSCC as GS1-128, addresses, sort " +
			"code, service level. They are made anew each time and always the same. Of a return it is the label for the way back.",
		Responses: map[string]*huma.Response{"200": {Description: "The labels", Content: map[string]*huma.MediaType{
			pdfType: {Schema: binary}, zplType: {Schema: binary},
		}}},
	}, s.postLabels)
}

// The media types of labels.
const pdfType, zplType = "application/pdf", "application/zpl"

// LabelsInput asks for labels.
type LabelsInput struct {
	Body struct {
		Labels []LabelInput `json:"labels" minItems:"1" maxItems:"1000"`
		Format string       `json:"format,omitempty" enum:"pdf,zpl" doc:"pdf where absent; zpl is for label printers of 203 dots an inch."`
		Code   string       `json:"code,omitempty" enum:"datamatrix,qr" doc:"datamatrix where absent."`
	}
}

// LabelInput is one package.
type LabelInput struct {
	Shipment string `json:"shipment" maxLength:"64" example:"WB2345679ABCDEFGJ"`
	SSCC     string `json:"sscc,omitempty" maxLength:"18" doc:"Serial shipping container code, 18 digits." example:"106141412345678908"`
	Sort     string `json:"sort_code,omitempty" maxLength:"12" doc:"Country and beginning of the postal code where absent." example:"DE-10"`
}

// Labels are the printed labels.
type Labels struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *Server) postLabels(ctx context.Context, in *LabelsInput) (*Labels, error) {
	tenant, err := s.ownTenant(ctx)
	if err != nil {
		return nil, err
	}
	labels := make([]label.Label, len(in.Body.Labels))
	wrong := problem("invalid", "Correct the named fields and send the request again; nothing was printed.")
	for i := range in.Body.Labels {
		labels[i], err = s.labelOf(ctx, tenant, &in.Body.Labels[i], fmt.Sprintf("labels[%d].", i))
		if p, ok := errors.AsType[*Problem](err); ok {
			wrong.Errors = append(wrong.Errors, p.Errors...)
		} else if err != nil {
			return nil, err
		}
	}
	if len(wrong.Errors) > 0 {
		return nil, wrong
	}
	matrix := label.Matrix(in.Body.Code)
	if matrix == "" {
		matrix = label.DataMatrix
	}
	var out bytes.Buffer
	if in.Body.Format == "zpl" {
		err = label.ZPL(&out, labels, matrix)
		return &Labels{ContentType: zplType, Body: out.Bytes()}, err
	}
	err = label.PDF(&out, labels, matrix)
	return &Labels{ContentType: pdfType, Body: out.Bytes()}, err
}

// labelOf checks one package and makes its label; field is where it stands in the request.
func (s *Server) labelOf(ctx context.Context, tenant *tracker.Tenant, in *LabelInput, field string) (label.Label, error) {
	shipment, err := s.namedShipment(ctx, field+"shipment", in.Shipment)
	if err != nil {
		return label.Label{}, err
	}
	if in.SSCC != "" {
		if err := label.CheckSSCC(in.SSCC); err != nil {
			return label.Label{}, invalid(field+"sscc", err.Error(), "106141412345678908")
		}
	}
	l, postal, err := s.addressed(ctx, tenant, shipment)
	if err != nil {
		return l, err
	}
	if len(l.To) < 2 {
		return l, invalid(field+"shipment", "the parcel has no address to print; register it with one, or set that of your returns", nil)
	}
	l.SSCC, l.Sort = in.SSCC, in.Sort
	if l.Sort == "" {
		l.Sort = sortCode(shipment.Destination.Country, postal)
	}
	return l, nil
}

// addressed is a shipment's label but for what the request says; postal is the postal code it goes to.
func (s *Server) addressed(ctx context.Context, tenant *tracker.Tenant, shipment *tracker.Shipment) (l label.Label, postal string, err error) {
	shop := tracker.Address{City: shipment.Origin.City, PostalCode: shipment.Origin.PostalCode, Country: shipment.Origin.Country}
	if tenant.Returns != nil && tenant.Returns.Address.City != "" {
		shop = tenant.Returns.Address
	}
	sent := shipment
	if shipment.Return && shipment.Outbound != "" { // the customer's address is the outbound parcel's
		if sent, err = tracker.Load[tracker.Shipment](ctx, s.store, shipment.Outbound); err != nil {
			return l, "", err
		}
	}
	person, err := tracker.OpenRecipient(ctx, s.store, s.keys, sent)
	if err != nil {
		return l, "", err
	}
	l = label.Label{
		ID: shipment.ID, Service: shipment.Service, Reference: strings.TrimSpace(shipment.Order + " " + shipment.Reference),
		Piece: shipment.Piece, Pieces: shipment.Pieces, Return: shipment.Return,
	}
	customer, ours := label.Lines(person.Name, person.Address), label.Lines(tenant.Name, shop)
	if shipment.Return {
		l.From, l.To = customer, ours
		return l, shop.PostalCode, nil
	}
	l.From, l.To = ours, customer
	return l, person.Address.PostalCode, nil
}

// sortCode is country and region where nobody says better.
func sortCode(country, postal string) string {
	const region = 2
	letters := []rune(strings.ToUpper(strings.ReplaceAll(postal, " ", "")))
	return strings.Trim(country+"-"+string(letters[:min(region, len(letters))]), "-")
}

// returnLabel is the label of a return, for the customer to print.
func (s *Server) returnLabel(c *fiber.Ctx) error {
	r, err := s.provedReturn(c)
	if err != nil {
		return err
	}
	parcel, err := tracker.Load[tracker.Shipment](c.UserContext(), s.store, r.Shipment)
	if err != nil {
		return err
	}
	tenant, err := tracker.TenantOf(c.UserContext(), s.store, r.Tenant)
	if err != nil {
		return err
	}
	l, postal, err := s.addressed(c.UserContext(), tenant, parcel)
	if err != nil {
		return err
	}
	l.Sort = sortCode(parcel.Destination.Country, postal)
	var out bytes.Buffer
	if err := label.PDF(&out, []label.Label{l}, label.QR); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	c.Set(fiber.HeaderContentType, pdfType)
	return c.Send(out.Bytes())
}
