package push

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"waybill/notify"
	"waybill/notify/notifytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is a push service in the process.
type service struct {
	*httptest.Server
	mu      sync.Mutex
	got     []*http.Request
	bodies  [][]byte
	status  int
	waiting string // Retry-After
	hang    chan struct{}
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{status: http.StatusCreated}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		status, waiting, hang := s.status, s.waiting, s.hang
		if status == http.StatusCreated && hang == nil {
			s.got, s.bodies = append(s.got, r), append(s.bodies, body)
		}
		s.mu.Unlock()
		if hang != nil {
			<-hang
		}
		if waiting != "" {
			w.Header().Set("Retry-After", waiting)
		}
		if status >= 300 && status < 400 {
			w.Header().Set("Location", "https://169.254.169.254/")
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "the endpoint is "+r.URL.String())
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) set(change func(*service)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func newChannel(t *testing.T, client *http.Client) (*Channel, string) {
	t.Helper()
	public, private, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	if client != nil {
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	c, err := New(Options{
		Browsers: &Browsers{PublicKey: public, PrivateKey: private, Subject: "mailto:ops@example.com", Client: client}, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, private
}

func TestSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) *notifytest.Rig {
		t.Helper()
		s, b := newService(t), newBrowser(t)
		c, private := newChannel(t, s.Client())
		rig := &notifytest.Rig{
			Channel: c, To: b.subscription(t, s.URL+"/secret-endpoint"),
			Bad:     []string{"nonsense", `{"endpoint":"http://plain.example/secret-endpoint"}`, b.subscription(t, "ftp://x.example/secret-endpoint")},
			Secrets: []string{"secret-endpoint", "127.0.0.1", private},
			Sent: func() int {
				s.mu.Lock()
				defer s.mu.Unlock()
				return len(s.bodies)
			},
		}
		for status, want := range map[int]notify.Verdict{
			301: notify.Permanent, 307: notify.Permanent, 400: notify.Permanent, 401: notify.Permanent, 403: notify.Permanent,
			404: notify.Gone, 408: notify.Retry, 410: notify.Gone, 413: notify.Permanent, 429: notify.Retry, 500: notify.Retry,
			502: notify.Retry, 503: notify.Retry, 504: notify.Retry,
		} {
			rig.Faults = append(rig.Faults, notifytest.Fault{Name: fmt.Sprintf("HTTP %d", status), Want: want, Begin: func() func() {
				s.set(func(s *service) { s.status = status })
				return func() { s.set(func(s *service) { s.status = http.StatusCreated }) }
			}})
		}
		rig.Faults = append(rig.Faults,
			notifytest.Fault{Name: "asked to wait", Want: notify.Retry, After: 2 * time.Minute, Begin: func() func() {
				s.set(func(s *service) { s.status, s.waiting = 503, "120" })
				return func() { s.set(func(s *service) { s.status, s.waiting = http.StatusCreated, "" }) }
			}},
			notifytest.Fault{Name: "no answer", Want: notify.Retry, Hangs: true, Begin: func() func() {
				hang := make(chan struct{})
				s.set(func(s *service) { s.hang = hang })
				return func() {
					s.set(func(s *service) { s.hang = nil })
					close(hang)
				}
			}})
		return rig
	})
}

func TestABrowserReadsThePush(t *testing.T) {
	s, b := newService(t), newBrowser(t)
	c, _ := newChannel(t, s.Client())
	e := notifytest.Envelope(b.subscription(t, s.URL+"/p"))
	e.Urgent = true
	if _, err := c.Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	plain, err := b.decrypt(s.bodies[0])
	if err != nil || string(plain) != string(e.Content.Push) {
		t.Fatalf("the browser reads %q, %v", plain, err)
	}
	if _, err := newBrowser(t).decrypt(s.bodies[0]); err == nil {
		t.Error("another browser can read it")
	}
	header := s.got[0].Header
	for name, want := range map[string]string{"Urgency": "high", "Topic": "WB0000000000000SA", "Content-Encoding": "aes128gcm"} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if ttl := header.Get("TTL"); ttl != "3599" && ttl != "3600" {
		t.Errorf("TTL: %s, want the hour that it holds", ttl)
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(header.Get("Authorization"), "vapid t="), ",")
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	if claims["aud"] != s.URL || claims["sub"] != "mailto:ops@example.com" {
		t.Errorf("VAPID claims %v", claims)
	}
}

func TestPrivateEndpointsAreNeverCalled(t *testing.T) {
	s, b := newService(t), newBrowser(t)
	c, _ := newChannel(t, nil)
	_, err := c.Send(t.Context(), notifytest.Envelope(b.subscription(t, s.URL+"/p")))
	if notify.VerdictOf(err) != notify.Gone || len(s.got) != 0 {
		t.Errorf("%v; %d calls", err, len(s.got))
	}
}

func TestATooLargePushIsNotSent(t *testing.T) {
	s, b := newService(t), newBrowser(t)
	c, _ := newChannel(t, s.Client())
	for size, fits := range map[int]bool{maxPayload: true, maxPayload + 1: false} {
		e := notifytest.Envelope(b.subscription(t, s.URL+"/p"))
		e.Content.Push = []byte(strings.Repeat("x", size))
		_, err := c.Send(t.Context(), e)
		if (err == nil) != fits || (err != nil && notify.VerdictOf(err) != notify.Permanent) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

func TestKeysAreNeeded(t *testing.T) {
	if _, err := New(Options{Browsers: &Browsers{PublicKey: "x"}, Now: time.Now}); err == nil {
		t.Error("without a private key there is no error")
	}
}
