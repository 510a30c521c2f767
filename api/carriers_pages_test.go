package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestACarriersIntegratorSeesHowPostsFareAndTriesAPayload(t *testing.T) {
	h, _ := drifting(t)
	b := h.person("integrator@example.com", carrierSeat)
	b.get("/carrier")
	b.shows("http://waybill.test/v1/carriers/ups/main/events", "not always", "Held for pigeons", "kept, not read:")
	before := h.receipts()
	b.get("/carrier/try")
	b.page = b.post("/carrier/try", url.Values{"payload": {`{"trackingNumber":"1Z999AA10123456784","localActivityDate":"20261123","localActivityTime":"120500",` +
		`"activityLocation":{"city":"Reykjavik","country":"IS"},"activityStatus":{"type":"I","code":"OT","description":"Out For Delivery Today"}}`}})
	b.shows("1Z999AA10123456784", "out_for_delivery", "Reykjavik, IS", "Read as")
	b.get("/carrier/try")
	b.page = b.post("/carrier/try", url.Values{"payload": {"<b>Dear Sirs</b>"}})
	b.shows("Nothing could be read of it", "&lt;b&gt;Dear Sirs")
	if h.receipts() != before {
		t.Error("a try was kept")
	}
}

func TestASecretIsRotatedWithOverlap(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	b := h.person("integrator@example.com", carrierSeat)
	b.get("/carrier")
	b.page = b.post("/carrier/secret", nil)
	secret := between(string(b.page.body), "this once: <code>", "<")
	for name, proof := range map[string]string{"the new one": secret, "the one before": "s3cret"} {
		if a := h.do(http.MethodPost, upsPath, "", `{"unheard":1}`, "credential", proof); a.status != http.StatusAccepted {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if strings.Contains(string(b.get("/carrier").body), secret) {
		t.Error("the secret is shown again")
	}
	stranger := h.person("other@example.com", tracker.Seat{Role: tracker.RoleCarrier, Account: "fedex/main"})
	if a := stranger.get("/carrier"); a.status != http.StatusNotFound {
		t.Errorf("of an account that is not there: %d", a.status)
	}
}
