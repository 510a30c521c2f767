package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"waybill/notify"
	"waybill/tracker"
)

// wordingOperations let sellers word messages themselves.
func (s *Server) wordingOperations() {
	tags := []string{"Settings"}
	operation(s, huma.Operation{
		OperationID: "put-wording", Method: http.MethodPut, Path: "/v1/settings/wordings/{moment}/{channel}/{locale}", Tags: tags,
		Summary: "Word a moment yourself",
		Description: "Plain text with {{.Seller}}, {{.Headline}}, {{.Number}}, {{.Order}}, {{.Link}}, {{.Papers}}, {{.Standard}} (what the " +
			"product would say) and {{if .Order}}…{{else}}…{{end}}. A wording that cannot be used is refused with its line. Layout, " +
			"links and the way to unsubscribe stay.",
	}, s.putWording)
	operation(s, huma.Operation{
		OperationID: "delete-wording", Method: http.MethodDelete, Path: "/v1/settings/wordings/{moment}/{channel}/{locale}", Tags: tags,
		Summary: "Go back to the product's words", DefaultStatus: http.StatusNoContent,
	}, s.deleteWording)
	operation(s, huma.Operation{
		OperationID: "preview-message", Method: http.MethodPost, Path: "/v1/settings/preview", Tags: tags,
		Summary: "See a message with sample data", Description: "With title or body it shows a wording that is not kept yet.",
	}, s.previewMessage)
}

// WordingOutput is a seller's wording.
type WordingOutput struct {
	Moment  string `json:"moment"`
	Channel string `json:"channel"`
	Locale  string `json:"locale"`
	Title   string `json:"title,omitempty"`
	Body    string `json:"body,omitempty"`
}

// ByWording names a wording in the path.
type ByWording struct {
	Moment  string `path:"moment" maxLength:"40" example:"out_for_delivery"`
	Channel string `path:"channel" enum:"email,sms,push" example:"email"`
	Locale  string `path:"locale" maxLength:"35" example:"de"`
}

func (b *ByWording) is(w *tracker.Wording) bool {
	return w.Moment == tracker.Moment(b.Moment) && w.Channel == tracker.Channel(b.Channel) && strings.EqualFold(w.Locale, b.Locale)
}

// WordingText is what a wording says.
type WordingText struct {
	Title string `json:"title,omitempty" maxLength:"150" example:"Your tea is near"`
	Body  string `json:"body,omitempty" maxLength:"2000" example:"Put the kettle on: {{.Headline}}."`
}

// WordingInput is a wording to keep.
type WordingInput struct {
	ByWording
	Body WordingText
}

// wordingsMost is how many a seller may keep: all moments over all channels in all languages.
const wordingsMost = 500

func (s *Server) putWording(ctx context.Context, in *WordingInput) (*Body[WordingOutput], error) {
	wording := tracker.Wording{
		Moment: tracker.Moment(in.Moment), Channel: tracker.Channel(in.Channel), Locale: in.Locale, Title: in.Body.Title, Body: in.Body.Body,
	}
	if err := notify.CheckWording(&wording); err != nil {
		return nil, invalid("body", err.Error(), "Put the kettle on: {{.Headline}}.")
	}
	_, err := s.changeTenant(ctx, func(t *tracker.Tenant) error {
		t.Wordings = slices.DeleteFunc(t.Wordings, func(w tracker.Wording) bool { return in.is(&w) })
		if len(t.Wordings) >= wordingsMost {
			return problem("conflict", "You keep as many wordings as there can be; take one away first.")
		}
		t.Wordings = append(t.Wordings, wording)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &Body[WordingOutput]{Body: WordingOutput{in.Moment, in.Channel, in.Locale, in.Body.Title, in.Body.Body}}, nil
}

func (s *Server) deleteWording(ctx context.Context, in *ByWording) (*struct{}, error) {
	_, err := s.changeTenant(ctx, func(t *tracker.Tenant) error {
		before := len(t.Wordings)
		t.Wordings = slices.DeleteFunc(t.Wordings, func(w tracker.Wording) bool { return in.is(&w) })
		if len(t.Wordings) == before {
			return tracker.ErrNotFound
		}
		return nil
	})
	return nil, err
}

// PreviewInput is a message to be shown.
type PreviewInput struct {
	Body struct {
		WordingText
		Moment  string `json:"moment" example:"out_for_delivery"`
		Channel string `json:"channel" enum:"email,sms,push" example:"email"`
		Locale  string `json:"locale,omitempty" maxLength:"35" example:"de"`
	}
}

// Preview is a message in words.
type Preview struct {
	Subject  string `json:"subject,omitempty"`
	Text     string `json:"text,omitempty"`
	HTML     string `json:"html,omitempty"`
	SMS      string `json:"sms,omitempty"`
	Segments int    `json:"segments,omitempty" doc:"What the SMS costs."`
	Push     string `json:"push,omitempty" doc:"The push's JSON."`
}

func (s *Server) previewMessage(ctx context.Context, in *PreviewInput) (*Body[Preview], error) {
	b := &in.Body
	moment, channel := tracker.Moment(b.Moment), tracker.Channel(b.Channel)
	if !slices.Contains(notify.Moments(), moment) {
		return nil, invalid("moment", "There is no such moment.", "out_for_delivery")
	}
	tenant, err := s.ownTenant(ctx)
	if err != nil {
		return nil, err
	}
	if b.Title != "" || b.Body != "" {
		wording := tracker.Wording{Moment: moment, Channel: channel, Locale: b.Locale, Title: b.Title, Body: b.Body}
		if err := notify.CheckWording(&wording); err != nil {
			return nil, invalid("body", err.Error(), "Put the kettle on: {{.Headline}}.")
		}
		tenant.Wordings = append([]tracker.Wording{wording}, tenant.Wordings...)
	}
	content, err := s.writer.Preview(moment, channel, b.Locale, tenant)
	if err != nil {
		return nil, err
	}
	out := Preview{Subject: content.Subject, Text: content.Text, HTML: content.HTML, SMS: content.SMS, Push: string(content.Push)}
	if content.SMS != "" {
		out.Segments = notify.Segments(content.SMS)
	}
	return &Body[Preview]{Body: out}, nil
}
