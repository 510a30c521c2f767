package poll

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/adapters/pull/pulltest"
	"waybill/tracker"
	"waybill/tracker/limit"
)

// gls is a fake GLS that knows some numbers, and counts who was asked about when.
type gls struct {
	house *house
	knows map[string]bool
	asked []time.Time
}

// RoundTrip implements http.RoundTripper.
func (g *gls) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, `{"access_token":"gls-token","expires_in":3600}`
	if number, isTracking := strings.CutPrefix(r.URL.Path, "/track-and-trace-v1/tracking/simple/trackids/"); isTracking {
		g.asked = append(g.asked, g.house.clock.now())
		status, body = http.StatusNotFound, `{"errors":[{"code":"E_404_01","message":"not found"}]}`
		if g.knows[number] {
			at := begin.Add(-time.Hour).Format("2006-01-02T15:04:05-0700")
			status, body = http.StatusOK, fmt.Sprintf(`{"parcels":[{"requested":%q,"unitno":%q,"status":"INTRANSIT","statusDateTime":%q,"events":[`+
				`{"code":"INBOUD.NORMAL","city":"Köln","country":"DE","description":"Arrived","eventDateTime":%q}]}]}`, number, number, at, at)
		}
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

// TestANumberThatMayBeSeveralCarriers is rule 8: all are asked, the likeliest first; the one that answers is followed,
// the others are asked no more; where several answer, both are shown and nothing is added.
func TestANumberThatMayBeSeveralCarriers(t *testing.T) {
	const number = "123456789012" // FedEx rather than GLS or Australia Post; with the last there is no account
	for _, c := range []struct {
		what       string
		fedex, gls bool
		legs       []string // the carriers' legs of the shipment
		asked      []string // who is still asked
		found      int      // how many carriers the look-up offers
	}{
		{"the likeliest knows it", true, false, []string{"fedex"}, []string{"fedex"}, 1},
		{"another knows it", false, true, []string{"fedex", "gls"}, []string{"gls"}, 1},
		{"both know it: the person chooses", true, true, []string{"fedex"}, []string{"fedex"}, 2},
		{"none knows it yet: all are asked on", false, false, []string{"fedex"}, []string{"fedex", "gls"}, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			h := newHouse(t)
			h.account(tracker.CallRate{Calls: 100, Per: time.Second})
			h.accountOf("gls", map[string]string{"client_id": "id", "client_secret": "secret"})
			other := &gls{house: h, knows: map[string]bool{number: c.gls}}
			h.others = other
			var fedexAsked []time.Time
			h.carrier.Wrong = func(http.ResponseWriter, *http.Request) bool {
				fedexAsked = append(fedexAsked, h.clock.now())
				return false
			}
			if c.fedex {
				h.carrier.Parcels[number] = &pulltest.Parcel{Scans: []pulltest.Scan{{At: begin.Add(-time.Hour), Code: "AR"}}}
			}
			p := h.poller(policy, limit.NewLocal(h.clock.now))
			shipments, errs := h.ingest.Register(t.Context(), []tracker.NewShipment{{Tenant: "acme", Carrier: "fedex", Number: number, Guessed: true, Zone: "UTC"}})
			if errs[0] != nil {
				t.Fatal(errs[0])
			}
			h.plan(p, shipments[0])
			for range 8 * 12 { // eight hours: FedEx, which did not know it, is asked once more
				h.clock.advance(5 * time.Minute)
				h.pass(p)
			}
			if len(fedexAsked) == 0 || len(other.asked) == 0 || !fedexAsked[0].Before(other.asked[0]) {
				t.Errorf("FedEx was asked at %v, GLS at %v", fedexAsked, other.asked)
			}
			s, err := tracker.Load[tracker.Shipment](t.Context(), h.store, shipments[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			var legs, asked []string
			for _, leg := range s.Legs[1:] {
				legs = append(legs, leg.Carrier)
			}
			for _, carrier := range []string{"fedex", "gls"} {
				if poll, err := tracker.Load[tracker.Poll](t.Context(), h.store, carrier+":"+number); err == nil && !poll.Next.IsZero() {
					asked = append(asked, carrier)
				}
			}
			if !slices.Equal(legs, c.legs) || !slices.Equal(asked, c.asked) {
				t.Errorf("it follows %v and asks %v, want %v and %v", legs, asked, c.legs, c.asked)
			}
			found := 0
			for _, carrier := range []string{"fedex", "gls"} {
				if leg, err := tracker.Load[tracker.Leg](t.Context(), h.store, carrier+":"+number); err == nil && len(leg.Events) > 0 {
					found++
				}
			}
			if found != c.found {
				t.Errorf("%d carriers have told of it, want %d", found, c.found)
			}
		})
	}
}
