// Package twiliotest is a stand-in for Twilio's messaging API that remembers: it checks login, path and form as Twilio
// does, counts segments, keeps opt-outs, and calls back signed, in any order and any number of times.
package twiliotest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"
)

// The account that the stand-in knows.
const (
	AccountSID = "AC0123456789abcdef0123456789abcdef"
	AuthToken  = "fedcba9876543210fedcba9876543210"
)

// Message is one that was taken.
type Message struct {
	SID, To, From, Service, Body, StatusCallback string
	Validity                                     string
	// Segments is in how many parts it travels.
	Segments int
	// Created is when it was taken; Status and ErrorCode what became of it, 0 for no error.
	Created   time.Time
	Status    string
	ErrorCode int
}

// Server is the stand-in.
type Server struct {
	*httptest.Server
	client *http.Client

	mu       sync.Mutex
	messages []Message
	// optOuts are sender and phone of those who answered STOP.
	optOuts map[[2]string]bool
	fail    *failure
	hang    chan struct{}
	// swallows: what is taken is not answered.
	swallows bool
	// Refused counts requests with a wrong login.
	refused int
}

type failure struct {
	status, code int
	header       http.Header
	body         string
}

// New starts a Server that ends with the test.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{optOuts: map[[2]string]bool{}, client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(s.Close)
	return s
}

// Messages are those that were taken, the oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.messages...)
}

// Refused is how many requests had a wrong login.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// Fail answers every message with an error of Twilio's form from now on, until mended.
func (s *Server) Fail(status, code int, header http.Header) (mend func()) {
	return s.failWith(&failure{status: status, code: code, header: header})
}

// Garble answers every message with a body that is no JSON.
func (s *Server) Garble(status int) (mend func()) {
	return s.failWith(&failure{status: status, body: "<html>gateway</html>"})
}

func (s *Server) failWith(f *failure) (mend func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.fail = nil
	}
}

// Hang answers no message until released; what came is taken all the same.
func (s *Server) Hang() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hang := make(chan struct{})
	s.hang = hang
	return func() {
		s.mu.Lock()
		s.hang = nil
		s.mu.Unlock()
		close(hang)
	}
}

// serve is what comes to /2010-04-01/Accounts/{sid}/Messages.json.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	s.mu.Lock()
	fail := s.fail
	if user != AccountSID || password != AuthToken {
		s.refused++
		fail = &failure{status: http.StatusUnauthorized, code: 20003}
	}
	s.mu.Unlock()
	if fail != nil {
		answerFailure(w, fail, r.PostFormValue("To"))
		return
	}
	switch {
	case r.URL.Path != "/2010-04-01/Accounts/"+AccountSID+"/Messages.json":
		answerFailure(w, &failure{status: http.StatusNotFound, code: 20404}, "")
	case r.Method == http.MethodGet:
		s.list(w, r)
	case r.Method == http.MethodPost:
		s.create(w, r)
	default:
		answerFailure(w, &failure{status: http.StatusMethodNotAllowed, code: 20004}, "")
	}
}

// create takes a message.
func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	message, wrong := s.take(r)
	s.mu.Lock()
	hang, swallows := s.hang, s.swallows
	s.mu.Unlock()
	if hang != nil {
		<-hang
	}
	if swallows {
		panic(http.ErrAbortHandler)
	}
	if wrong != nil {
		answerFailure(w, wrong, r.PostFormValue("To"))
		return
	}
	answer(w, http.StatusCreated, message.resource())
}

var (
	phone   = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	service = regexp.MustCompile(`^MG[0-9a-f]{32}$`)
)

// take checks the form and keeps the message.
func (s *Server) take(r *http.Request) (Message, *failure) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return Message{}, &failure{status: http.StatusBadRequest, code: 20001}
	}
	m := Message{
		To: r.PostFormValue("To"), From: r.PostFormValue("From"), Service: r.PostFormValue("MessagingServiceSid"),
		Body: r.PostFormValue("Body"), StatusCallback: r.PostFormValue("StatusCallback"), Validity: r.PostFormValue("ValidityPeriod"),
	}
	m.Segments = segments(m.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if code := s.wrong(&m); code != 0 {
		return Message{}, &failure{status: http.StatusBadRequest, code: code}
	}
	m.SID, m.Created, m.Status = fmt.Sprintf("SM%032x", len(s.messages)+1), time.Now(), "queued"
	s.messages = append(s.messages, m)
	return m, nil
}

// wrong is the code of what is wrong with a message; 0 for nothing.
func (s *Server) wrong(m *Message) int {
	callback, err := url.Parse(m.StatusCallback)
	switch {
	case !phone.MatchString(m.To):
		return 21211
	case m.From == "" && m.Service == "":
		return 21603
	case m.Service != "" && !service.MatchString(m.Service):
		return 21701
	case m.Body == "" || !utf8.ValidString(m.Body):
		return 21602
	case utf8.RuneCountInString(m.Body) > 1600:
		return 21617
	case m.StatusCallback != "" && (err != nil || callback.Host == ""):
		return 21609
	case s.optOuts[[2]string{m.sender(), m.To}]:
		return 21610
	}
	return 0
}

func (m *Message) sender() string {
	if m.Service != "" {
		return m.Service
	}
	return m.From
}

// answerFailure answers as Twilio does: the text holds the phone number.
func answerFailure(w http.ResponseWriter, f *failure, to string) {
	maps.Copy(w.Header(), f.header)
	if f.body != "" {
		w.WriteHeader(f.status)
		_, _ = w.Write([]byte(f.body))
		return
	}
	answer(w, f.status, map[string]any{
		"code": f.code, "message": "The request for " + to + " failed", "more_info": "https://www.twilio.com/docs/errors", "status": f.status,
	})
}

func answer(w http.ResponseWriter, status int, fields map[string]any) {
	body, err := json.Marshal(fields)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
