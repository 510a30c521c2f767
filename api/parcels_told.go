package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"waybill/notify"
	"waybill/tracker"
)

// How a customer's app is told of all parcels, and how the customer's addresses are told: for who has a customer's token.

// DeviceInput is a phone's app, as Firebase or Apple knows it.
type DeviceInput struct {
	Platform string `json:"platform" enum:"fcm,apns" example:"fcm"`
	Token    string `json:"token" minLength:"20" maxLength:"1000" doc:"The token that the app got from its platform." example:"dGhpcyBpcyBhIHRva2Vu:APA91bH"`
	Locale   string `json:"locale,omitempty" maxLength:"35" doc:"The language of the pushes; each shipment's where absent." example:"de"`
}

// DeviceTold says of how many parcels a device is told.
type DeviceTold struct {
	Parcels int `json:"parcels" example:"2"`
}

// postDevice has an app be told of all its customer's parcels that are under way. Sent again it adds those that are new.
func (s *Server) postDevice(c *fiber.Ctx) error {
	var in DeviceInput
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	customer, err := s.customerByToken(c)
	if err != nil {
		return err
	}
	address, err := json.Marshal(notify.Device{Platform: notify.Platform(in.Platform), Token: in.Token})
	if err != nil {
		return err
	}
	parcels, err := s.parcelsOf(c.UserContext(), customer.Terms()...)
	if err != nil {
		return err
	}
	told := DeviceTold{}
	for _, shipment := range parcels {
		if shipment.View.Milestone.Ended() {
			continue
		}
		wish := notify.Wish{Channel: tracker.Push, Address: string(address), Locale: in.Locale, Consent: "the customer's app"}
		if _, err := s.desk.Subscribe(c.UserContext(), shipment, wish); err != nil {
			return wishProblem(err)
		}
		told.Parcels++
	}
	return c.Status(http.StatusCreated).JSON(told)
}

// postDeviceRemoved has an app be told of nothing any more.
func (s *Server) postDeviceRemoved(c *fiber.Ctx) error {
	var in DeviceInput
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	if _, err := s.customerByToken(c); err != nil {
		return err
	}
	if err := s.desk.Forget(c.UserContext(), notify.Device{Platform: notify.Platform(in.Platform), Token: in.Token}); err != nil {
		return wishProblem(err)
	}
	return c.SendStatus(http.StatusNoContent)
}

// PreferenceInput is how an address of the customer is to be told, of all parcels of the parcel's seller.
type PreferenceInput struct {
	Channel string   `json:"channel" enum:"email,sms" example:"email"`
	Moments []string `json:"moments,omitzero" required:"false" maxItems:"30" doc:"What to tell; the channel's defaults where absent, nothing where empty." example:"[\"out_for_delivery\",\"delivered\"]"`
	Daily   bool     `json:"daily,omitempty" doc:"One e-mail a day with all that is not urgent." example:"true"`
	Code    bool     `json:"code_by_sms,omitempty" doc:"Pickup codes come by SMS too."`
}

// Preferences are how the customer's addresses are told.
type Preferences struct {
	Items []PreferenceInput `json:"items"`
	// Moments can be chosen, Defaults are told where nothing was.
	Moments  []string            `json:"moments" doc:"All that can be chosen."`
	Defaults map[string][]string `json:"defaults" doc:"What is told by channel where nothing was chosen."`
}

func (s *Server) getPreferencesJSON(c *fiber.Ctx) error {
	shipment, err := s.customersParcel(c)
	if err != nil {
		return err
	}
	return s.sendPreferences(c, shipment)
}

func (s *Server) putPreferencesJSON(c *fiber.Ctx) error {
	var in PreferenceInput
	if err := s.readJSON(c, &in); err != nil {
		return err
	}
	shipment, err := s.customersParcel(c)
	if err != nil {
		return err
	}
	choice := notify.Choice{Channel: tracker.Channel(in.Channel), Daily: in.Daily, CodeBySMS: in.Code}
	if in.Moments != nil {
		choice.Moments = make([]tracker.Moment, len(in.Moments))
		for i, m := range in.Moments {
			choice.Moments[i] = tracker.Moment(m)
		}
	}
	switch err := s.desk.ChooseFor(c.UserContext(), shipment, choice); {
	case errors.Is(err, notify.ErrLink):
		return invalid("channel", "the shop tells this parcel's recipient nothing there", "email")
	case err != nil:
		return wishProblem(err)
	}
	return s.sendPreferences(c, shipment)
}

func (s *Server) sendPreferences(c *fiber.Ctx, shipment *tracker.Shipment) error {
	choices, err := s.desk.ChoicesOf(c.UserContext(), shipment)
	if err != nil {
		return err
	}
	out := Preferences{Items: []PreferenceInput{}, Moments: texts(notify.Moments()), Defaults: map[string][]string{}}
	for _, choice := range choices {
		out.Items = append(out.Items, PreferenceInput{
			Channel: string(choice.Channel), Moments: texts(choice.Moments), Daily: choice.Daily, Code: choice.CodeBySMS,
		})
		out.Defaults[string(choice.Channel)] = texts(notify.Defaults(choice.Channel))
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return c.JSON(out)
}

// texts are moments by their names; nil stays nil, for nothing was chosen.
func texts(moments []tracker.Moment) []string {
	if moments == nil {
		return nil
	}
	list := make([]string, len(moments))
	for i, m := range moments {
		list[i] = string(m)
	}
	return list
}

// customersParcel is the parcel in the path, where it goes to the customer whose token is sent.
func (s *Server) customersParcel(c *fiber.Ctx) (*tracker.Shipment, error) {
	customer, err := s.customerByToken(c)
	if err != nil {
		return nil, err
	}
	id, ok := tracker.ParseTrackingID(c.Params("id"))
	if !ok {
		return nil, tracker.ErrNotFound
	}
	shipment, err := tracker.Load[tracker.Shipment](c.UserContext(), s.store, id)
	if err != nil {
		return nil, err
	}
	for _, term := range customer.Terms() {
		if slices.Contains(shipment.BlindTerms, term) {
			return shipment, nil
		}
	}
	return nil, tracker.ErrNotFound
}
