package main

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// A mail that comes back ends the sending: the mail server hands the report to our return path over LMTP.
func TestABounceEndsTheSending(t *testing.T) {
	t.Parallel()
	mails, returnPath := startMailServer(t), freeAddress(t)
	environ := append(mails.environ(), "WAYBILL_DATA_DIR="+t.TempDir(),
		"WAYBILL_BOUNCES_ADDRESS=bounces@example.com", "WAYBILL_BOUNCES_LISTEN="+returnPath)
	p := server(t, environ, "serve")
	s := openShop(t, environ, p.Base)
	number := upsNumber(11)
	id := s.register(number)
	s.subscribe(id, "email", "gone@example.com")
	s.scan(number, "DP", "Departed from Facility", time.Now().Add(-time.Hour))
	eventually(t, "the first mail is sent", func() bool { return len(mails.to("gone@example.com")) == 1 })

	sendBack(t, returnPath, mails.to("gone@example.com")[0].From)
	eventually(t, "the message is shown as failed", func() bool {
		for _, m := range s.messages(id) {
			if m.State == "failed" && strings.Contains(m.Reason, "no such mailbox (5.1.1)") {
				return true
			}
		}
		return false
	})
	s.scan(number, "FS", "DELIVERED", time.Now())
	stream := s.watch(id)
	await(t, stream, "delivered")
	eventually(t, "nothing more is to be sent", func() bool {
		for _, m := range s.messages(id) {
			if m.State == "decided" || m.State == "sending" {
				return false
			}
		}
		return true
	})
	if got := len(mails.to("gone@example.com")); got != 1 {
		t.Errorf("%d mails went to an address without a mailbox", got)
	}
	p.Stop()
}

// sendBack hands a delivery status notification to a return path, as a mail server does.
func sendBack(t *testing.T, lmtp, to string) {
	t.Helper()
	conn, err := net.Dial("tcp", lmtp)
	if err != nil {
		t.Fatal(err)
	}
	client := smtp.NewClientLMTP(conn)
	defer func() { _ = client.Close() }()
	report := strings.ReplaceAll(`Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; gone@example.com
Action: failed
Status: 5.1.1

--b--
`, "\n", "\r\n")
	for _, step := range []func() error{
		func() error { return client.Hello("mx.example.net") },
		func() error { return client.Mail("", nil) },
		func() error { return client.Rcpt(to, nil) },
		func() error {
			data, err := client.Data()
			if err != nil {
				return err
			}
			if _, err := fmt.Fprint(data, report); err != nil {
				return err
			}
			return data.Close()
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}
