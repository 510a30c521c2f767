package notify

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waybill/tracker"
)

// token reads the token out of the confirmation message that was sent last.
func (o *office) token() string {
	o.tb.Helper()
	messages, err := tracker.LoadList[tracker.Message](o.tb.Context(), o.store, tracker.ListOfShipment(o.shipment.ID), tracker.Page{})
	if err != nil {
		o.tb.Fatal(err)
	}
	for _, m := range messages {
		if m.Moment == tracker.MomentConfirmChannel {
			o.send(m.ID)
		}
	}
	for word := range strings.FieldsSeq(o.email.sent[len(o.email.sent)-1].Content.Text) {
		if link, err := url.Parse(word); err == nil && link.Query().Has("token") {
			return link.Query().Get("token")
		}
	}
	o.tb.Fatal("no link with a token was sent")
	return ""
}

func TestASubscriptionIsConfirmedBeforeItHolds(t *testing.T) {
	o := newOffice(t)
	wish := Wish{Channel: tracker.Email, Address: "bob@example.com", Locale: "FR_fr", Consent: "tracking page"}
	s, err := o.desk.Subscribe(t.Context(), o.shipment, wish)
	if err != nil {
		t.Fatal(err)
	}
	if s.Active() || s.Consent != "tracking page" || strings.Contains(string(s.Sealed), "bob") {
		t.Errorf("subscription %+v", s)
	}
	token := o.token()
	for wrong, sub := range map[string]string{"": s.ID, token + "x": s.ID, token: "another"} {
		if _, err := o.desk.Confirm(t.Context(), sub, wrong); !errors.Is(err, ErrLink) {
			t.Errorf("confirmed %s by %q: %v", sub, wrong, err)
		}
	}
	for range 2 {
		if s, err = o.desk.Confirm(t.Context(), s.ID, token); err != nil || !s.Active() {
			t.Fatalf("confirmed: %+v, %v", s, err)
		}
	}
	m := o.send(o.decide().ID)
	last := o.email.sent[len(o.email.sent)-1]
	if m.State != tracker.MessageSent || last.To != "bob@example.com" || last.Locale != "fr" || s.Locale != "fr-FR" {
		t.Errorf("%s (%s) to %s", m.State, m.Reason, last.To)
	}
	if strings.Contains(last.Content.Text, "1001") || strings.Contains(last.Content.Text, "?s="+o.keys.Sign(LinkTrack, o.shipment.ID)) {
		t.Errorf("somebody who is not the recipient is told the order, or given the full view:\n%s", last.Content.Text)
	}
	if _, err := o.desk.Unsubscribe(t.Context(), s.ID, "forged"); !errors.Is(err, ErrLink) {
		t.Errorf("unsubscribed by a forged link: %v", err)
	}
	for range 2 {
		if s, err = o.desk.Unsubscribe(t.Context(), s.ID, o.keys.Sign(LinkUnsubscribe, s.ID)); err != nil || s.Active() {
			t.Errorf("unsubscribed: %+v, %v", s, err)
		}
	}
	if _, err := o.desk.Confirm(t.Context(), s.ID, token); !errors.Is(err, ErrLink) {
		t.Errorf("confirmed though ended: %v", err)
	}
}

func TestNobodyIsFlooded(t *testing.T) {
	o := newOffice(t)
	subscribe := func(shipment string) (*tracker.Subscription, error) {
		s := *o.shipment
		s.ID = shipment
		return o.desk.Subscribe(t.Context(), &s, Wish{Channel: tracker.Email, Address: "bob@example.com"})
	}
	first, err := subscribe("WB0")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := subscribe("WB0"); err != nil || again.Active() || again.ID == first.ID {
		t.Errorf("asked twice at once, the answer tells that the address is known: %v", err)
	}
	if list, err := o.desk.Of(t.Context(), "WB0"); err != nil || len(list) != 1 {
		t.Errorf("asked twice at once there are %d subscriptions, %v", len(list), err)
	}
	o.now = o.now.Add(renewAfter)
	if again, err := subscribe("WB0"); err != nil || again.ID == first.ID {
		t.Errorf("asked again later: the same, or %v", err)
	}
	for i := 2; i < pendingMost; i++ {
		if _, err := subscribe(fmt.Sprintf("WB%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := subscribe("WB99"); !errors.Is(err, ErrTooMany) {
		t.Errorf("request %d within a day: %v", pendingMost+1, err)
	}
	o.now = o.now.Add(2 * day)
	if _, err := subscribe("WB99"); err != nil {
		t.Errorf("two days later: %v", err)
	}
}

func TestTheRecipientIsSubscribedOnce(t *testing.T) {
	o := newOffice(t)
	first := o.recipient()
	if !first.Active() || !first.Recipient {
		t.Errorf("subscription %+v", first)
	}
	if _, err := o.desk.End(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	if again := o.recipient(); again.ID != first.ID || again.Active() {
		t.Error("registered again, the recipient who unsubscribed is told again")
	}
}

func TestABrowserNeedsNoConfirmation(t *testing.T) {
	o := newOffice(t)
	s, err := o.desk.Subscribe(t.Context(), o.shipment, Wish{Channel: tracker.Push, Address: pushAddress})
	if err != nil || !s.Active() {
		t.Errorf("%+v, %v", s, err)
	}
}

const pushAddress = `{"endpoint":"https://push.example.com/x","expirationTime":null,"keys":{"p256dh":"BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM=","auth":"tBHItJI5svbpez7KI4CCXg=="}}`

func TestAddresses(t *testing.T) {
	for name, test := range map[string]struct {
		channel                tracker.Channel
		given, country, normal string
	}{
		"a mail address":                  {tracker.Email, " Ada.Lovelace@Example.COM ", "", "ada.lovelace@example.com"},
		"a mail address of the world":     {tracker.Email, "käthe@büro.example", "", "käthe@büro.example"},
		"a name with it":                  {tracker.Email, "Ada <ada@example.com>", "", ""},
		"two":                             {tracker.Email, "a@example.com, b@example.com", "", ""},
		"a header smuggled in":            {tracker.Email, "a@example.com\r\nBcc: b@example.com", "", ""},
		"no domain":                       {tracker.Email, "ada@localhost", "", ""},
		"nothing":                         {tracker.Email, "", "", ""},
		"an endless one":                  {tracker.Email, strings.Repeat("a", 300) + "@example.com", "", ""},
		"a phone number with its country": {tracker.SMS, "+49 (0)151 / 123 456-78", "", "+4915112345678"},
		"a phone number at home":          {tracker.SMS, "0151 12345678", "de", "+4915112345678"},
		"a phone number without country":  {tracker.SMS, "0151 12345678", "", ""},
		"an emergency number":             {tracker.SMS, "110", "DE", ""},
		"letters":                         {tracker.SMS, "call me", "DE", ""},
		"a browser":                       {tracker.Push, pushAddress, "", strings.NewReplacer(`,"expirationTime":null`, "", "=", "").Replace(pushAddress)},
		"a browser by http":               {tracker.Push, strings.Replace(pushAddress, "https", "http", 1), "", ""},
		"a browser without keys":          {tracker.Push, `{"endpoint":"https://push.example.com/x"}`, "", ""},
		"no JSON":                         {tracker.Push, "x", "", ""},
		"a channel that is none":          {tracker.Webhook, "https://example.com", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := NormaliseAddress(test.channel, test.given, test.country)
			if got != test.normal || (err == nil) != (test.normal != "") {
				t.Fatalf("%q, %v; want %q", got, err, test.normal)
			}
			if err != nil && (!errors.Is(err, ErrAddress) || (len(test.given) > 5 && strings.Contains(err.Error(), test.given))) {
				t.Errorf("error %v tells the address, or is no ErrAddress", err)
			}
			if err == nil {
				if again, err := NormaliseAddress(test.channel, got, ""); again != got || err != nil {
					t.Errorf("normalised again it is %q, %v", again, err)
				}
			}
		})
	}
}

func TestUnknownMomentsAreRefused(t *testing.T) {
	o := newOffice(t)
	for _, moment := range []tracker.Moment{"teleported", tracker.MomentConfirmChannel} {
		_, err := o.desk.Subscribe(t.Context(), o.shipment, Wish{Channel: tracker.Email, Address: "a@example.com", Moments: []tracker.Moment{moment}})
		if !errors.Is(err, ErrMoment) {
			t.Errorf("%s: %v", moment, err)
		}
	}
}

func FuzzNormaliseAddress(f *testing.F) {
	f.Add("email", "ada@example.com", "DE")
	f.Add("sms", "+4915112345678", "")
	f.Add("push", pushAddress, "")
	f.Fuzz(func(t *testing.T, channel, address, country string) {
		normal, err := NormaliseAddress(tracker.Channel(channel), address, country)
		if err != nil {
			return
		}
		if strings.ContainsAny(normal, "\r\n") {
			t.Fatalf("%q holds a line break", normal)
		}
		if again, err := NormaliseAddress(tracker.Channel(channel), normal, country); err != nil || again != normal {
			t.Fatalf("%q, normalised again: %q, %v", normal, again, err)
		}
	})
}
