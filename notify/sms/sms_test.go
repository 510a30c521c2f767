package sms

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waybill/notify"
	"waybill/notify/notifytest"
	"waybill/notify/sms/twiliotest"
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
			test.want.Created, test.want.Status = got.Created, "queued"
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
