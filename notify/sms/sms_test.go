package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waybill/notify"
	"waybill/notify/notifytest"
	"waybill/notify/sms/twiliotest"
	"waybill/tracker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	ada     = "+4915112345678"
	number  = "+15005550006"
	service = "MG0123456789abcdef0123456789abcdef"
)

func newChannel(t *testing.T, fake *twiliotest.Server, change func(o *Options)) *Channel {
	t.Helper()
	o := Options{
		AccountSID: twiliotest.AccountSID, AuthToken: twiliotest.AuthToken, From: number, PublicURL: "https://track.example.com",
		BaseURL: fake.URL, Now: time.Now,
	}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.transport.(*http.Transport).CloseIdleConnections)
	return c
}

func TestSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) *notifytest.Rig {
		t.Helper()
		fake := twiliotest.New(t)
		rig := &notifytest.Rig{
			Channel: newChannel(t, fake, nil), To: ada, Bad: []string{"ada@example.com", "+49", "12"},
			Secrets: []string{ada, "15112345678", twiliotest.AuthToken, "track.example.com"},
			Sent:    func() int { return len(fake.Messages()) },
		}
		for _, test := range []struct {
			status, code int
			want         notify.Verdict
		}{
			{400, 21610, notify.Gone},
			{400, 21211, notify.Gone},
			{400, 21614, notify.Gone},
			{400, 21606, notify.Permanent},
			{400, 21408, notify.Permanent},
			{400, 21612, notify.Permanent},
			{400, 21617, notify.Permanent},
			{400, 21611, notify.Retry},
			{400, 99999, notify.Permanent},
			{401, 20003, notify.Retry},
			{403, 0, notify.Permanent},
			{404, 20404, notify.Permanent},
			{429, 20429, notify.Retry},
			{500, 20500, notify.Unsure},
			{502, 0, notify.Unsure},
			{503, 20503, notify.Retry},
			{504, 0, notify.Unsure},
		} {
			rig.Faults = append(rig.Faults, notifytest.Fault{
				Name: fmt.Sprintf("HTTP %d, code %d", test.status, test.code), Want: test.want,
				Begin: func() func() { return fake.Fail(test.status, test.code, nil) },
			})
		}
		rig.Faults = append(rig.Faults,
			notifytest.Fault{Name: "asked to wait", Want: notify.Retry, After: time.Minute, Begin: func() func() {
				return fake.Fail(429, 20429, http.Header{"Retry-After": {"60"}})
			}},
			notifytest.Fault{Name: "a success that cannot be read", Want: notify.Unsure, Begin: func() func() { return fake.Garble(201) }},
			notifytest.Fault{Name: "a refusal that cannot be read", Want: notify.Permanent, Begin: func() func() { return fake.Garble(400) }},
			notifytest.Fault{Name: "a gateway's page", Want: notify.Unsure, Begin: func() func() { return fake.Garble(502) }},
			notifytest.Fault{Name: "no answer", Want: notify.Unsure, Hangs: true, Begin: fake.Hang})
		return rig
	})
}

func TestWhatTwilioIsGiven(t *testing.T) {
	for name, test := range map[string]struct {
		change func(o *Options)
		want   twiliotest.Message
	}{
		"a number": {want: twiliotest.Message{From: number, StatusCallback: "https://track.example.com/v1/providers/twilio/status?message=0123456789abcdef0123456789abcdef"}},
		"a messaging service, without callbacks": {
			change: func(o *Options) { o.From, o.MessagingServiceSID, o.PublicURL = "", service, "" },
			want:   twiliotest.Message{Service: service},
		},
	} {
		t.Run(name, func(t *testing.T) {
			fake := twiliotest.New(t)
			c := newChannel(t, fake, test.change)
			receipt, err := c.Send(t.Context(), notifytest.Envelope("+49 151 12345678"))
			if err != nil {
				t.Fatal(err)
			}
			got := fake.Messages()[0]
			if receipt.ProviderID != got.SID || got.Validity == "" {
				t.Errorf("receipt %+v of message %+v", receipt, got)
			}
			test.want.SID, test.want.Validity, test.want.To = got.SID, got.Validity, ada
			test.want.Body, test.want.Segments = "Ihr Paket ist unterwegs.", 1
			if got != test.want {
				t.Errorf("Twilio has\n%+v, want\n%+v", got, test.want)
			}
			if want := test.want.From + test.want.Service; c.Sender() != want {
				t.Errorf("sender %q, want %q", c.Sender(), want)
			}
		})
	}
}

func TestAnUnreachableTwilioTookNothing(t *testing.T) {
	fake := twiliotest.New(t)
	c := newChannel(t, fake, func(o *Options) { o.BaseURL = "http://127.0.0.1:1" })
	if _, err := c.Send(t.Context(), notifytest.Envelope(ada)); !notify.Retryable(err) {
		t.Errorf("error %v, want one to retry", err)
	}
}

func TestWrongSettings(t *testing.T) {
	for name, o := range map[string]Options{
		"no account":    {From: number},
		"no sender":     {AccountSID: "AC", AuthToken: "x"},
		"two senders":   {AccountSID: "AC", AuthToken: "x", From: number, MessagingServiceSID: service},
		"no base, only": {AccountSID: "AC", AuthToken: "x", From: number, BaseURL: "nowhere"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

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
