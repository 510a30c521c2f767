package webhook

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"waybill/notify"
	"waybill/notify/notifytest"
	"waybill/tracker/dial"
)

// asChannel has the shared suite's messages posted: an endpoint's address is where they go.
type asChannel struct{ *Client }

func (asChannel) Sender() string { return "" }

func (c asChannel) Send(ctx context.Context, e notify.Envelope) (notify.Receipt, error) {
	header := http.Header{"Webhook-Id": {e.ID}, "Webhook-Signature": {"v1,c2VjcmV0"}}
	_, err := c.Post(ctx, Request{URL: e.To, Header: header, Body: e.Content.Push})
	return notify.Receipt{}, err
}

// endpoint is a seller's server that answers what it is told to.
type endpoint struct {
	*httptest.Server

	sent   atomic.Int32
	mu     sync.Mutex
	answer http.HandlerFunc
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	answer := e.answer
	e.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	e.sent.Add(1)
	_, _ = io.WriteString(w, "thanks")
}

func (e *endpoint) set(answer http.HandlerFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = answer
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	return e
}

func TestTheSharedSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) *notifytest.Rig {
		t.Helper()
		e := newEndpoint(t)
		client := NewHTTPClient(true)
		t.Cleanup(client.CloseIdleConnections)
		rig := &notifytest.Rig{
			Channel: asChannel{NewClient(client, time.Now)}, To: e.URL + "/hook-token-7351?key=s3cr3t",
			Bad:     []string{"https://", "://", "https:///path", "\x00"},
			Secrets: []string{"7351", "s3cr3t", "c2VjcmV0", strings.TrimPrefix(e.URL, "http://")},
			Sent:    func() int { return int(e.sent.Load()) },
		}
		for status := 300; status < 600; status++ {
			if http.StatusText(status) != "" {
				rig.Faults = append(rig.Faults, statusFault(e, status))
			}
		}
		return withOddFaults(rig, e)
	})
}

// statusFault is an endpoint that answers with a status, and with everything that may tempt.
func statusFault(e *endpoint, status int) notifytest.Fault {
	fault := notifytest.Fault{Name: "HTTP " + strconv.Itoa(status), Want: notify.Retry}
	switch {
	case status == http.StatusGone:
		fault.Want = notify.Gone
	case status >= 400:
		fault.After = 90 * time.Second
	}
	fault.Begin = func() func() {
		e.set(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", e.URL+"/elsewhere")
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(status)
		})
		return func() { e.set(nil) }
	}
	return fault
}

func withOddFaults(rig *notifytest.Rig, e *endpoint) *notifytest.Rig {
	answering := func(answer http.HandlerFunc) func() func() {
		return func() func() { e.set(answer); return func() { e.set(nil) } }
	}
	held := make(chan struct{})
	rig.Faults = append(rig.Faults,
		notifytest.Fault{Name: "it hangs", Want: notify.Retry, Hangs: true, Begin: func() func() {
			e.set(func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-held:
				case <-r.Context().Done():
				}
			})
			return func() { close(held); e.set(nil) }
		}},
		notifytest.Fault{Name: "it hangs up", Want: notify.Retry, Begin: answering(func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		})},
		notifytest.Fault{Name: "it asks to wait for years", Want: notify.Retry, After: 24 * time.Hour, Begin: answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "99999999")
			w.WriteHeader(http.StatusServiceUnavailable)
		})},
		notifytest.Fault{Name: "its answer never ends", Want: notify.Retry, Begin: answering(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
					return
				}
			}
		})},
	)
	return rig
}

func TestEverySuccessIsOne(t *testing.T) {
	e := newEndpoint(t)
	client := NewClient(e.Client(), time.Now)
	for _, status := range []int{200, 201, 202, 204, 206, 299} {
		e.set(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		if answer, err := client.Post(t.Context(), Request{URL: e.URL, Body: []byte("{}")}); err != nil || answer.Status != status {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestOfAResponseItsBeginningIsKeptAsText(t *testing.T) {
	e := newEndpoint(t)
	client := NewClient(e.Client(), time.Now)
	for name, c := range map[string]struct{ body, want string }{
		"a text":          {"no such order\n", "no such order\n"},
		"a page":          {strings.Repeat("x", 5000), strings.Repeat("x", 1024)},
		"no UTF-8":        {"caf\xe9", "caf�"},
		"zeros and bells": {"a\x00\x07b", "ab"},
	} {
		e.set(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, c.body)
		})
		if answer, _ := client.Post(t.Context(), Request{URL: e.URL}); answer.Body != c.want {
			t.Errorf("%s: kept %q", name, answer.Body)
		}
	}
}

func TestAPayloadThatNobodyTakesIsNotSent(t *testing.T) {
	e := newEndpoint(t)
	_, err := NewClient(e.Client(), time.Now).Post(t.Context(), Request{URL: e.URL, Body: make([]byte, maxBody)})
	if notify.VerdictOf(err) != notify.Permanent || e.sent.Load() != 0 {
		t.Errorf("%v", err)
	}
}

// A name that pointed to a public address when it was looked at, and points into our own network when it is dialled, leads
// nowhere: neither by a record that changes nor by one among several.
func TestANameThatRebindsLeadsNowhere(t *testing.T) {
	e := newEndpoint(t)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(e.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	names := newNameServer(t, [4]byte{93, 184, 215, 14}, [4]byte{127, 0, 0, 1})
	resolver := &net.Resolver{PreferGo: true, Dial: names.dial}
	looked, err := resolver.LookupNetIP(t.Context(), "ip4", "hooks.example.com")
	if err != nil || !dial.Public(looked[0]) {
		t.Fatalf("the first look-up: %v, %v", looked, err)
	}
	client := dial.NewClient(dial.Options{Timeout: 5 * time.Second, Resolver: resolver})
	defer client.CloseIdleConnections()
	_, err = NewClient(client, time.Now).Post(t.Context(), Request{URL: "http://hooks.example.com:" + port, Body: []byte("{}")})
	if failure := new(notify.Failure); !asFailure(err, &failure) || failure.Code != "forbidden" || failure.Verdict != notify.Retry {
		t.Errorf("it fails with %v", err)
	}
	if names.asked.Load() < 2 {
		t.Error("the name was not looked up anew")
	}
	if e.sent.Load() != 0 {
		t.Error("the endpoint inside was reached")
	}
}

// nameServer answers every question for an IPv4 address with the first address once, and with the second from then on.
type nameServer struct {
	conn  net.PacketConn
	asked atomic.Int32
}

func newNameServer(t *testing.T, first, then [4]byte) *nameServer {
	t.Helper()
	conn, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &nameServer{conn: conn}
	var done sync.WaitGroup
	done.Go(func() { s.serve(first, then) })
	t.Cleanup(func() { _ = conn.Close(); done.Wait() })
	return s
}

func (s *nameServer) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "udp", s.conn.LocalAddr().String())
}

func (s *nameServer) serve(first, then [4]byte) {
	packet := make([]byte, 1500)
	for {
		n, from, err := s.conn.ReadFrom(packet)
		if err != nil {
			return
		}
		var question dnsmessage.Message
		if question.Unpack(packet[:n]) != nil || len(question.Questions) != 1 {
			continue
		}
		q := question.Questions[0]
		answer := dnsmessage.Message{Header: dnsmessage.Header{ID: question.ID, Response: true, RecursionAvailable: true}, Questions: question.Questions}
		if q.Type == dnsmessage.TypeA {
			address := then
			if s.asked.Add(1) == 1 {
				address = first
			}
			answer.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.AResource{A: address},
			}}
		}
		if packed, err := answer.Pack(); err == nil {
			_, _ = s.conn.WriteTo(packed, from)
		}
	}
}

func asFailure(err error, failure **notify.Failure) bool {
	f, ok := err.(*notify.Failure) //nolint:errorlint // it is returned as it is
	*failure = f
	return ok
}

func TestPrivateAddressesAreNotReached(t *testing.T) {
	e := newEndpoint(t)
	client := NewHTTPClient(false)
	defer client.CloseIdleConnections()
	t.Setenv("HTTP_PROXY", e.URL)
	port := e.URL[strings.LastIndex(e.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "2130706433"} {
		_, err := NewClient(client, time.Now).Post(t.Context(), Request{URL: fmt.Sprintf("http://%s%s/", host, port)})
		if notify.VerdictOf(err) != notify.Retry || strings.Contains(fmt.Sprint(err), host) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if e.sent.Load() != 0 {
		t.Error("one was reached")
	}
}

func TestAddressesAreChecked(t *testing.T) {
	for address, open := range map[string]struct{ public, private bool }{
		"https://shop.example.com/hooks?a=1":             {true, true},
		"https://shop.example.com:8443/hooks":            {true, true},
		"https://93.184.215.14/":                         {true, true},
		"http://shop.example.com/":                       {false, true},
		"https://127.0.0.1/":                             {false, true},
		"https://[::1]/":                                 {false, true},
		"https://10.0.0.8/":                              {false, true},
		"https://169.254.169.254/latest":                 {false, true},
		"https://localhost/":                             {false, true},
		"https://intranet/":                              {false, true},
		"https://db.internal/":                           {false, true},
		"https://printer.local./":                        {false, true},
		"https://user:pass@shop.example.com/":            {false, false},
		"https://shop.example.com/#part":                 {false, false},
		"ftp://shop.example.com/":                        {false, false},
		"file:///etc/passwd":                             {false, false},
		"shop.example.com":                               {false, false},
		"https://":                                       {false, false},
		"":                                               {false, false},
		"https://x.example/" + strings.Repeat("x", 2000): {false, false},
	} {
		for allowed, want := range map[bool]bool{false: open.public, true: open.private} {
			if err := CheckURL(address, allowed); (err == nil) != want {
				t.Errorf("%.60q, private allowed %v: %v", address, allowed, err)
			}
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	f.Add("https://shop.example.com/hooks")
	f.Add("https://[::ffff:127.0.0.1]/")
	f.Add("https://user@127.1/")
	f.Fuzz(func(t *testing.T, address string) {
		if CheckURL(address, false) == nil && CheckURL(address, true) != nil {
			t.Errorf("%q is open to the public and closed to operators", address)
		}
	})
}
