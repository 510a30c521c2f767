package api

import (
	"context"
	"errors"
	"net/http"
	"net/mail"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"waybill/notify"
	"waybill/tracker"
)

// settingsOperations let sellers choose how their customers are told.
func (s *Server) settingsOperations() {
	tags := []string{"Settings"}
	operation(s, huma.Operation{
		OperationID: "get-settings", Method: http.MethodGet, Path: "/v1/settings", Tags: tags,
		Summary: "Your name, brand and rules for messages",
	}, s.getSettings)
	operation(s, huma.Operation{
		OperationID: "change-settings", Method: http.MethodPatch, Path: "/v1/settings", Tags: tags,
		Summary: "Change some of them", Description: "What is absent stays as it is; a member of moments that is null goes back to the product's defaults.",
	}, s.patchSettings)
}

// Settings are a seller's.
type Settings struct {
	Tenant   string   `json:"tenant"`
	Name     string   `json:"name"`
	Brand    Brand    `json:"brand"`
	SMS      SMSSpent `json:"sms"`
	Unlisted bool     `json:"unlisted" doc:"Whether your parcels are kept out of what customers see of all sellers together."`
	// Moments are those told without anybody choosing, by channel.
	Moments  map[string][]string `json:"moments" doc:"By channel, the moments that are told where the person chose none."`
	Wordings []WordingOutput     `json:"wordings"`
}

// Brand is a seller's face towards its customers.
type Brand struct {
	Colour  string `json:"colour,omitempty" pattern:"^(#[0-9a-fA-F]{6})?$" example:"#0f766e"`
	LogoURL string `json:"logo_url,omitempty" pattern:"^(https://.+)?$" maxLength:"500" doc:"An https address." example:"https://shop.example.com/logo.png"`
	ReplyTo string `json:"reply_to,omitempty" maxLength:"254" doc:"Where customers' answers go, and warnings to you." example:"help@shop.example.com"`
	Support string `json:"support,omitempty" maxLength:"200" doc:"How customers reach you, as they are shown it." example:"+44 20 7946 0000"`
}

// SMSSpent is what SMS may cost in a month, and did so far. Segments are what is paid for.
type SMSSpent struct {
	PickupCode bool `json:"pickup_code" doc:"Whether pickup codes are told by SMS, too."`

	Budget int `json:"monthly_segments" doc:"At most so many segments a month; 0 is without a bound."`
	Spent  int `json:"spent_segments" doc:"Of this month (UTC)."`
}

// SettingsChange is what to change.
type SettingsChange struct {
	Body struct {
		Name   *string `json:"name,omitempty" minLength:"1" maxLength:"100" example:"Northwind Tea"`
		Brand  *Brand  `json:"brand,omitempty"`
		Budget *int    `json:"sms_monthly_segments,omitempty" minimum:"0" maximum:"10000000" example:"5000"`
		// PickupCode has pickup codes told by SMS.
		PickupCode *bool `json:"sms_pickup_code,omitempty" doc:"Tell pickup codes by SMS, too. Networks and lock screens show them."`
		Unlisted   *bool `json:"unlisted,omitempty" doc:"Keep your parcels out of what customers see of all sellers together (My parcels)."`
		// Moments replace those of the channels that are named.
		Moments map[string][]string `json:"moments,omitempty" example:"{\"sms\":[\"out_for_delivery\",\"ready_for_pickup\"]}"`
	}
}

func (s *Server) getSettings(ctx context.Context, _ *struct{}) (*Body[Settings], error) {
	tenant, err := s.ownTenant(ctx)
	if err != nil {
		return nil, err
	}
	return s.settingsOf(ctx, tenant)
}

// ownTenant is the caller's; a seller who set nothing yet has the defaults.
func (s *Server) ownTenant(ctx context.Context) (*tracker.Tenant, error) {
	id := callerOf(ctx).Tenant
	tenant, err := tracker.TenantOf(ctx, s.store, id)
	if errors.Is(err, tracker.ErrNotFound) {
		return &tracker.Tenant{ID: id, Name: id, CreatedAt: s.now().UTC()}, nil
	}
	return tenant, err
}

func (s *Server) settingsOf(ctx context.Context, t *tracker.Tenant) (*Body[Settings], error) {
	spent, err := tracker.SpendingOf(ctx, s.store, t.ID, tracker.SMS, s.now())
	if err != nil {
		return nil, err
	}
	out := Settings{
		Tenant: t.ID, Name: t.Name, Brand: Brand(t.Brand), SMS: SMSSpent{Budget: t.SMSBudget, Spent: spent.Segments, PickupCode: t.CodeBySMS}, Unlisted: t.Unlisted,
		Moments: map[string][]string{}, Wordings: make([]WordingOutput, 0, len(t.Wordings)),
	}
	for _, channel := range []tracker.Channel{tracker.Email, tracker.SMS, tracker.Push} {
		moments, chosen := t.Moments[channel]
		if !chosen {
			moments = notify.Defaults(channel)
		}
		out.Moments[string(channel)] = textsOf(moments)
	}
	for _, w := range t.Wordings {
		out.Wordings = append(out.Wordings, WordingOutput{string(w.Moment), string(w.Channel), w.Locale, w.Title, w.Body})
	}
	return &Body[Settings]{Body: out}, nil
}

func textsOf(moments []tracker.Moment) []string {
	texts := make([]string, len(moments))
	for i, m := range moments {
		texts[i] = string(m)
	}
	return texts
}

func (s *Server) patchSettings(ctx context.Context, in *SettingsChange) (*Body[Settings], error) {
	b := &in.Body
	if b.Brand != nil && b.Brand.ReplyTo != "" {
		if parsed, err := mail.ParseAddress(b.Brand.ReplyTo); err != nil || parsed.Address != b.Brand.ReplyTo {
			return nil, invalid("brand.reply_to", "It is no e-mail address.", "help@shop.example.com")
		}
	}
	moments, err := momentsIn(b.Moments)
	if err != nil {
		return nil, err
	}
	tenant, err := s.changeTenant(ctx, func(t *tracker.Tenant) error {
		if b.Name != nil {
			t.Name = strings.TrimSpace(*b.Name)
		}
		if b.Brand != nil {
			t.Brand = tracker.Brand(*b.Brand)
		}
		if b.Budget != nil {
			t.SMSBudget = *b.Budget
		}
		if b.PickupCode != nil {
			t.CodeBySMS = *b.PickupCode
		}
		if b.Unlisted != nil {
			t.Unlisted = *b.Unlisted
		}
		chooseMoments(t, moments)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.settingsOf(ctx, tenant)
}

func chooseMoments(t *tracker.Tenant, moments map[tracker.Channel][]tracker.Moment) {
	if t.Moments == nil {
		t.Moments = map[tracker.Channel][]tracker.Moment{}
	}
	for channel, chosen := range moments {
		t.Moments[channel] = chosen
		if chosen == nil {
			delete(t.Moments, channel)
		}
	}
}

// momentsIn checks the moments that a seller chose by channel. A nil list goes back to the defaults.
func momentsIn(in map[string][]string) (map[tracker.Channel][]tracker.Moment, error) {
	out := map[tracker.Channel][]tracker.Moment{}
	for name, texts := range in {
		channel := tracker.Channel(name)
		if channel != tracker.Email && channel != tracker.SMS && channel != tracker.Push {
			return nil, invalid("moments."+name, "It is no channel; those are email, sms, push.", "email")
		}
		var moments []tracker.Moment
		if texts != nil {
			moments = []tracker.Moment{}
		}
		for _, text := range texts {
			if !slices.Contains(notify.Moments(), tracker.Moment(text)) {
				return nil, invalid("moments."+name, "There is no such moment as "+shortened(text)+".", "delivered")
			}
			moments = append(moments, tracker.Moment(text))
		}
		out[channel] = moments
	}
	return out, nil
}

func shortened(text string) string {
	const most = 40
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}

// changeTenant reads the caller's tenant, changes it and writes it, again where somebody else wrote it meanwhile.
func (s *Server) changeTenant(ctx context.Context, apply func(*tracker.Tenant) error) (*tracker.Tenant, error) {
	for {
		tenant, err := s.ownTenant(ctx)
		if err != nil {
			return nil, err
		}
		if err := apply(tenant); err != nil {
			return nil, err
		}
		if err := tracker.Save(ctx, s.store, tenant); !errors.Is(err, tracker.ErrConflict) {
			return tenant, err
		}
	}
}
