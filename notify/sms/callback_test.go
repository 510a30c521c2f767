package sms

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waybill/notify"
	"waybill/notify/sms/twiliotest"
	"waybill/tracker"
)

// desk remembers what callbacks brought.
type desk struct {
	arrivals []notify.Arrival
	outs     []string
	err      error
}

func (d *desk) Arrived(_ context.Context, _ tracker.Channel, a notify.Arrival) error {
	d.arrivals = append(d.arrivals, a)
	return d.err
}

func (d *desk) OptOut(_ context.Context, _ tracker.Channel, sender, address, _ string) error {
	d.outs = append(d.outs, "out "+sender+" "+address)
	return nil
}

func (d *desk) OptIn(_ context.Context, _ tracker.Channel, sender, address string) error {
	d.outs = append(d.outs, "in "+sender+" "+address)
	return nil
}

func TestStatusCallbacks(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	const address = "https://track.example.com" + StatusPath + "?message=" + id
	m := twiliotest.Message{SID: "SM1", To: ada, From: number}
	for name, test := range map[string]struct {
		address, signedFor, status, errorCode string
		deskErr, err                          error
		want                                  []notify.Arrival
	}{
		"sent":      {status: "sent", want: []notify.Arrival{{Message: id, Provider: "SM1", State: tracker.MessageSent}}},
		"delivered": {status: "delivered", want: []notify.Arrival{{Message: id, Provider: "SM1", State: tracker.MessageArrived}}},
		"unreachable": {status: "undelivered", errorCode: "30003", want: []notify.Arrival{{
			Message: id, Provider: "SM1", State: tracker.MessageFailed, Code: "30003",
			Reason: "Twilio could not deliver the message: the phone could not be reached (30003)",
		}}},
		"a landline": {status: "failed", errorCode: "30006", want: []notify.Arrival{{
			Message: id, Provider: "SM1", State: tracker.MessageFailed, Code: "30006", Gone: true,
			Reason: "Twilio could not deliver the message: the number is a landline, or its network cannot be reached (30006)",
		}}},
		"an unknown code": {status: "failed", errorCode: "39999", want: []notify.Arrival{{
			Message: id, Provider: "SM1", State: tracker.MessageFailed, Code: "39999", Reason: "Twilio could not deliver the message (39999)",
		}}},
		"a status that is new":       {status: "teleported"},
		"an id that is none of ours": {address: "https://track.example.com" + StatusPath + "?message=../x", status: "sent"},
		"no id":                      {address: "https://track.example.com" + StatusPath, status: "sent"},
		"a message that was erased":  {status: "sent", deskErr: tracker.ErrNotFound, want: []notify.Arrival{{Message: id, Provider: "SM1", State: tracker.MessageSent}}},
		"a store that is down": {
			status: "sent", deskErr: tracker.ErrUnavailable, err: tracker.ErrUnavailable,
			want: []notify.Arrival{{Message: id, Provider: "SM1", State: tracker.MessageSent}},
		},
		"another message's signature": {signedFor: address + "0", status: "delivered", err: ErrSignature},
	} {
		t.Run(name, func(t *testing.T) {
			if test.address == "" {
				test.address = address
			}
			if test.signedFor == "" {
				test.signedFor = test.address
			}
			d := &desk{err: test.deskErr}
			form := twiliotest.StatusForm(m, test.status, test.errorCode)
			err := NewCallbacks(twiliotest.AuthToken, d).Status(t.Context(), test.address, form, twiliotest.Sign(test.signedFor, form))
			if !errors.Is(err, test.err) {
				t.Errorf("error %v, want %v", err, test.err)
			}
			if !slices.Equal(d.arrivals, test.want) {
				t.Errorf("arrived\n%+v, want\n%+v", d.arrivals, test.want)
			}
		})
	}
}

func TestAForgedCallbackChangesNothing(t *testing.T) {
	const address = "https://track.example.com" + StatusPath + "?message=0123456789abcdef0123456789abcdef"
	form := twiliotest.StatusForm(twiliotest.Message{SID: "SM1"}, "delivered", "")
	signature := twiliotest.Sign(address, form)
	for name, change := range map[string]func() (string, url.Values, string){
		"no signature":    func() (string, url.Values, string) { return address, form, "" },
		"another address": func() (string, url.Values, string) { return address + "x", form, signature },
		"http for https": func() (string, url.Values, string) {
			return strings.Replace(address, "https", "http", 1), form, signature
		},
		"another field": func() (string, url.Values, string) {
			return address, url.Values{"MessageStatus": {"failed"}}, signature
		},
		"a half signature":  func() (string, url.Values, string) { return address, form, signature[:10] },
		"unreadable base64": func() (string, url.Values, string) { return address, form, "ü" },
	} {
		d := &desk{}
		callbacks := NewCallbacks(twiliotest.AuthToken, d)
		a, f, s := change()
		if err := callbacks.Status(t.Context(), a, f, s); !errors.Is(err, ErrSignature) || len(d.arrivals) > 0 {
			t.Errorf("%s: %v, %d arrivals", name, err, len(d.arrivals))
		}
		if err := callbacks.Inbound(t.Context(), a, f, s); !errors.Is(err, ErrSignature) || len(d.outs) > 0 {
			t.Errorf("%s, inbound: %v, %v", name, err, d.outs)
		}
	}
}

func TestWhatPeopleAnswer(t *testing.T) {
	const address = "https://track.example.com" + InboundPath
	for name, test := range map[string]struct{ from, to, body, kind, want string }{
		"STOP":                               {body: "STOP", want: "out " + number + " " + ada},
		"stop, in a sentence's clothes":      {body: " Stop.\n", want: "out " + number + " " + ada},
		"STOP to a messaging service":        {to: service, body: "STOP", want: "out " + service + " " + ada},
		"START":                              {body: "Start", want: "in " + number + " " + ada},
		"HELP, which Twilio answers":         {body: "HELP"},
		"what Twilio takes for a STOP":       {body: "ARRÊT", kind: "STOP", want: "out " + number + " " + ada},
		"stop within a sentence is no STOP":  {body: "please stop by at five"},
		"a word":                             {body: "Danke!"},
		"nothing":                            {body: ""},
		"a short code, which is no customer": {from: "12345", body: "STOP"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.from == "" {
				test.from = ada
			}
			if test.to == "" {
				test.to = number
			}
			form := twiliotest.InboundForm(test.from, test.to, test.body)
			if test.kind != "" {
				form.Set("OptOutType", test.kind)
			}
			d := &desk{}
			if err := NewCallbacks(twiliotest.AuthToken, d).Inbound(t.Context(), address, form, twiliotest.Sign(address, form)); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(d.outs, ","); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func FuzzCallback(f *testing.F) {
	f.Add("https://track.example.com/v1/providers/twilio/status?message=0123456789abcdef0123456789abcdef", "MessageStatus=sent&ErrorCode=30003", "x")
	f.Add("::", "%zz", "")
	f.Fuzz(func(t *testing.T, address, body, signature string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		d := &desk{}
		callbacks := NewCallbacks(twiliotest.AuthToken, d)
		if callbacks.Status(t.Context(), address, form, signature) == nil || callbacks.Inbound(t.Context(), address, form, signature) == nil {
			t.Fatal("a callback without Twilio's signature was taken")
		}
		// Signed, whatever it holds: no panic.
		signed := twiliotest.Sign(address, form)
		_ = callbacks.Status(t.Context(), address, form, signed)
		_ = callbacks.Inbound(t.Context(), address, form, signed)
	})
}
