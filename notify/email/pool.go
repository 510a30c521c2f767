package email

import (
	"context"
	"errors"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"waybill/notify"
)

const (
	defaultConnections = 4
	// idleFor is how long a connection is kept without a mail; servers commonly end it after some minutes.
	idleFor = 30 * time.Second
)

// pool keeps connections to the mail server: setting one up, with TLS and login, costs more than a mail.
type pool struct {
	client *gomail.Client
	// slots bound how many connections there are at once.
	slots chan struct{}
	mu    sync.Mutex
	idle  []connection
}

type connection struct {
	smtp *smtp.Client
	used time.Time
}

func newPool(client *gomail.Client, connections int) *pool {
	if connections <= 0 {
		connections = defaultConnections
	}
	return &pool{client: client, slots: make(chan struct{}, connections)}
}

// send sends a mail over a connection that is idle, or a new one.
func (p *pool) send(ctx context.Context, m *gomail.Msg) error {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return failure(ctx, nil, "waiting for a connection to the mail server")
	}
	for {
		conn, fresh, err := p.take(ctx)
		if err != nil {
			return failure(ctx, err, "connecting to the mail server")
		}
		// Cutting the connection is the only way to end a command that hangs.
		stop := context.AfterFunc(ctx, func() { _ = conn.Text.Close() })
		err = p.client.SendWithSMTPClient(conn, m)
		stop()
		if err == nil || m.IsDelivered() {
			p.give(conn)
			return nil
		}
		if !fresh && ctx.Err() == nil && lostBefore(err) {
			_ = conn.Close()
			continue // the server had ended the connection while it was idle
		}
		if answered(err) {
			p.give(conn)
		} else {
			_ = conn.Close()
		}
		return failure(ctx, err, "sending")
	}
}

// take gives a connection that was used lately, or a fresh one.
func (p *pool) take(ctx context.Context) (conn *smtp.Client, fresh bool, err error) {
	p.mu.Lock()
	for len(p.idle) > 0 {
		last := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if time.Since(last.used) < idleFor {
			p.mu.Unlock()
			return last.smtp, false, nil
		}
		_ = last.smtp.Close()
	}
	p.mu.Unlock()
	conn, err = p.client.DialToSMTPClientWithContext(ctx)
	return conn, true, err
}

func (p *pool) give(conn *smtp.Client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, connection{conn, time.Now()})
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		_ = c.smtp.Quit()
		_ = c.smtp.Close()
	}
	p.idle = nil
}

// lostBefore reports whether a connection was found dead before anything of the mail was sent.
func lostBefore(err error) bool {
	failed, ok := errors.AsType[*gomail.SendError](err)
	return ok && failed.Reason == gomail.ErrConnCheck
}

// answered reports whether the server refused in good order, so that the connection can be used again.
func answered(err error) bool {
	failed, ok := errors.AsType[*gomail.SendError](err)
	return ok && failed.ErrorCode() != 0 && failed.ErrorCode() != 421
}

// failure says what an error means for the message (RFC 5321, RFC 3463). The library's texts hold the address and
// what the server says of it: neither is passed on.
func failure(ctx context.Context, err error, doing string) *notify.Failure {
	f := &notify.Failure{Verdict: notify.Retry, What: "the mail server did not answer in time while " + doing, Cause: ctx.Err()}
	failed, sending := errors.AsType[*gomail.SendError](err)
	if sending && failed.ErrorCode() != 0 {
		refused(f, failed)
		return f
	}
	if sending && failed.Reason == gomail.ErrSMTPDataClose {
		f.Verdict, f.What = notify.Unsure, "the connection broke after the whole mail was handed over: the mail server may have taken it"
		return f
	}
	if ctx.Err() == nil {
		f.What = "the connection to the mail server failed while " + doing
		if code := loginCode(err); code != "" {
			f.Code, f.What = code, "the mail server refused the connection or the login ("+code+"); check smtp.user and smtp.password"
		}
	}
	return f
}
