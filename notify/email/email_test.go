package email

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"waybill/notify"
	"waybill/notify/notifytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newChannel(t *testing.T, o Options) *Channel {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) *notifytest.Rig {
		t.Helper()
		s := newServer(t, false)
		o := s.options(StartTLS)
		o.User, o.Password = testUser, testPassword
		rig := &notifytest.Rig{
			Channel: newChannel(t, o), To: "ada.secret@example.com", Bad: []string{"no address", "ada@example.com\r\nBcc: eve@example.com"},
			Secrets: []string{"ada.secret", "example.com", testPassword, "eve"}, Sent: func() int { return len(s.received()) },
		}
		reply := func(name, step string, code int, enhanced smtp.EnhancedCode, want notify.Verdict) {
			rig.Faults = append(rig.Faults, notifytest.Fault{Name: name, Want: want, Begin: func() func() {
				s.set(func(s *server) {
					s.refuse[step] = &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "no ada.secret@example.com here"}
				})
				return func() { s.set(func(s *server) { delete(s.refuse, step) }) }
			}})
		}
		reply("the sender is refused", "mail", 553, smtp.EnhancedCode{5, 7, 1}, notify.Permanent)
		reply("the server asks to come again", "mail", 451, smtp.EnhancedCode{4, 7, 1}, notify.Retry)
		reply("greylisting", "rcpt", 450, smtp.EnhancedCode{4, 2, 0}, notify.Retry)
		reply("there is no such mailbox", "rcpt", 550, smtp.EnhancedCode{5, 1, 1}, notify.Gone)
		reply("there is no such mailbox, by the old code alone", "rcpt", 550, smtp.NoEnhancedCode, notify.Gone)
		reply("the mailbox is disabled", "rcpt", 550, smtp.EnhancedCode{5, 2, 1}, notify.Gone)
		reply("the mailbox is full", "rcpt", 452, smtp.EnhancedCode{4, 2, 2}, notify.Retry)
		reply("relaying is denied", "rcpt", 554, smtp.EnhancedCode{5, 7, 1}, notify.Permanent)
		reply("the content is refused", "data", 554, smtp.EnhancedCode{5, 6, 0}, notify.Permanent)
		reply("the content is refused for now", "data", 451, smtp.EnhancedCode{4, 3, 0}, notify.Retry)
		rig.Faults = append(rig.Faults,
			notifytest.Fault{Name: "the connection breaks after the mail", Want: notify.Unsure, Begin: func() func() {
				s.set(func(s *server) { s.drop = true })
				return func() { s.set(func(s *server) { s.drop = false }) }
			}},
			notifytest.Fault{Name: "no answer to the mail", Want: notify.Unsure, Hangs: true, Begin: func() func() {
				hang := make(chan struct{})
				s.set(func(s *server) { s.hang, s.drop = hang, true })
				return func() {
					s.set(func(s *server) { s.hang, s.drop = nil, false })
					close(hang)
				}
			}})
		return rig
	})
}

func TestEveryWayToConnect(t *testing.T) {
	for name, test := range map[string]struct {
		mode   TLS
		logsIn bool
		change func(o *Options)
		fails  string
	}{
		"STARTTLS with login":         {mode: StartTLS, logsIn: true},
		"STARTTLS without login":      {mode: StartTLS},
		"TLS at once with login":      {mode: Implicit, logsIn: true},
		"without TLS, with login":     {mode: None, logsIn: true},
		"a wrong password":            {mode: StartTLS, logsIn: true, change: func(o *Options) { o.Password = "wrong-guess" }, fails: "535"},
		"a certificate not trusted":   {mode: StartTLS, change: func(o *Options) { o.Roots.RootCAs = x509.NewCertPool() }, fails: "connection"},
		"a server that is not there":  {mode: None, change: func(o *Options) { o.Port = 1 }, fails: "connection"},
		"TLS where the server has it": {mode: Implicit, change: func(o *Options) { o.TLS = None; o.Timeout = 200 * time.Millisecond }, fails: "connection"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, test.mode == Implicit)
			o := s.options(test.mode)
			if test.logsIn {
				o.User, o.Password = testUser, testPassword
			}
			if test.change != nil {
				test.change(&o)
			}
			_, err := newChannel(t, o).Send(t.Context(), notifytest.Envelope("ada@example.com"))
			if test.fails == "" {
				if err != nil || len(s.received()) != 1 || (s.logins == 1) != test.logsIn {
					t.Fatalf("%v; %d mails, %d logins", err, len(s.received()), s.logins)
				}
				return
			}
			if !notify.Retryable(err) || !strings.Contains(err.Error(), test.fails) || strings.Contains(err.Error(), "wrong-guess") {
				t.Errorf("error %v, want one to retry that speaks of %q", err, test.fails)
			}
		})
	}
}

func TestTheConnectionIsUsedAgain(t *testing.T) {
	s := newServer(t, false)
	c := newChannel(t, s.options(StartTLS))
	for range 3 {
		if _, err := c.Send(t.Context(), notifytest.Envelope("ada@example.com")); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.conns); n != 1 {
		t.Errorf("%d connections for three mails in a row, want 1", n)
	}
	// The server ends idle connections: the next mail notices before it is sent.
	s.set(func(s *server) {
		for conn := range s.conns {
			_ = conn.Conn().Close()
		}
	})
	if _, err := c.Send(t.Context(), notifytest.Envelope("ada@example.com")); err != nil || len(s.received()) != 4 {
		t.Errorf("after the server hung up: %v, %d mails", err, len(s.received()))
	}
}

func TestWhatAMailIsMadeOf(t *testing.T) {
	s := newServer(t, false)
	o := s.options(StartTLS)
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o.DKIM = &DKIM{Domain: "waybill.example", Selector: "s1", Key: key}
	receipt, err := newChannel(t, o).Send(t.Context(), notifytest.Envelope("ada@example.com"))
	if err != nil {
		t.Fatal(err)
	}
	got := s.received()[0]
	if got.from != "parcels@waybill.example" || got.to != "ada@example.com" {
		t.Errorf("from %s to %s", got.from, got.to)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(got.data))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"Message-Id":            "<0123456789abcdef0123456789abcdef@waybill.example>",
		"List-Unsubscribe":      "<https://track.example.com/subscriptions/s/unsubscribe?s=x>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Auto-Submitted":        "auto-generated",
		"Reply-To":              "<shop@example.com>",
		"Content-Language":      "de",
	} {
		if value := m.Header.Get(header); value != want {
			t.Errorf("%s: %q, want %q", header, value, want)
		}
	}
	if receipt.ProviderID != strings.Trim(m.Header.Get("Message-Id"), "<>") {
		t.Errorf("the receipt says %q", receipt.ProviderID)
	}
	if from, err := netmail.ParseAddress(m.Header.Get("From")); err != nil || from.Name != "Blätterteig & Söhne" {
		t.Errorf("From: %v, %v", from, err)
	}
	if signature := m.Header.Get("Dkim-Signature"); !strings.Contains(signature, "d=waybill.example") {
		t.Errorf("DKIM-Signature: %q", signature)
	}
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for _, want := range []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part)
		if err != nil || part.Header.Get("Content-Type") != want || !bytes.Contains(body, []byte("Ihr Paket ist unterwegs.")) {
			t.Errorf("part %q: %s (%v)", part.Header.Get("Content-Type"), body, err)
		}
	}
}

func TestAMailIsMarkedSoThatABounceNamesIt(t *testing.T) {
	s := newServer(t, false)
	o := s.options(StartTLS)
	o.ReturnPath = func(message string) string { return "bounces+" + message + "@waybill.example" }
	o.Headers = func(message string) map[string]string { return map[string]string{"X-Waybill-Message": message} }
	e := notifytest.Envelope("ada@example.com")
	if _, err := newChannel(t, o).Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	got := s.received()[0]
	if got.from != "bounces+"+e.ID+"@waybill.example" {
		t.Errorf("the return path is %s", got.from)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(got.data))
	if err != nil {
		t.Fatal(err)
	}
	if from, err := netmail.ParseAddress(m.Header.Get("From")); err != nil || from.Address != "parcels@waybill.example" {
		t.Errorf("From: %v, %v", from, err)
	}
	if value := m.Header.Get("X-Waybill-Message"); value != e.ID {
		t.Errorf("the header says %q", value)
	}
}

func TestWithoutHTTPSThereIsNoOneClick(t *testing.T) {
	c := newChannel(t, Options{Host: "localhost", Port: 25, TLS: None, From: "a@example.com"})
	e := notifytest.Envelope("ada@example.com")
	e.Unsubscribe = "http://localhost:8080/u"
	m, _, err := c.compose(e)
	if err != nil {
		t.Fatal(err)
	}
	var raw bytes.Buffer
	if _, err := m.WriteTo(&raw); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(raw.String(), "List-Unsubscribe: <http://localhost:8080/u>") || strings.Contains(raw.String(), "List-Unsubscribe-Post") {
		t.Errorf("headers:\n%s", raw.String())
	}
}

func TestAFullPoolWaitsNoLongerThanAsked(t *testing.T) {
	s := newServer(t, false)
	hang := make(chan struct{})
	s.hang = hang
	o := s.options(None)
	o.Connections = 1
	c := newChannel(t, o)
	first := make(chan error, 1)
	go func() {
		_, err := c.Send(context.Background(), notifytest.Envelope("ada@example.com"))
		first <- err
	}()
	for len(c.pool.slots) == 0 { // until the first holds the only connection
		select {
		case err := <-first:
			t.Fatal(err)
		default:
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := c.Send(ctx, notifytest.Envelope("bob@example.com"))
	if !notify.Retryable(err) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want one to retry", err)
	}
	close(hang)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

func TestWrongSettings(t *testing.T) {
	for name, o := range map[string]Options{
		"a sender that is no address": {Host: "localhost", Port: 25, TLS: None, From: "nobody"},
		"an unknown TLS":              {Host: "localhost", Port: 25, TLS: "maybe", From: "a@example.com"},
		"no host":                     {Port: 25, TLS: None, From: "a@example.com"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
