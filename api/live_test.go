package api_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waybill/api"
)

// served is a house with a real listener.
func served(t *testing.T, h *house) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	done := make(chan error, 1)
	go func() { done <- h.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		must(t, h.Shutdown(ctx))
		must(t, <-done)
	})
	return "http://" + listener.Addr().String()
}

// stream is an open live stream.
type stream struct {
	t        *testing.T
	response *http.Response
	lines    *bufio.Scanner
	end      context.CancelFunc
}

func watch(t *testing.T, address string, headers ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	must(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	must(t, err)
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	s := &stream{t, response, lines, cancel}
	t.Cleanup(s.close)
	return s
}

func (s *stream) close() {
	s.end()
	_ = s.response.Body.Close()
}

// next reads the next event; "" at the end of the stream.
func (s *stream) next() (id, data string) {
	for s.lines.Scan() {
		line := s.lines.Text()
		if value, ok := strings.CutPrefix(line, "id: "); ok {
			id = value
		}
		if value, ok := strings.CutPrefix(line, "data: "); ok {
			data += value + "\n"
		}
		if line == "" && data != "" {
			return id, data
		}
	}
	return "", ""
}

func TestALiveStreamTellsWhatChanges(t *testing.T) {
	// fasthttp's pool of workers notices its end when it wakes up the next time.
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent(), goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"))
	t.Run("", func(t *testing.T) {
		h := newHouse(t)
		base := served(t, h)
		id := h.shipment(nil)
		s := watch(t, base+"/v1/track/"+id+"/live")
		if kind := s.response.Header.Get("Content-Type"); kind != "text/event-stream" {
			t.Fatalf("Content-Type %q, status %d", kind, s.response.StatusCode)
		}
		firstID, first := s.next()
		if !strings.Contains(first, `"milestone":"pending"`) {
			t.Fatalf("first %s", first)
		}
		page := watch(t, base+"/t/"+id+"/live?lang=de")
		if _, html := page.next(); !strings.Contains(html, `id="now"`) {
			t.Fatalf("the page's first event: %s", html)
		}
		h.scan(id, "out_for_delivery", "2026-11-23T11:00:00+01:00")
		secondID, second := s.next()
		if !strings.Contains(second, `"milestone":"out_for_delivery"`) || firstID == secondID {
			t.Fatalf("second %s", second)
		}
		if _, html := page.next(); !strings.Contains(html, "In Zustellung") {
			t.Fatalf("the page's second event: %s", html)
		}
		t.Run("who has the latest is told the next one only", func(t *testing.T) {
			again := watch(t, base+"/v1/track/"+id+"/live", "Last-Event-ID", secondID)
			go h.scan(id, "delivered", "2026-11-23T12:00:00+01:00")
			if _, data := again.next(); !strings.Contains(data, `"milestone":"delivered"`) {
				t.Errorf("told %s", data)
			}
		})
	})
}

func TestShutdownClosesStreams(t *testing.T) {
	h := newHouse(t)
	base := served(t, h)
	id := h.shipment(nil)
	s := watch(t, base+"/v1/track/"+id+"/live")
	s.next()
	ended := make(chan struct{})
	go func() {
		s.next()
		close(ended)
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	must(t, h.Shutdown(ctx))
	select {
	case <-ended:
	case <-ctx.Done():
		t.Fatal("the stream goes on after the shutdown")
	}
}

func TestWatchersAreBounded(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Limits.MaxWatchers, o.Limits.WatchersPerAddress = 3, 2 })
	base := served(t, h)
	id := h.shipment(nil)
	watch(t, base+"/v1/track/"+id+"/live").next()
	last := watch(t, base+"/v1/track/"+id+"/live")
	last.next()
	if s := watch(t, base+"/v1/track/"+id+"/live"); s.response.StatusCode != http.StatusServiceUnavailable || s.response.Header.Get("Retry-After") == "" {
		t.Errorf("the third watcher of an address: %d", s.response.StatusCode)
	}
}

func TestANumberThatIsNotKnownHasNoStream(t *testing.T) {
	h := newHouse(t)
	if a := h.do(http.MethodGet, "/v1/track/NOPE1/live", "", nil); a.status != http.StatusNotFound || a.code() != "not_found" {
		t.Errorf("%d %s", a.status, a.body)
	}
}
