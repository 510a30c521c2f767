package bounce

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// Mailbox is the return path of mails, to which a mail server delivers over LMTP (RFC 2033).
type Mailbox struct {
	server *smtp.Server
	keys   Signer
	desk   Desk
	domain string
	log    *slog.Logger
}

const (
	// mailMost bounds a report: it quotes the mail at most.
	mailMost = 1 << 20
	// recipientsMost is how many recipients one delivery may name.
	recipientsMost = 50
	waitMost       = time.Minute
)

// NewMailbox makes the mailbox of the return path at an address ("bounces@example.com"). domain is that of the mails'
// ids: the part of the sender's address behind the @.
func NewMailbox(keys Signer, desk Desk, domain string, log *slog.Logger) *Mailbox {
	m := &Mailbox{keys: keys, desk: desk, domain: domain, log: log}
	m.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{mailbox: m}, nil
	}))
	m.server.LMTP, m.server.Domain = true, domain
	m.server.MaxMessageBytes, m.server.MaxRecipients = mailMost, recipientsMost
	m.server.ReadTimeout, m.server.WriteTimeout = waitMost, waitMost
	m.server.ErrorLog = slog.NewLogLogger(log.Handler(), slog.LevelWarn)
	return m
}

// Listen opens "127.0.0.1:2424", or the path of a Unix socket, for a mail server on this machine or network.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
		removeDead(ctx, address)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("listen for bounces: %w; choose another bounces.listen", err)
	}
	return listener, nil
}

// removeDead removes the socket of a process that was killed; one that somebody answers at stays.
func removeDead(ctx context.Context, path string) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err == nil {
		_ = conn.Close()
		return
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Type() == os.ModeSocket {
		_ = os.Remove(path)
	}
}

// Serve takes reports in until the context ends.
func (m *Mailbox) Serve(ctx context.Context, listener net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = m.server.Close() })
	defer stop()
	if err := m.server.Serve(listener); err != nil && ctx.Err() == nil && !errors.Is(err, smtp.ErrServerClosed) {
		return fmt.Errorf("take bounces in at %s: %w", listener.Addr(), err)
	}
	return nil
}

// session is one delivery.
type session struct {
	mailbox *Mailbox
	tokens  []string
}

// Mail implements smtp.Session. Who sends is anybody: tokens prove what is reported.
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt implements smtp.Session.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.tokens = append(s.tokens, tokenIn(to))
	return nil
}

// Data implements smtp.Session. A report that cannot be read is taken all the same: to refuse it would have the mail
// server write to its own sender.
func (s *session) Data(raw io.Reader) error {
	m := s.mailbox
	r, err := readReport(raw)
	_, _ = io.Copy(io.Discard, raw)
	if err != nil {
		m.log.Warn("a mail to the return path could not be read", "error", err)
		return nil
	}
	for _, token := range append([]string{r.token}, s.tokens...) {
		message, ours := messageOf(m.keys, token)
		if !ours {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), waitMost)
		defer cancel()
		if err := tell(ctx, m.desk, message, message+"@"+m.domain, r.outcome, r.code); err != nil {
			m.log.Warn("a bounce was put off: the mail server delivers it again", "message", message, "error", err)
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "the store is not available, try again"}
		}
		return nil
	}
	if r.outcome != nothing {
		m.log.Info("a bounce of no mail of ours came to the return path")
	}
	return nil
}

// Reset implements smtp.Session.
func (s *session) Reset() { s.tokens = nil }

// Logout implements smtp.Session.
func (s *session) Logout() error { return nil }
