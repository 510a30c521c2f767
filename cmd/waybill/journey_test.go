package main

import (
	"strings"
	"testing"
	"time"

	"waybill/notify/sms/twiliotest"
)

// A scan's whole journey: from a carrier's webhook to the page, the mailbox, the phone and the browser.
func TestAScanReachesPageMailPhoneAndBrowser(t *testing.T) {
	t.Parallel()
	mails, twilio, browser := startMailServer(t), twiliotest.New(t), startPushService(t)
	keys := map[string]string{}
	for line := range strings.Lines(command(t, nil, "keys", "webpush")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		keys[name] = value
	}
	environ := append(mails.environ(), "WAYBILL_DATA_DIR="+t.TempDir(), "WAYBILL_TWILIO_BASE_URL="+twilio.URL,
		"WAYBILL_TWILIO_ACCOUNT_SID="+twiliotest.AccountSID, "WAYBILL_TWILIO_AUTH_TOKEN="+twiliotest.AuthToken,
		"WAYBILL_TWILIO_FROM=+15005550006")
	environ = append(environ, browser.environ(t, keys["WAYBILL_WEBPUSH_PUBLIC_KEY"], keys["WAYBILL_WEBPUSH_PRIVATE_KEY"])...)
	p := server(t, environ, "serve")
	s := openShop(t, environ, p.Base)

	number := upsNumber(7)
	id := s.register(number)
	s.subscribe(id, "email", "ada@example.com")
	s.subscribe(id, "sms", "+12025550143")
	s.subscribe(id, "push", browser.subscription(t))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("messages: %+v\nmails: %+v\nSMS: %+v\npushes: %+v", s.messages(id), mails.to("ada@example.com"), twilio.Messages(), browser.all())
		}
	})
	stream := s.watch(id)
	s.scan(number, "DP", "Departed from Facility", time.Now().Add(-time.Hour))
	await(t, stream, "in_transit")
	s.scan(number, "FS", "DELIVERED", time.Now())
	shown := await(t, stream, "delivered")
	if shown.Events[0].Text != "DELIVERED" || shown.Events[0].Location == nil || shown.Events[0].Location.City != "New York" {
		t.Errorf("the page shows %+v", shown.Events[0])
	}

	eventually(t, "the mail about the delivery arrives", func() bool {
		for _, mail := range mails.to("ada@example.com") {
			if strings.Contains(mail.Message.Header.Get("Subject"), "delivered") && strings.Contains(mail.Body, id) {
				return true
			}
		}
		return false
	})
	eventually(t, "the SMS about the delivery is handed to Twilio", func() bool {
		for _, message := range twilio.Messages() {
			if message.To == "+12025550143" && strings.Contains(strings.ToLower(message.Body), "deliver") {
				return true
			}
		}
		return false
	})
	eventually(t, "the browser reads the push", func() bool {
		for _, push := range browser.all() {
			if strings.Contains(strings.ToLower(push.Title+push.Body), "deliver") {
				return true
			}
		}
		return false
	})
	if twilio.Refused() > 0 {
		t.Errorf("Twilio refused %d requests", twilio.Refused())
	}
	statuses, err := twilio.CallBack(twilio.Messages()[0], "delivered")
	if err != nil || len(statuses) != 1 || statuses[0] >= 300 {
		t.Errorf("Twilio's callback is answered with %v, %v", statuses, err)
	}
	eventually(t, "the callback shows on the message", func() bool {
		for _, m := range s.messages(id) {
			if m.Channel == "sms" && m.State == "arrived" {
				return true
			}
		}
		return false
	})
	mails.noneTwice(t)
	p.Stop()
}
