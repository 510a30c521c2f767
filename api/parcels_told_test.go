package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waybill/tracker"
)

// token signs Ada in as an app does, and gives her token.
func (h *house) token(address string) string {
	h.t.Helper()
	h.expect(http.StatusAccepted, http.MethodPost, "/v1/parcels/link", "", map[string]any{"address": address})
	link, err := url.Parse(h.link())
	must(h.t, err)
	a := h.expect(http.StatusCreated, http.MethodPost, "/v1/parcels/session", "", map[string]any{"id": link.Query().Get("id"), "token": link.Query().Get("token")})
	token, _ := a.json(h.t)["token"].(string)
	return token
}

func TestAnAppIsToldOfAllParcelsUntilItIsRemoved(t *testing.T) {
	h, tea, book := toAda(t) // the book has been delivered
	token := h.token("ada@example.com")
	device := map[string]any{"platform": "fcm", "token": strings.Repeat("dGhpcyBpcyBh", 4)}
	pushed := func(id string) (n int) {
		for _, s := range h.subscriptions(id) {
			if s.Channel == tracker.Push && s.Active() {
				n++
			}
		}
		return n
	}
	for range 2 { // again changes nothing
		if got := h.expect(http.StatusCreated, http.MethodPost, "/v1/parcels/devices", token, device).json(t)["parcels"]; got != 1.0 {
			t.Errorf("told of %v parcels", got)
		}
	}
	if pushed(tea) != 1 || pushed(book) != 0 {
		t.Errorf("%d of the tea, %d of the book", pushed(tea), pushed(book))
	}
	late := h.shipment(map[string]any{"recipient": ada})
	h.expect(http.StatusCreated, http.MethodPost, "/v1/parcels/devices", token, device)
	if pushed(late) != 1 {
		t.Error("the parcel that came later is not told of")
	}
	h.expect(http.StatusNoContent, http.MethodPost, "/v1/parcels/devices/remove", token, device)
	if pushed(tea)+pushed(late) != 0 {
		t.Error("removed, it is told on")
	}
	if a := h.do(http.MethodPost, "/v1/parcels/devices", "", device); a.status != http.StatusUnauthorized {
		t.Errorf("a stranger: %d", a.status)
	}
	if a := h.do(http.MethodPost, "/v1/parcels/devices", token, map[string]any{"platform": "apns", "token": "no hexadecimal digits"}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a token of another form: %d %s", a.status, a.body)
	}
}

func TestACustomerChoosesHowAnAddressIsTold(t *testing.T) {
	h, tea, _ := toAda(t)
	h.expect(http.StatusCreated, http.MethodPost, "/v1/shipments/"+tea+"/subscriptions", h.seller,
		map[string]any{"channel": "email", "address": "ada@example.com", "recipient": true})
	token := h.token("ada@example.com")
	path := "/v1/parcels/" + tea + "/preferences"
	item := func(a answer) map[string]any {
		t.Helper()
		items, _ := a.json(t)["items"].([]any)
		if len(items) != 1 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		one, _ := items[0].(map[string]any)
		return one
	}
	if got := item(h.expect(http.StatusOK, http.MethodGet, path, token, nil)); got["channel"] != "email" || got["moments"] != nil {
		t.Errorf("before anything was chosen: %v", got)
	}
	got := item(h.expect(http.StatusOK, http.MethodPut, path, token, map[string]any{"channel": "email", "moments": []string{"delivered"}, "daily": true}))
	if moments, _ := got["moments"].([]any); len(moments) != 1 || moments[0] != "delivered" || got["daily"] != true {
		t.Errorf("chosen: %v", got)
	}
	got = item(h.expect(http.StatusOK, http.MethodPut, path, token, map[string]any{"channel": "email", "moments": []string{}}))
	if moments, ok := got["moments"].([]any); !ok || len(moments) != 0 {
		t.Errorf("nothing chosen: %v", got)
	}
	for name, c := range map[string]struct {
		body map[string]any
		says string
	}{
		"an address that is not told": {map[string]any{"channel": "sms"}, "channel"},
		"a moment that is none":       {map[string]any{"channel": "email", "moments": []string{"birthday"}}, "birthday"},
	} {
		if a := h.do(http.MethodPut, path, token, c.body); a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	grace := h.shipment(map[string]any{"recipient": map[string]any{"name": "Grace", "email": "grace@example.com"}})
	if a := h.do(http.MethodGet, "/v1/parcels/"+grace+"/preferences", token, nil); a.status != http.StatusNotFound {
		t.Errorf("another's parcel: %d", a.status)
	}
	if moments := h.do(http.MethodGet, path, token, nil).json(t)["moments"].([]any); !slices.Contains(moments, any("info_received")) {
		t.Errorf("to choose from: %v", moments)
	}
}
