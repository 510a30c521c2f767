package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waybill/notify"
	"waybill/tracker"
)

// A pickup code is shown to whoever proved to be the recipient, and to nobody else.
func TestAPickupCodeIsShownToTheRecipientAlone(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	event := map[string]any{
		"action": "in_locker", "at": time.Now().Format(time.RFC3339),
		"pickup": map[string]any{"name": "Locker 12", "hours": "Mon–Sat 8–20", "code": "QX-7741"},
	}
	posted := h.do(http.MethodPost, "/v1/shipments/"+id+"/events", h.seller, map[string]any{"events": []any{event}})
	if posted.status != http.StatusAccepted {
		t.Fatalf("%d %s", posted.status, posted.body)
	}
	for name, path := range map[string]string{"the API": "/v1/track/" + id, "the page": "/t/" + id} {
		open := string(h.do(http.MethodGet, path+"?lang=en", "", nil).body)
		if strings.Contains(open, "QX-7741") || !strings.Contains(open, "Locker 12") || !strings.Contains(open, "Mon–Sat 8–20") {
			t.Errorf("%s shows a stranger:\n%s", name, open)
		}
		proved := string(h.do(http.MethodGet, path+"?lang=en&s="+h.keys.Sign(notify.LinkTrack, id), "", nil).body)
		if !strings.Contains(proved, "QX-7741") {
			t.Errorf("%s hides the code from the recipient:\n%s", name, proved)
		}
	}
}

func TestAPhoneChoosesPickupCodesBySMS(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	a := h.do(http.MethodPost, "/v1/shipments/"+id+"/subscriptions", h.seller, map[string]any{"channel": "sms", "address": "+4915112345678", "recipient": true})
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	s := h.subscriptions(id)[0]
	link := notify.Links{Keys: h.keys}.Preferences(s.ID)
	if page := string(h.do(http.MethodGet, link+"&lang=en", "", nil).body); !strings.Contains(page, `name="code" value="yes">`) {
		t.Errorf("the page does not offer it:\n%s", page)
	}
	if done := h.do(http.MethodPost, link, "", url.Values{"moment": {"ready_for_pickup"}, "code": {"yes"}}.Encode()); done.status != http.StatusSeeOther {
		t.Fatalf("%d %s", done.status, done.body)
	}
	p, err := tracker.Load[tracker.Preference](t.Context(), h.store, tracker.PreferenceKey(s.Tenant, s.Blind))
	if err != nil || !p.CodeBySMS {
		t.Errorf("it was not kept: %+v, %v", p, err)
	}
}
