package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/notify"
	"waybill/tracker"
)

// subscriptions lists those of a shipment.
func (h *house) subscriptions(id string) []*tracker.Subscription {
	h.t.Helper()
	list, err := tracker.LoadList[tracker.Subscription](h.t.Context(), h.store, tracker.ListOfShipment(id), tracker.Page{})
	must(h.t, err)
	return list
}

// confirmation is the link of the message that asks to confirm.
func (h *house) confirmation(id string) string {
	h.t.Helper()
	list, err := tracker.LoadList[tracker.Message](h.t.Context(), h.store, tracker.ListOfShipment(id), tracker.Page{})
	must(h.t, err)
	for _, m := range list {
		if m.Moment == tracker.MomentConfirmChannel {
			token, err := h.keys.Unwrap(m.Token, "confirm:"+m.ID)
			must(h.t, err)
			return notify.Links{Keys: h.keys}.Confirm(m.Subscription, string(token))
		}
	}
	h.t.Fatal("no message asks to confirm")
	return ""
}

func TestAVisitorSubscribesConfirmsAndLeaves(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	form := url.Values{"channel": {"email"}, "address": {"grace@example.com"}, "moment": {"delivered", "delayed"}}
	a := h.do(http.MethodPost, "/t/"+id+"/subscriptions?lang=de", "", form.Encode())
	if a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Location"), "notice=subscribed_email") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if page := h.do(http.MethodGet, a.header.Get("Location"), "", nil); !strings.Contains(string(page.body), "Öffnen Sie den Link") {
		t.Error("the page does not say what comes next")
	}
	s := h.subscriptions(id)[0]
	if s.Active() || len(s.Moments) != 2 || s.Locale != "de" {
		t.Fatalf("kept %+v", s)
	}
	link := h.confirmation(id)
	if ask := h.do(http.MethodGet, link, "", nil); ask.status != http.StatusOK || h.subscriptions(id)[0].Active() {
		t.Error("opening the link alone confirms")
	}
	if wrong := h.do(http.MethodPost, link+"x", "", nil); wrong.status != http.StatusForbidden {
		t.Errorf("a wrong token: %d", wrong.status)
	}
	if done := h.do(http.MethodPost, link, "", nil); done.status != http.StatusOK || !h.subscriptions(id)[0].Active() {
		t.Errorf("the button does not confirm: %d %s", done.status, done.body)
	}
	out := notify.Links{Keys: h.keys}.Unsubscribe(s.ID)
	if ask := h.do(http.MethodGet, out, "", nil); ask.status != http.StatusOK || !h.subscriptions(id)[0].Active() {
		t.Error("opening the link alone unsubscribes")
	}
	if done := h.do(http.MethodPost, out, "", "List-Unsubscribe=One-Click"); done.status != http.StatusOK || h.subscriptions(id)[0].Active() {
		t.Errorf("one click does not unsubscribe: %d", done.status)
	}
}

func TestWishesThatCannotBe(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"an address that is none": {"/v1/track/" + id, `{"channel":"email","address":"grace"}`, 422},
		"a channel that is none":  {"/v1/track/" + id, `{"channel":"pigeon","address":"grace@example.com"}`, 422},
		"a moment that is none":   {"/v1/track/" + id, `{"channel":"email","address":"grace@example.com","moments":["noon"]}`, 422},
		"a push without https":    {"/v1/track/" + id, `{"channel":"push","address":"{\"endpoint\":\"http://10.0.0.1/\"}"}`, 422},
		"a number of nobody":      {"/v1/track/" + tracker.NewTrackingID(), `{"channel":"email","address":"grace@example.com"}`, 404},
		"a carrier's number":      {"/v1/track/1Z999AA10123456784", `{"channel":"email","address":"grace@example.com"}`, 404},
		"no JSON":                 {"/v1/track/" + id, `channel=email`, 400},
		"too much":                {"/v1/track/" + id, `{"address":"` + strings.Repeat("x", 70_000) + `"}`, 413},
	} {
		a := h.do(http.MethodPost, c.path+"/subscriptions", "", c.body, "X-Forwarded-For", name)
		if a.status != c.status {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if strings.Contains(string(a.body), "grace") {
			t.Errorf("%s: the answer repeats the address", name)
		}
	}
}

func TestOneAddressAsksForTenWishesAnHour(t *testing.T) {
	h := newHouse(t)
	for i := range 11 {
		id := h.shipment(nil)
		a := h.do(http.MethodPost, "/v1/track/"+id+"/subscriptions", "", map[string]any{
			"channel": "email", "address": "g" + string(rune('a'+i)) + "@example.com",
		})
		want := http.StatusAccepted
		if i == 10 {
			want = http.StatusTooManyRequests
		}
		if a.status != want {
			t.Errorf("wish %d: %d %s", i+1, a.status, a.body)
		}
	}
}

func TestASellerSubscribesTheRecipient(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	a := h.do(http.MethodPost, "/v1/shipments/"+id+"/subscriptions", h.seller, `{"channel":"email","address":"ada@example.com","recipient":true}`)
	if a.status != http.StatusCreated || a.json(t)["confirmed"] != true {
		t.Errorf("%d %s", a.status, a.body)
	}
	if s := h.subscriptions(id)[0]; !s.Recipient || !s.Active() {
		t.Errorf("kept %+v", s)
	}
}
