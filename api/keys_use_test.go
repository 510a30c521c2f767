package api_test

import (
	"net/http"
	"testing"
	"time"

	"waybill/tracker"
)

func TestAKeyIsOpenToItsScopesAlone(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		scopes               []tracker.Scope
		reads, writes, hooks bool
	}{
		"everything": {nil, true, true, true},
		"read":       {[]tracker.Scope{tracker.ScopeRead}, true, false, false},
		"write":      {[]tracker.Scope{tracker.ScopeWrite}, false, true, false},
		"webhooks":   {[]tracker.Scope{tracker.ScopeWebhooks}, false, false, true},
	} {
		key, secret := tracker.NewKey("acme", tracker.RoleSeller, name, noon)
		key.Scopes = c.scopes
		must(t, tracker.Save(t.Context(), h.store, key))
		for _, call := range []struct {
			method, path, body string
			open               bool
		}{
			{http.MethodGet, "/v1/shipments", "", c.reads},
			{http.MethodPost, "/v1/shipments", "{}", c.writes},
			{http.MethodGet, "/v1/webhooks", "", c.hooks},
			{http.MethodPost, "/v1/webhooks", `{"url":"https://shop.example.com/"}`, c.hooks},
			{http.MethodGet, "/easypost/v2/trackers", "", c.reads},
			{http.MethodGet, "/easypost/v2/webhooks", "", c.hooks},
		} {
			var body any
			if call.body != "" {
				body = call.body
			}
			if a := h.do(call.method, call.path, secret, body); (a.status < 300) != call.open || !call.open && a.status != http.StatusForbidden {
				t.Errorf("a key for %s: %s %s: %d %s", name, call.method, call.path, a.status, a.body)
			}
		}
	}
}

func TestTheLatestUseOfAKeyIsNotedBehindTheRequest(t *testing.T) {
	h := newHouse(t)
	used := func() time.Time {
		h.Settle()
		key, err := tracker.FindKey(t.Context(), h.store, h.seller, h.clock.now())
		must(t, err)
		return key.UsedAt
	}
	if at := used(); !at.IsZero() {
		t.Fatalf("a key that was never used was used at %s", at)
	}
	for _, step := range []struct {
		after time.Duration
		want  time.Duration
	}{{0, 0}, {9 * time.Minute, 0}, {2 * time.Minute, 11 * time.Minute}} {
		h.clock.move(step.after)
		h.do(http.MethodGet, "/v1/shipments", h.seller, nil)
		if at := used(); !at.Equal(noon.Add(step.want)) {
			t.Errorf("used at %s, want %s", at, noon.Add(step.want))
		}
	}
}
