package api_test

import (
	"net/http"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestTheSandboxPlaysEveryMilestone(t *testing.T) {
	h := newHouse(t)
	key := h.testKey()
	for m := tracker.Pending; int(m) < tracker.MilestoneCount; m++ {
		if m == tracker.Expired {
			continue // by the clock alone
		}
		body := `{"tracking_number":"test_` + m.String() + `"}`
		a := h.do(http.MethodPost, "/v1/shipments", key, body)
		if a.status != http.StatusCreated || !strings.Contains(string(a.body), `"milestone":"`+m.String()+`"`) || !strings.Contains(string(a.body), `"test":true`) {
			t.Errorf("%s: %d %s", m, a.status, a.body)
		}
	}
	a := h.do(http.MethodPost, "/v1/shipments", key, `{"tracking_number":"TEST_DELIVERED_TO_NEIGHBOUR","carrier":"ups"}`)
	for _, part := range []string{`"substatus":"delivered_to_neighbour"`, `"carrier":"ups"`, `"number":"TEST_DELIVERED_TO_NEIGHBOUR"`} {
		if !strings.Contains(string(a.body), part) {
			t.Errorf("%s is missing in %s", part, a.body)
		}
	}
}

// Made-up parcels and real ones never meet: not in lists, not in searches, not by a number that both have.
func TestTheSandboxIsApart(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	key := h.testKey()
	const body = `{"tracking_number":"1Z999AA10123456784","order":"1001","tags":["gift"]}`
	made := h.do(http.MethodPost, "/v1/shipments", key, body).json(t)
	id, _ := made["id"].(string)
	h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret")
	if a := h.do(http.MethodGet, "/v1/shipments/"+id, key, nil); !strings.Contains(string(a.body), `"milestone":"pending"`) {
		t.Errorf("a real scan reached the sandbox: %s", a.body)
	}
	if a := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil); a.status != http.StatusNotFound {
		t.Errorf("a live key sees it: %d", a.status)
	}
	for _, query := range []string{"", "?order=1001", "?tag=gift", "?milestone=pending"} {
		if items, _ := h.do(http.MethodGet, "/v1/shipments"+query, h.seller, nil).json(t)["items"].([]any); len(items) != 0 {
			t.Errorf("the live list %q has %d of them", query, len(items))
		}
		if items, _ := h.do(http.MethodGet, "/v1/shipments"+query, key, nil).json(t)["items"].([]any); len(items) != 1 {
			t.Errorf("the sandbox's list %q has %d", query, len(items))
		}
	}
	for _, query := range []string{"1Z999AA10123456784", "1001", id} {
		if items, _ := h.do(http.MethodGet, "/v1/search?q="+query, h.agent, nil).json(t)["items"].([]any); len(items) != 0 {
			t.Errorf("an agent who looks for %q finds %d of them", query, len(items))
		}
	}
	if a := h.do(http.MethodGet, "/v1/orders/1001", h.seller, nil); a.status != http.StatusNotFound {
		t.Errorf("the live seller has the sandbox's order: %d", a.status)
	}
}

func TestTheSandboxHasItsSellersBrand(t *testing.T) {
	h := newHouse(t)
	key := h.testKey()
	h.do(http.MethodPatch, "/v1/settings", h.seller, `{"name":"Northwind Tea"}`)
	if a := h.do(http.MethodGet, "/v1/settings", key, nil); !strings.Contains(string(a.body), `"name":"Northwind Tea"`) {
		t.Errorf("%s", a.body)
	}
	h.do(http.MethodPatch, "/v1/settings", key, `{"name":"Try-out"}`)
	if a := h.do(http.MethodGet, "/v1/settings", h.seller, nil); !strings.Contains(string(a.body), `"name":"Northwind Tea"`) {
		t.Errorf("the sandbox renamed its seller: %s", a.body)
	}
}
