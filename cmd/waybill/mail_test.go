package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/mail"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// mailServer is a real SMTP server that keeps what it is given.
type mailServer struct {
	address string

	mu    sync.Mutex
	mails []keptMail
}

// keptMail is a mail that arrived.
type keptMail struct {
	// From is the return path.
	From, To string
	Message  *mail.Message
	Body     string
}

func startMailServer(t *testing.T) *mailServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailServer{address: listener.Addr().String()}
	server := smtp.NewServer(m)
	server.Domain = "localhost"
	go func() { _ = server.Serve(listener) }() // until it is closed
	t.Cleanup(func() { _ = server.Close() })
	return m
}

// environ are the settings that send mail there.
func (m *mailServer) environ() []string {
	host, port, _ := net.SplitHostPort(m.address)
	return []string{
		"WAYBILL_SMTP_HOST=" + host, "WAYBILL_SMTP_PORT=" + port, "WAYBILL_SMTP_TLS=none", "WAYBILL_SMTP_FROM=Waybill <parcels@example.com>",
	}
}

// NewSession implements smtp.Backend.
func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &mailSession{server: m}, nil
}

type mailSession struct {
	server *mailServer
	from   string
	to     string
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, keptMail{From: s.from, To: s.to, Message: message, Body: string(data)})
	return nil
}

func (s *mailSession) Reset() { s.to = "" }

func (s *mailSession) Logout() error { return nil }

// to lists the mails to an address.
func (m *mailServer) to(address string) (list []keptMail) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, kept := range m.mails {
		if kept.To == address {
			list = append(list, kept)
		}
	}
	return list
}

// noneTwice fails the test where a message came twice: its Message-ID is made of what was decided.
func (m *mailServer) noneTwice(t *testing.T) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	seen := map[string]bool{}
	for _, kept := range m.mails {
		id := kept.Message.Header.Get("Message-Id")
		if id == "" || seen[id] {
			t.Errorf("%s got %q (%s) twice", kept.To, kept.Message.Header.Get("Subject"), id)
		}
		seen[id] = true
	}
	if len(m.mails) == 0 {
		t.Error("no mail arrived at all")
	}
}

// sentMessage is a message as the seller sees it.
type sentMessage struct {
	Moment, Channel, State, Reason string
}

// messages lists what was decided about a shipment.
func (s *shop) messages(id string) []sentMessage {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.Base+"/v1/shipments/"+id+"/messages", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.SellerKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil
	}
	var page struct {
		Items []sentMessage `json:"items"`
	}
	if body := readAll(s.t, response); response.StatusCode != http.StatusOK || json.Unmarshal(body, &page) != nil {
		return nil
	}
	return page.Items
}
