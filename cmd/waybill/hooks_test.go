package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// hooks is a shop's own server: it takes what is signed, and keeps it by id.
type hooks struct {
	*httptest.Server

	mu       sync.Mutex
	verifier *standardwebhooks.Webhook
	// taken are the events by id, bodies what each said; odd counts what was not signed, or said something else under one id.
	taken map[string]hookEvent
	odd   []string
}

// hookEvent is what matters of an event.
type hookEvent struct {
	Type string `json:"type"`
	Data struct {
		Shipment  string `json:"shipment"`
		Seq       int64  `json:"seq"`
		Milestone string `json:"milestone"`
	} `json:"data"`
}

func startHooks(t *testing.T) *hooks {
	t.Helper()
	h := &hooks{taken: map[string]hookEvent{}}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	return h
}

// askFor has the shop told of all its deliveries here.
func (h *hooks) askFor(s *shop) {
	s.t.Helper()
	var made struct {
		Secret string `json:"secret"`
	}
	body := s.post("/v1/webhooks", map[string]any{"url": h.URL, "types": []string{"shipment.delivered", "shipment.in_transit"}}, http.StatusCreated)
	err := json.Unmarshal(body, &made)
	if err == nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.verifier, err = standardwebhooks.NewWebhook(made.Secret)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func (h *hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 20_000))
	h.mu.Lock()
	defer h.mu.Unlock()
	if err == nil {
		err = h.verifier.Verify(body, r.Header)
	}
	var event hookEvent
	if err == nil {
		err = json.Unmarshal(body, &event)
	}
	id := r.Header.Get("Webhook-Id")
	if before, again := h.taken[id]; err != nil || again && before != event {
		h.odd = append(h.odd, string(body))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	h.taken[id] = event
	w.WriteHeader(http.StatusNoContent)
}

// told reports whether an event of a type about a shipment was taken.
func (h *hooks) told(shipment, kind string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, event := range h.taken {
		if event.Data.Shipment == shipment && event.Type == kind {
			return true
		}
	}
	return false
}

// check looks whether all was signed, an id always said the same, and a sequence number stood for one state.
func (h *hooks) check(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.odd) > 0 {
		t.Errorf("%d webhooks were not signed, or differ from one of the same id: %s", len(h.odd), h.odd[0])
	}
	type state struct {
		shipment string
		seq      int64
	}
	states := map[state]string{}
	for _, event := range h.taken {
		of := state{event.Data.Shipment, event.Data.Seq}
		if before, known := states[of]; known && before != event.Data.Milestone {
			t.Errorf("%s: number %d stands for %s and for %s", of.shipment, of.seq, before, event.Data.Milestone)
		}
		states[of] = event.Data.Milestone
	}
}
