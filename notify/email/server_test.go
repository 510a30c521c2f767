package email

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	testUser     = "waybill"
	testPassword = "correct-horse-battery"
)

// server is a real SMTP server in the process, which can be told to refuse.
type server struct {
	host  string
	port  int
	roots *x509.CertPool

	mu     sync.Mutex
	mails  []delivered
	logins int
	// refuse answers a step ("mail", "rcpt", "data", "auth", "connect") with an error.
	refuse map[string]error
	// hang keeps the end of a mail waiting until it is closed.
	hang chan struct{}
	// drop cuts the connection instead of answering the end of a mail.
	drop  bool
	conns map[*smtp.Conn]bool
}

type delivered struct {
	from, to string
	data     []byte
}

// newServer starts a server; it speaks TLS at once where implicit, and offers it otherwise.
func newServer(t *testing.T, implicit bool) *server {
	t.Helper()
	s := &server{refuse: map[string]error{}, conns: map[*smtp.Conn]bool{}}
	certificate, roots := selfSigned(t)
	s.roots = roots
	backend := smtp.NewServer(smtp.BackendFunc(s.session))
	backend.Domain, backend.AllowInsecureAuth, backend.ErrorLog = "mail.test", true, log.New(io.Discard, "", 0)
	backend.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(listener.Addr().String())
	s.host = host
	s.port, _ = strconv.Atoi(port)
	if implicit {
		listener = tls.NewListener(listener, backend.TLSConfig)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := backend.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		_ = backend.Close()
		_ = listener.Close() // Serve may not have begun
		<-done
	})
	return s
}

func (s *server) options(mode TLS) Options {
	return Options{
		Host: s.host, Port: s.port, TLS: mode, From: "Waybill <parcels@waybill.example>", Timeout: 5 * time.Second,
		Roots: &tls.Config{RootCAs: s.roots, ServerName: "mail.test", MinVersion: tls.VersionTLS12},
	}
}

func (s *server) received() []delivered {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]delivered(nil), s.mails...)
}

func (s *server) set(change func(s *server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *server) refusal(step string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refuse[step]
}

func (s *server) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = true
	return &session{server: s, conn: c}, s.refuse["connect"]
}

type session struct {
	server *server
	conn   *smtp.Conn
	mail   delivered
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != testUser || password != testPassword {
			return smtp.ErrAuthFailed
		}
		s.server.set(func(s *server) { s.logins++ })
		return nil
	}), nil
}

func (s *session) Reset()        { s.mail = delivered{} }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.from = from
	return s.server.refusal("mail")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	return s.server.refusal("rcpt")
}

func (s *session) Data(r io.Reader) error {
	var err error
	if s.mail.data, err = io.ReadAll(r); err != nil {
		return err
	}
	s.server.mu.Lock()
	hang, drop := s.server.hang, s.server.drop
	s.server.mu.Unlock()
	if hang != nil {
		<-hang
	}
	if drop {
		return s.conn.Conn().Close()
	}
	if err := s.server.refusal("data"); err != nil {
		return err
	}
	s.server.set(func(server *server) { server.mails = append(server.mails, s.mail) })
	return nil
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"mail.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
