package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"waybill/api"
	"waybill/api/web"
	"waybill/tracker"
)

// keptNothing is an outbox without messages.
type keptNothing struct{}

func (keptNothing) Kept(int) []web.OutboxMessage { return nil }

func TestEveryRuleHasItsRoute(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Outbox = keptNothing{} })
	registered := h.Registered()
	for route := range api.Rules() {
		if !slices.Contains(registered, route) {
			t.Errorf("%s has a rule but no route", route)
		}
	}
	for _, route := range registered {
		if _, ok := api.Rules()[route]; !ok {
			t.Errorf("%s is served without a rule", route)
		}
	}
}

// TestEveryRouteAsksForItsKey tries all routes without a key, with a wrong one, and with every role that it is closed to.
func TestEveryRouteAsksForItsKey(t *testing.T) {
	h := newHouse(t)
	keys := map[string]string{"seller": h.seller, "fleet": h.fleet, "agent": h.agent, "operator": h.operator}
	path := strings.NewReplacer(":id", "WB2345679ABCDEFGJ", ":carrier", "ups", ":account", "main", ":number", "X1", ":name", "x", ":event", "evt_1", "*", "x")
	for route, rule := range api.Rules() {
		roles := rule.Roles()
		if len(roles) == 0 {
			continue
		}
		t.Run(route, func(t *testing.T) {
			method, pattern, _ := strings.Cut(route, " ")
			target := path.Replace(pattern)
			for name, key := range map[string]string{"no key": "", "an unknown key": "wb_unknown", "an empty key": " "} {
				if a := h.do(method, target, key, "{}"); a.status != http.StatusUnauthorized || a.code() != "unauthorized" && a.code() != "APIKEY.INACTIVE" {
					t.Errorf("%s: %d %s", name, a.status, a.body)
				}
			}
			for role, key := range keys {
				a := h.do(method, target, key, "{}")
				if rule.BySession() { // keys open no pages; TestPagesAskForTheirRole tries people
					if a.status != http.StatusUnauthorized {
						t.Errorf("a key of role %s: %d %s", role, a.status, a.body)
					}
					continue
				}
				if open := slices.Contains(roles, role); open && (a.status == 401 || a.status == 403) || !open && a.status != 403 {
					t.Errorf("role %s: %d %s", role, a.status, a.body)
				}
			}
		})
	}
}

// TestTenantsAreWalls tries what belongs to one seller with another one's key: it is not there.
func TestTenantsAreWalls(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"order": "1001", "reference": "r1", "tags": []string{"t"}})
	h.do(http.MethodPost, "/v1/orders/1001/events", h.seller, `{"events":[{"step":"confirmed"}]}`)
	message := &tracker.Message{ID: "m1", Tenant: "acme", Shipment: id, State: tracker.MessageFailed, DecidedAt: noon}
	must(t, tracker.Save(t.Context(), h.store, message))
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/v1/shipments/" + id, ""},
		{"GET", "/v1/shipments/" + id + "/events", ""},
		{"POST", "/v1/shipments/" + id + "/events", `{"events":[{"action":"delivered","at":"2026-11-23T10:00:00Z"}]}`},
		{"POST", "/v1/shipments/" + id + "/legs", `{"carrier":"ups","tracking_number":"1Z999AA10123456784"}`},
		{"POST", "/v1/shipments/" + id + "/subscriptions", `{"channel":"email","address":"eve@example.com"}`},
		{"GET", "/v1/shipments/" + id + "/messages", ""},
		{"POST", "/v1/messages/m1/resend", ""},
		{"GET", "/v1/orders/1001", ""},
		{"GET", "/easypost/v2/trackers/trk_" + id, ""},
		{"GET", "/easypost/v2/trackers?before_id=trk_" + id, ""},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		if a := h.do(c.method, c.path, h.rival, body); a.status != http.StatusNotFound {
			t.Errorf("%s %s with another seller's key: %d %s", c.method, c.path, a.status, a.body)
		}
		if a := h.do(c.method, c.path, h.seller, body); a.status == http.StatusNotFound {
			t.Errorf("%s %s with the owner's key: %d %s", c.method, c.path, a.status, a.body)
		}
	}
	for _, query := range []string{"", "?order=1001", "?reference=r1", "?tag=t", "?milestone=pending"} {
		if items, _ := h.do(http.MethodGet, "/v1/shipments"+query, h.rival, nil).json(t)["items"].([]any); len(items) != 0 {
			t.Errorf("the list %q of another seller has %d shipments", query, len(items))
		}
	}
}

func TestAKeyThatOnlyReadsChangesNothing(t *testing.T) {
	h := newHouse(t)
	key, secret := tracker.NewKey("acme", tracker.RoleSeller, "dashboard", noon)
	key.Scopes = []tracker.Scope{tracker.ScopeRead}
	must(t, tracker.Save(t.Context(), h.store, key))
	if a := h.do(http.MethodPost, "/v1/shipments", secret, "{}"); a.status != http.StatusForbidden {
		t.Errorf("it registers: %d", a.status)
	}
	if a := h.do(http.MethodGet, "/v1/shipments", secret, nil); a.status != http.StatusOK {
		t.Errorf("it does not read: %d", a.status)
	}
}

func TestAKeyAsBasicUserAndAnExpiredKey(t *testing.T) {
	h := newHouse(t)
	request := "Basic " + basicAuth(h.seller, "")
	if a := h.do(http.MethodGet, "/v1/shipments", "", nil, "Authorization", request); a.status != http.StatusOK {
		t.Errorf("curl -u key: is answered with %d", a.status)
	}
	key, secret := tracker.NewKey("acme", tracker.RoleSeller, "old", noon)
	key.Expires = noon.Add(1)
	must(t, tracker.Save(t.Context(), h.store, key))
	h.do(http.MethodGet, "/v1/shipments", secret, nil)
	h.clock.move(2)
	if a := h.do(http.MethodGet, "/v1/shipments", secret, nil); a.status != http.StatusUnauthorized {
		t.Errorf("an expired key is answered with %d", a.status)
	}
}
