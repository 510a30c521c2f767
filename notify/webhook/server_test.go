package webhook

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// server is a seller's server, which checks every signature with the library of Standard Webhooks, notes what it took,
// and complains when a shipment's first tellings come out of order.
type server struct {
	t *testing.T

	mu       sync.Mutex
	secrets  []string
	took     []post
	attempts []post
	// answer says the status of a post, and the headers; nil is 204 for all. hang has it never answer.
	answer func(p post) (status int, header http.Header)
	// underWay and most count posts at a time.
	underWay, most int
}

// post is what came in.
type post struct {
	id, host string
	at       time.Time
	payload  Payload
}

// hang, as a status, is no answer at all.
const hang = -1

func (s *server) know(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets = append(s.secrets, secret)
}

func (s *server) set(answer func(post) (int, http.Header)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// RoundTrip implements http.RoundTripper.
func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	p := post{id: r.Header.Get("Webhook-Id"), host: r.URL.Host, at: time.Now()}
	if err := json.Unmarshal(body, &p.payload); err != nil {
		s.t.Errorf("the body is no payload: %v", err)
	}
	s.mu.Lock()
	if !s.signed(body, r.Header) {
		s.t.Errorf("%s is not signed with a secret of the endpoint", p.id)
	}
	s.attempts = append(s.attempts, p)
	answer := s.answer
	s.underWay++
	s.most = max(s.most, s.underWay)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.underWay--
		s.mu.Unlock()
	}()
	status, header := http.StatusNoContent, http.Header{}
	if answer != nil {
		status, header = answer(p)
	}
	if status == hang {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if status/100 == 2 {
		s.mu.Lock()
		s.took = append(s.took, p)
		s.mu.Unlock()
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader([]byte("answer " + strconv.Itoa(status))))}, nil
}

func (s *server) signed(body []byte, header http.Header) bool {
	for _, secret := range s.secrets {
		verifier, err := standardwebhooks.NewWebhook(secret)
		if err == nil && verifier.Verify(body, header) == nil {
			return true
		}
	}
	return false
}

// times is how often each event was taken.
func (s *server) times() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	times := map[string]int{}
	for _, p := range s.took {
		times[p.id]++
	}
	return times
}

func (s *server) tried() []post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]post(nil), s.attempts...)
}

func (s *server) taken() []post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]post(nil), s.took...)
}

// expectOnce complains of events that were not taken exactly once.
func (s *server) expectOnce(ids ...string) {
	s.t.Helper()
	times := s.times()
	for _, id := range ids {
		if times[id] != 1 {
			s.t.Errorf("%s was taken %d times", id, times[id])
		}
	}
	if len(times) != len(ids) {
		s.t.Errorf("%d events were taken, want %d", len(times), len(ids))
	}
}
