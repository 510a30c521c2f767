package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestASellerKeepsItsKeys(t *testing.T) {
	h := newHouse(t)
	made := h.do(http.MethodPost, "/v1/keys", h.seller, `{"name":"dashboard","scopes":["read"]}`)
	key := made.json(t)
	id, _ := key["id"].(string)
	secret, _ := key["secret"].(string)
	if made.status != http.StatusCreated || !strings.HasPrefix(id, "key_") || !strings.HasPrefix(secret, "wb_") {
		t.Fatalf("%d %s", made.status, made.body)
	}
	if a := h.do(http.MethodGet, "/v1/shipments", secret, nil); a.status != http.StatusOK {
		t.Errorf("it does not read: %d", a.status)
	}
	for what, a := range map[string]answer{
		"it lists keys":                  h.do(http.MethodGet, "/v1/keys", secret, nil),
		"it makes a key":                 h.do(http.MethodPost, "/v1/keys", secret, `{"name":"more"}`),
		"another scope than there are":   h.do(http.MethodPost, "/v1/keys", h.seller, `{"name":"x","scopes":["fly"]}`),
		"another seller ends it":         h.do(http.MethodDelete, "/v1/keys/"+id, h.rival, nil),
		"another seller gives it a turn": h.do(http.MethodPost, "/v1/keys/"+id+"/rotate", h.rival, `{}`),
	} {
		if a.status < 400 {
			t.Errorf("%s: %d %s", what, a.status, a.body)
		}
	}
	if list := h.do(http.MethodGet, "/v1/keys", h.rival, nil); strings.Contains(string(list.body), id) {
		t.Error("another seller sees it")
	}
	if list := h.do(http.MethodGet, "/v1/keys", h.seller, nil); !strings.Contains(string(list.body), id) || strings.Contains(string(list.body), secret) {
		t.Errorf("listed %s", list.body)
	}
	if a := h.do(http.MethodDelete, "/v1/keys/"+id, h.seller, nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := h.do(http.MethodGet, "/v1/shipments", secret, nil); a.status != http.StatusUnauthorized {
		t.Errorf("a key that was ended is answered with %d", a.status)
	}
}

func TestARotatedKeyHoldsForTheOverlap(t *testing.T) {
	h := newHouse(t)
	first := h.do(http.MethodPost, "/v1/keys", h.seller, `{"name":"web shop","scopes":["read","webhooks"]}`).json(t)
	old, _ := first["secret"].(string)
	id, _ := first["id"].(string)
	rotated := h.do(http.MethodPost, "/v1/keys/"+id+"/rotate", h.seller, `{"overlap_hours":2}`)
	next, _ := rotated.json(t)["secret"].(string)
	if rotated.status != http.StatusCreated || next == old || !strings.Contains(string(rotated.body), `"scopes":["read","webhooks"]`) {
		t.Fatalf("%d %s", rotated.status, rotated.body)
	}
	if a := h.do(http.MethodPost, "/v1/keys/"+id+"/rotate", h.seller, `{}`); a.status != http.StatusConflict {
		t.Errorf("rotated twice: %d", a.status)
	}
	for _, step := range []struct {
		after time.Duration
		holds bool
	}{{0, true}, {119 * time.Minute, true}, {time.Minute, false}} {
		h.clock.move(step.after)
		if a := h.do(http.MethodGet, "/v1/shipments", old, nil); (a.status == http.StatusOK) != step.holds {
			t.Errorf("after %s more the old one is answered with %d", step.after, a.status)
		}
		if a := h.do(http.MethodGet, "/v1/shipments", next, nil); a.status != http.StatusOK {
			t.Errorf("the new one is answered with %d", a.status)
		}
	}
}

func TestAKeyForTestsKeepsThoseOfTheSandboxAlone(t *testing.T) {
	h := newHouse(t)
	test := h.testKey()
	made := h.do(http.MethodPost, "/v1/keys", test, `{"name":"more"}`)
	if made.status != http.StatusCreated || !strings.Contains(string(made.body), `"secret":"wb_test_`) {
		t.Fatalf("%d %s", made.status, made.body)
	}
	if n := strings.Count(string(h.do(http.MethodGet, "/v1/keys", test, nil).body), `"id"`); n != 2 {
		t.Errorf("it lists %d keys", n)
	}
	if n := strings.Count(string(h.do(http.MethodGet, "/v1/keys", h.seller, nil).body), `"id"`); n != 3 {
		t.Errorf("the live key lists %d", n)
	}
}
