package bounce

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"waybill/tracker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// notification is a delivery status notification as mail servers write it.
func notification(action, status, quoted string) string {
	return strings.ReplaceAll(`From: MAILER-DAEMON@mx.example.net
To: bounces@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1/x"

--b1/x
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

--b1/x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; ada@example.org
Original-Recipient: rfc822;ada@example.org
Action: `+action+`
Status: `+status+`
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>: Recipient address rejected:
    User unknown in virtual mailbox table

--b1/x
Content-Type: message/rfc822

Return-Path: <bounces@example.com>
Subject: Out for delivery
`+quoted+`

Dear Ada, …
--b1/x--
`, "\n", "\r\n")
}

const vacation = "From: ada@example.org\r\nAuto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\nBack on Monday.\r\n"

// complaint is a feedback report as large mailbox providers send it.
func complaint(kind, quoted string) string {
	return strings.ReplaceAll(`From: feedback@mailbox.example
To: abuse@example.com
Subject: FW: Out for delivery
Content-Type: multipart/report; report-type=feedback-report; boundary=b2

--b2
Content-Type: text/plain

This is an email abuse report.
--b2
Content-Type: message/feedback-report

Feedback-Type: `+kind+`
User-Agent: Mailbox/1.0
Version: 1

--b2
Content-Type: text/rfc822-headers

Subject: Out for delivery
`+quoted+`

--b2--
`, "\n", "\r\n")
}

func TestWhatComesToTheReturnPath(t *testing.T) {
	keys := testKeys(t)
	ours := ReturnPath(keys, "bounces@example.com", testMessage)
	quoted := Header + ": " + Token(keys, testMessage)
	for _, test := range []struct{ name, to, mail, want, code string }{
		{"no such mailbox", ours, notification("failed", "5.1.1", ""), "no mailbox", "5.1.1"},
		{"no such domain", ours, notification("failed", "5.1.2", ""), "no mailbox", "5.1.2"},
		{"the mailbox is closed", ours, notification("failed", "5.2.1 (disabled)", ""), "no mailbox", "5.2.1"},
		{"the mailbox is full", ours, notification("failed", "5.2.2", ""), "failed", "5.2.2"},
		{"taken for spam", ours, notification("failed", "5.7.1", ""), "failed", "5.7.1"},
		{"given up after days", ours, notification("failed", "4.4.7", ""), "failed", "4.4.7"},
		{"a status that is none", ours, notification("failed", "broken", ""), "failed", ""},
		{"still being tried", ours, notification("delayed", "4.4.1", ""), "nothing", ""},
		{"delivered", ours, notification("delivered", "2.0.0", ""), "arrived", "2.0.0"},
		{"passed on to a system that confirms nothing", ours, notification("relayed", "2.0.0", ""), "nothing", ""},
		{"capital letters", strings.ToUpper(ours), notification("FAILED", "5.1.1", ""), "no mailbox", "5.1.1"},
		{"the quoted mail alone names the message", "bounces@example.com", notification("failed", "5.1.1", quoted), "no mailbox", "5.1.1"},
		{"a complaint", "abuse@example.com", complaint("abuse", quoted), "complained", ""},
		{"a report that it is no spam", "abuse@example.com", complaint("not-spam", quoted), "nothing", ""},
		{"an out-of-office reply", ours, vacation, "nothing", ""},
		{"somebody writes to us", ours, "Subject: Hello\r\n\r\nWhere is my parcel?\r\n", "nothing", ""},
		{"an invented bounce", "bounces+" + testMessage + "0000000000000000@example.com", notification("failed", "5.1.1", ""), "nothing", ""},
		{"an invented quote", "bounces@example.com", notification("failed", "5.1.1", Header+": "+testMessage), "nothing", ""},
		{"cut off within the status", ours, cutAt(notification("failed", "5.1.1", ""), "Remote-MTA"), "no mailbox", "5.1.1"},
		{"cut off before the status", ours, cutAt(notification("failed", "5.1.1", ""), "Final-Recipient"), "nothing", ""},
		{"no mail at all", ours, "\x00\xff", "nothing", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &desk{}
			deliver(t, d, test.to, test.mail)
			if got := d.last(); told(got) != test.want || got.Code != test.code {
				t.Errorf("%s (%s), want %s (%s)", told(got), got.Code, test.want, test.code)
			} else if got.Message != "" && (got.Message != testMessage || got.Provider != testMessage+"@example.com") {
				t.Errorf("told of %+v", got)
			}
		})
	}
}

func cutAt(text, word string) string {
	before, _, _ := strings.Cut(text, word)
	return before
}

func TestAStatusInBase64IsRead(t *testing.T) {
	fields := "Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; ada@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
	mail := "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(fields)) + "\r\n--b--\r\n"
	r, err := readReport(strings.NewReader(mail))
	if err != nil || r.outcome != noMailbox || r.code != "5.1.1" {
		t.Errorf("%+v, %v", r, err)
	}
}

// deliver hands a mail over as a mail server does.
func deliver(t *testing.T, d *desk, to, mail string) {
	t.Helper()
	if err := tryToDeliver(t, d, to, mail); err != nil {
		t.Fatal(err)
	}
}

func tryToDeliver(t *testing.T, d *desk, to, mail string) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box, done := NewMailbox(testKeys(t), d, "example.com", slog.New(slog.DiscardHandler)), make(chan error)
	go func() { done <- box.Serve(ctx, listener) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	client := smtp.NewClientLMTP(conn)
	defer func() { _ = client.Close() }()
	if err := errors.Join(client.Hello("mx.example.com"), client.Mail("", nil), client.Rcpt(to, nil)); err != nil {
		t.Fatal(err)
	}
	data, err := client.Data()
	if err != nil {
		t.Fatal(err)
	}
	_, err = data.Write([]byte(mail))
	return errors.Join(err, data.Close())
}

func TestABounceIsNotLostWhileTheStoreIsAway(t *testing.T) {
	d := &desk{fail: tracker.ErrUnavailable}
	err := tryToDeliver(t, d, ReturnPath(testKeys(t), "bounces@example.com", testMessage), notification("failed", "5.1.1", ""))
	if err == nil || !strings.Contains(err.Error(), "451") {
		t.Errorf("the mail server is told %v, want to come again", err)
	}
}

func TestABounceOfAnErasedMessageIsTaken(t *testing.T) {
	d := &desk{fail: tracker.ErrNotFound}
	if err := tryToDeliver(t, d, ReturnPath(testKeys(t), "bounces@example.com", testMessage), notification("failed", "5.1.1", "")); err != nil {
		t.Error(err)
	}
}

func TestASocketLeftByADeadProcessIsTakenOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lmtp")
	first, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), path); err == nil {
		t.Error("the socket of a living process is taken")
	}
	first.SetUnlinkOnClose(false)
	_ = first.Close()
	second, err := Listen(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_ = second.Close()
}

func FuzzReadReport(f *testing.F) {
	for _, mail := range []string{notification("failed", "5.1.1", Header+": x"), complaint("abuse", ""), vacation, cutAt(notification("failed", "5.1.1", ""), "Remote")} {
		f.Add([]byte(mail))
	}
	f.Fuzz(func(t *testing.T, mail []byte) {
		if r, err := readReport(bytes.NewReader(mail)); err == nil && r.code != "" && !enhancedStatus.MatchString(r.code) {
			t.Errorf("the code %q is no status", r.code)
		}
	})
}
