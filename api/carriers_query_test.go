package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAScanThatIsToldByTheQueryIsAnsweredAsItsCarrierAsks(t *testing.T) {
	h := newHouse(t)
	h.account("dpd", "main", "token", "", "s3cret")
	h.account("dpd", "other", "token", "", "another")
	h.account("ups", "main", "credential", "", "s3cret")
	const push = "&pushid=9%261&pnr=05300000000018&status=delivery_carload&statusdate=05032026095100&depot=0153"
	for name, c := range map[string]struct {
		path   string
		status int
		want   string
	}{
		"with the secret in the address": {"/v1/carriers/dpd/main/events?token=s3cret" + push, http.StatusOK, "<push><pushid>9&amp;1</pushid><status>OK</status></push>"},
		"of nothing that could be read":  {"/v1/carriers/dpd/main/events?token=s3cret&pushid=7", http.StatusOK, "<pushid>7</pushid>"},
		"with another account's secret":  {"/v1/carriers/dpd/main/events?token=another" + push, http.StatusUnauthorized, "unauthorized"},
		"without a secret":               {"/v1/carriers/dpd/main/events?x=1" + push, http.StatusUnauthorized, "unauthorized"},
		"of a carrier that posts":        {"/v1/carriers/ups/main/events", http.StatusMethodNotAllowed, "method_not_allowed"},
		"of a carrier that nobody knows": {"/v1/carriers/nobody/main/events", http.StatusNotFound, "unknown_carrier"},
	} {
		t.Run(name, func(t *testing.T) {
			if a := h.do(http.MethodGet, c.path, "", nil); a.status != c.status || !strings.Contains(string(a.body), c.want) {
				t.Errorf("%d %s, want %d and %s", a.status, a.body, c.status, c.want)
			}
		})
	}
	if a := h.do(http.MethodGet, "/v1/track/05300000000018", "", nil); !strings.Contains(string(a.body), "out_for_delivery") {
		t.Errorf("the look-up shows %s", a.body)
	}
}
