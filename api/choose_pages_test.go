package api_test

import (
	"log/slog"
	"strings"
	"testing"

	"waybill/api"
	"waybill/tracker/eta"
)

func TestASellerAsksWhichCarrierKeepsAPromise(t *testing.T) {
	h := newHouse(t, func(o *api.Options) {
		o.Estimator = eta.NewModel(eta.Options{Store: o.Store, Now: o.Now, Log: slog.New(slog.DiscardHandler)})
	})
	b := h.person("member@example.com", viewerSeat)
	b.get("/choose")
	b.shows("From", "By when")
	b.get("/choose?from=DE&to=FR")
	b.shows("Nothing was delivered for you in the last 90 days")
	h.scored("acme", 30)
	b.get("/choose?from=DE&from_code=50667&to=FR&to_code=69001&by=2026-11-28")
	b.shows("<th scope=\"row\">ups", "%", "of 30")
	if text := string(b.page.body); strings.Contains(text, "Nothing was delivered") {
		t.Error("what was delivered is not seen")
	}
	b.get("/choose?from=DE&to=FR&by=soon")
	b.shows("is no day")
	b.get("/choose?from=Atlantis&to=FR")
	b.shows("role=\"alert\"")
}
