// Package dial makes HTTP clients for addresses that strangers gave us: browsers' push endpoints, sellers' webhooks.
// They reach public addresses alone, whatever a name resolves to at the moment of dialling.
package dial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrForbidden is wrapped by the error of a call to an address that may not be reached. Its text names no address.
var ErrForbidden = errors.New("the address is not on the public internet")

// Options rule a client.
type Options struct {
	// AllowPrivate lets private addresses be reached: for tests, and for endpoints within one's own network.
	AllowPrivate bool
	// Timeout bounds a whole call; 0 is 15 s.
	Timeout time.Duration
	// Resolver looks names up; nil is the system's.
	Resolver *net.Resolver
	// MaxResponse is how many bytes of a response are read at most; 0 is 64 KiB.
	MaxResponse int64
}

const (
	defaultTimeout  = 15 * time.Second
	defaultResponse = 64 << 10
	maxHeader       = 16 << 10
)

// NewClient makes a client that follows no redirects, uses no proxy (also none from the environment: it would do the
// dialling, unchecked), takes no compressed responses and reads them up to a bound.
func NewClient(o Options) *http.Client {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxResponse == 0 {
		o.MaxResponse = defaultResponse
	}
	dialer := &net.Dialer{Timeout: o.Timeout, Resolver: o.Resolver}
	if !o.AllowPrivate {
		dialer.ControlContext = control
	}
	return &http.Client{
		Timeout: o.Timeout,
		Transport: &bounded{most: o.MaxResponse, base: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: o.Timeout, ResponseHeaderTimeout: o.Timeout,
			MaxResponseHeaderBytes: maxHeader, DisableCompression: true, ForceAttemptHTTP2: true,
			MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// control is asked for each address right before the socket connects to it: what a name resolved to when somebody
// looked earlier does not count.
func control(_ context.Context, _, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: it cannot be read", ErrForbidden)
	}
	if !Public(target.Addr()) {
		return ErrForbidden
	}
	return nil
}

// bounded limits how much of a response is read.
type bounded struct {
	base *http.Transport
	most int64
}

// RoundTrip implements http.RoundTripper.
func (b *bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.base.RoundTrip(r)
	if err == nil {
		response.Body = &limited{Reader: io.LimitReader(response.Body, b.most), Closer: response.Body}
	}
	return response, err
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the transport.
func (b *bounded) CloseIdleConnections() { b.base.CloseIdleConnections() }

type limited struct {
	io.Reader
	io.Closer
}
