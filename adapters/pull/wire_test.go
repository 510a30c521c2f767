package pull_test

import (
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"waybill/adapters"
	"waybill/adapters/pull"
	"waybill/tracker/limit"
)

// wire is what a carrier must be sent, written down from its documentation and not from its descriptor.
type wire struct {
	carrier     string
	credentials map[string]string
	numbers     []string
	// token and ask are "METHOD address"; token is empty where there is none.
	token, tokenBody, ask, body string
	// tokenHeaders and headers are some of the requests' headers.
	tokenHeaders, headers map[string]string
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

var bearer = map[string]string{"Authorization": "Bearer T0K"}

var wires = []wire{
	{
		carrier: "ups", credentials: map[string]string{"client_id": "me", "client_secret": "hush"}, numbers: []string{"1Z12345E0205271688"},
		token: "POST https://onlinetools.ups.com/security/v1/oauth/token", tokenBody: "grant_type=client_credentials",
		tokenHeaders: map[string]string{"Authorization": basic("me", "hush"), "Content-Type": "application/x-www-form-urlencoded"},
		ask:          "GET https://onlinetools.ups.com/api/track/v1/details/1Z12345E0205271688?locale=en_US&returnSignature=false",
		headers:      map[string]string{"Authorization": "Bearer T0K", "transactionSrc": "waybill"},
	},
	{
		carrier: "fedex", credentials: map[string]string{"client_id": "me", "client_secret": "hush"}, numbers: []string{"111111111111", "222222222222"},
		token: "POST https://apis.fedex.com/oauth/token", tokenBody: "client_id=me&client_secret=hush&grant_type=client_credentials",
		ask: "POST https://apis.fedex.com/track/v1/trackingnumbers", headers: map[string]string{"Authorization": "Bearer T0K", "Content-Type": "application/json"},
		body: `{"includeDetailedScans":true,"trackingInfo":[{"trackingNumberInfo":{"trackingNumber":"111111111111"}},{"trackingNumberInfo":{"trackingNumber":"222222222222"}}]}`,
	},
	{
		carrier: "usps", credentials: map[string]string{"client_id": "me", "client_secret": "hush"}, numbers: []string{"9400100000000000000000"},
		token: "POST https://apis.usps.com/oauth2/v3/token", tokenBody: `{"client_id":"me","client_secret":"hush","grant_type":"client_credentials"}`,
		tokenHeaders: map[string]string{"Content-Type": "application/json"},
		ask:          "GET https://apis.usps.com/tracking/v3/tracking/9400100000000000000000?expand=DETAIL", headers: bearer,
	},
	{
		carrier: "dhl", credentials: map[string]string{"api_key": "hush"}, numbers: []string{"00340434161094042557"},
		ask:     "GET https://api-eu.dhl.com/track/shipments?language=en&trackingNumber=00340434161094042557",
		headers: map[string]string{"DHL-API-Key": "hush"},
	},
	{
		carrier: "dhl_express", credentials: map[string]string{"api_key": "me", "api_secret": "hush"}, numbers: []string{"1234567890"},
		ask:     "GET https://express.api.dhl.com/mydhlapi/shipments/1234567890/tracking?levelOfDetail=all&trackingView=all-checkpoints",
		headers: map[string]string{"Authorization": basic("me", "hush")},
	},
	{
		carrier: "canadapost", credentials: map[string]string{"username": "me", "password": "hush"}, numbers: []string{"1234567890123456"},
		ask:     "GET https://soa-gw.canadapost.ca/vis/track/pin/1234567890123456/detail",
		headers: map[string]string{"Authorization": basic("me", "hush"), "Accept": "application/vnd.cpc.track-v2+xml"},
	},
	{
		carrier: "royalmail", credentials: map[string]string{"client_id": "me", "client_secret": "hush"}, numbers: []string{"AB123456785GB"},
		ask:     "GET https://api.royalmail.net/mailpieces/v2/AB123456785GB/events",
		headers: map[string]string{"X-IBM-Client-Id": "me", "X-IBM-Client-Secret": "hush", "X-Accept-RMG-Terms": "yes"},
	},
	{
		carrier: "auspost", credentials: map[string]string{"account_number": "0001234567", "api_key": "me", "password": "hush"},
		numbers: []string{"7XX1000634011427", "33ABC123456"},
		ask:     "GET https://digitalapi.auspost.com.au/shipping/v1/track?tracking_ids=7XX1000634011427%2C33ABC123456",
		headers: map[string]string{"Authorization": basic("me", "hush"), "Account-Number": "0001234567"},
	},
	{
		carrier: "laposte", credentials: map[string]string{"api_key": "hush"}, numbers: []string{"LZ712917377US", "8K00009775862"},
		ask:     "GET https://api.laposte.fr/suivi/v2/idships/LZ712917377US,8K00009775862?lang=en_GB",
		headers: map[string]string{"X-Okapi-Key": "hush", "Accept": "application/json"},
	},
	{
		carrier: "postnl", credentials: map[string]string{"api_key": "hush"}, numbers: []string{"3SABCD6659149"},
		ask:     "GET https://api.postnl.nl/shipment/v2/status/barcode/3SABCD6659149?detail=true&language=EN",
		headers: map[string]string{"apikey": "hush"},
	},
	{
		carrier: "gls", credentials: map[string]string{"client_id": "me", "client_secret": "hush"}, numbers: []string{"12345678901", "12345678902"},
		token: "POST https://api.gls-group.net/oauth2/v2/token", tokenBody: "grant_type=client_credentials",
		tokenHeaders: map[string]string{"Authorization": basic("me", "hush")},
		ask:          "GET https://api.gls-group.net/track-and-trace-v1/tracking/simple/trackids/12345678901,12345678902", headers: bearer,
	},
	{
		carrier: "amazon", credentials: map[string]string{"client_id": "me", "client_secret": "hush", "refresh_token": "Atzr|again"}, numbers: []string{"TBA000000000001"},
		token: "POST https://api.amazon.com/auth/o2/token", tokenBody: "client_id=me&client_secret=hush&grant_type=refresh_token&refresh_token=Atzr%7Cagain",
		ask:     "GET https://sellingpartnerapi-na.amazon.com/shipping/v2/tracking?carrierId=AMZN_US&trackingId=TBA000000000001",
		headers: map[string]string{"x-amz-access-token": "T0K", "x-amzn-shipping-business-id": "AmazonShipping_US"},
	},
}

// registry is the carriers as built in.
func registry(t testing.TB) *adapters.Registry {
	t.Helper()
	r, err := adapters.New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// transport answers without a network.
type transport func(r *http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// respond makes an answer.
func respond(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}
}

func newAsker(t testing.TB, client *http.Client, now func() time.Time, log *slog.Logger) *pull.Asker {
	t.Helper()
	r := registry(t)
	return pull.NewAsker(pull.Options{
		Client: client, Rule: ruleOf(r), Reader: r, Throttle: pull.NewThrottle(limit.NewLocal(now), nil, now), Now: now, Log: log,
	})
}

// TestEveryCarrierIsAskedAsItsDocumentsSay: address, proof of who asks, headers and body, on the wire.
func TestEveryCarrierIsAskedAsItsDocumentsSay(t *testing.T) {
	asked := map[string]bool{}
	for _, w := range wires {
		asked[w.carrier] = true
		t.Run(w.carrier, func(t *testing.T) {
			var seen []string
			client := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				seen = append(seen, r.Method+" "+r.URL.String())
				body, _ := io.ReadAll(r.Body)
				if len(seen) == 1 && w.token != "" {
					compare(t, "token", r, string(body), w.tokenBody, w.tokenHeaders)
					return respond(http.StatusOK, `{"access_token":"T0K","expires_in":"3599"}`), nil
				}
				compare(t, "question", r, string(body), w.body, w.headers)
				return respond(http.StatusOK, "{}"), nil
			})}
			account := &pull.Account{Carrier: w.carrier, Name: "main", Credentials: w.credentials}
			if err := account.Complete(registry(t).Carrier(w.carrier).Pull); err != nil {
				t.Fatal(err)
			}
			asker := newAsker(t, client, time.Now, slog.New(slog.DiscardHandler))
			replies, err := asker.Ask(t.Context(), account, w.numbers)
			if err != nil || len(replies) != len(w.numbers) {
				t.Fatalf("%d replies: %v", len(replies), err)
			}
			want := []string{w.ask}
			if w.token != "" {
				want = []string{w.token, w.ask}
			}
			if strings.Join(seen, "\n") != strings.Join(want, "\n") {
				t.Errorf("asked\n%s\nwant\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
			}
		})
	}
	r := registry(t)
	for _, code := range r.Codes() {
		if (r.Carrier(code).Pull != nil) != asked[code] {
			t.Errorf("%s: it has a section pull: %v; its wire is in this table: %v", code, r.Carrier(code).Pull != nil, asked[code])
		}
	}
}

func compare(t *testing.T, what string, r *http.Request, body, wantBody string, wantHeaders map[string]string) {
	t.Helper()
	if body != wantBody {
		t.Errorf("the %s's body is %s, want %s", what, body, wantBody)
	}
	for name, want := range wantHeaders {
		if got := r.Header.Get(name); got != want {
			t.Errorf("the %s has %s: %q, want %q", what, name, got, want)
		}
	}
}

// TestRepliesOfEveryCarrierAreRead: the carrier's own example, as the answer, is told to be about the parcel.
func TestRepliesOfEveryCarrierAreRead(t *testing.T) {
	examples := map[string]string{
		"ups": "track_delivered.json", "fedex": "delivered_with_all_facts.json", "usps": "v3_in_transit.json", "dhl": "unified_all_facts.json",
		"dhl_express": "mydhl_held.json", "canadapost": "wrapped_detail.xml", "royalmail": "delivered.json", "auspost": "abroad.json",
		"laposte": "one_at_customs.json", "postnl": "complete_attempt.json", "gls": "two_parcels.json", "amazon": "delivered.json",
	}
	for _, w := range wires {
		t.Run(w.carrier, func(t *testing.T) {
			payload, err := os.ReadFile("../carriers/" + w.carrier + "/testdata/" + examples[w.carrier])
			if err != nil {
				t.Fatal(err)
			}
			first := true
			client := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
				if token := first && w.token != ""; token {
					first = false
					return respond(http.StatusOK, `{"access_token":"T0K"}`), nil
				}
				return respond(http.StatusOK, string(payload)), nil
			})}
			account := &pull.Account{Carrier: w.carrier, Name: "main", Credentials: w.credentials}
			replies, err := newAsker(t, client, time.Now, slog.New(slog.DiscardHandler)).Ask(t.Context(), account, w.numbers[:1])
			if err != nil || len(replies) != 1 {
				t.Fatalf("%d replies: %v", len(replies), err)
			}
			if reply := replies[0]; reply.Verdict != pull.Answered || reply.Latest.IsZero() || string(reply.Body) != string(payload) {
				t.Errorf("the verdict is %s, the latest scan %s", reply.Verdict, reply.Latest)
			}
		})
	}
}
