package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/api"
	"waybill/tracker"
)

const upsPath = "/v1/carriers/ups/main/events"

// upsScan is a UPS Track Alert for an invented parcel.
const upsScan = `{"trackingNumber":"1Z999AA10123456784","localActivityDate":"20261123","localActivityTime":"101500",
"activityLocation":{"city":"Berlin","country":"DE"},"activityStatus":{"type":"I","code":"OT","description":"Out For Delivery Today"}}`

func basicAuth(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
}

func sign(secret, body string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(body))
	return mac.Sum(nil)
}

func zipped(body []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(body)
	_ = w.Close()
	return out.Bytes()
}

// receipts counts what is stored.
func (h *house) receipts() int {
	rows, err := h.store.Search(context.Background(), tracker.Receipts, "", nil, tracker.Page{Limit: 1000})
	must(h.t, err)
	return len(rows)
}

func TestACarriersPostProvesItself(t *testing.T) {
	cases := map[string]struct {
		verification, header string
		good, bad            []string
	}{
		"the credential of UPS Track Alert":                    {"credential", "", []string{"credential", "s3cret"}, []string{"credential", "wrong"}},
		"the carrier's own kind, where the account names none": {"", "", []string{"credential", "s3cret"}, []string{"X-Other", "s3cret"}},
		"an HMAC in hexadecimal": {
			"hmac-sha256", "X-Hub-Signature-256",
			[]string{"X-Hub-Signature-256", "sha256=" + hex.EncodeToString(sign("s3cret", upsScan))},
			[]string{"X-Hub-Signature-256", "sha256=" + hex.EncodeToString(sign("other", upsScan))},
		},
		"an HMAC in base64": {
			"hmac-sha256", "aftership-hmac-sha256",
			[]string{"aftership-hmac-sha256", base64.StdEncoding.EncodeToString(sign("s3cret", upsScan))},
			[]string{"aftership-hmac-sha256", "not base64 at all"},
		},
		"HTTP Basic":             {"basic", "", []string{"Authorization", "Basic " + basicAuth("ups", "s3cret")}, []string{"Authorization", "Basic " + basicAuth("ups", "no")}},
		"a bearer token":         {"token", "", []string{"Authorization", "Bearer s3cret"}, []string{"Authorization", "Bearer"}},
		"a token in a header":    {"token", "X-Token", []string{"X-Token", "s3cret"}, []string{"Authorization", "Bearer s3cret"}},
		"the secret that is new": {"credential", "", []string{"credential", "newer"}, []string{"credential", ""}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.account("ups", "main", c.verification, c.header, "s3cret", "newer")
			if a := h.do(http.MethodPost, upsPath, "", upsScan, c.bad...); a.status != http.StatusUnauthorized || h.receipts() != 0 {
				t.Fatalf("a wrong proof: %d, %d receipts stored", a.status, h.receipts())
			}
			if a := h.do(http.MethodPost, upsPath, "", upsScan); a.status != http.StatusUnauthorized || h.receipts() != 0 {
				t.Fatalf("no proof: %d, %d receipts stored", a.status, h.receipts())
			}
			a := h.do(http.MethodPost, upsPath, "", upsScan, c.good...)
			if a.status != http.StatusAccepted {
				t.Fatalf("the right proof: %d %s", a.status, a.body)
			}
			if got := a.json(t); got["events"] != 1.0 || got["settled"] != true || got["receipt"] == "" {
				t.Errorf("accepted as %s", a.body)
			}
		})
	}
}

func TestARotatedSecretEnds(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "old", "new")
	h.clock.move(2 * time.Hour)
	if a := h.do(http.MethodPost, upsPath, "", upsScan, "credential", "old"); a.status != http.StatusUnauthorized {
		t.Errorf("the old secret after its overlap: %d", a.status)
	}
	if a := h.do(http.MethodPost, upsPath, "", upsScan, "credential", "new"); a.status != http.StatusAccepted {
		t.Errorf("the new secret: %d", a.status)
	}
}

func TestAnAccountThatDoesNotExistIsAnsweredAsOneWithAnotherSecret(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	same := func(a answer) string {
		v := a.json(t)
		delete(v, "request_id")
		return fmt.Sprint(a.status, v)
	}
	known := h.do(http.MethodPost, upsPath, "", upsScan, "credential", "wrong")
	unknown := h.do(http.MethodPost, "/v1/carriers/ups/nobody/events", "", upsScan, "credential", "wrong")
	if same(known) != same(unknown) {
		t.Errorf("the answers differ:\n%s\n%s", known.body, unknown.body)
	}
}

func TestAnUnknownCarrierNamesNearOnes(t *testing.T) {
	h := newHouse(t)
	for typed, want := range map[string]string{"upps": "ups", "fedx": "fedex", "DHL": "dhl", "zzzzzz": ""} {
		a := h.do(http.MethodPost, "/v1/carriers/"+typed+"/main/events", "", upsScan)
		var near string
		if list, _ := a.json(t)["near"].([]any); len(list) > 0 {
			near, _ = list[0].(string)
		}
		if a.status != http.StatusNotFound || a.code() != "unknown_carrier" || near != want {
			t.Errorf("%s: %d %s", typed, a.status, a.body)
		}
	}
}

func TestWhatIsNotReadableIsKeptAndAcknowledged(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
	cases := map[string][]byte{
		"nothing at all":          {},
		"no JSON":                 []byte("hello"),
		"broken JSON":             []byte(`{"trackingNumber": "1Z`),
		"invalid UTF-8":           {0xff, 0xfe, '{', 0xc3, 0x28, '}'},
		"deep nesting":            []byte(deep),
		"deep nesting of objects": []byte(strings.Repeat(`{"a":`, 100_000)),
		"XML with entities that grow": []byte(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">` +
			`<!ENTITY c "&b;&b;&b;&b;&b;">]><TrackResponse>&c;</TrackResponse>`),
		"XML with an entity from a file": []byte(`<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>`),
		"of another format":              []byte(`{"hello":"world"}`),
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			a := h.do(http.MethodPost, upsPath, "", body, "credential", "s3cret")
			if reason, _ := a.json(t)["quarantined"].(string); a.status != http.StatusAccepted || reason == "" {
				t.Fatalf("%d %.300s", a.status, a.body)
			}
		})
	}
	if h.receipts() != len(cases) {
		t.Errorf("%d receipts are kept of %d", h.receipts(), len(cases))
	}
}

func TestOddFieldsDoNotFailAPayload(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	for name, body := range map[string]string{
		"30 February":    strings.Replace(upsScan, "20261123", "20260230", 1),
		"the year 9999":  strings.Replace(upsScan, "20261123", "99991231", 1),
		"a huge number":  strings.Replace(upsScan, `"101500"`, "1e999999", 1),
		"duplicate keys": strings.Replace(upsScan, `{"trackingNumber"`, `{"trackingNumber":"1Z999AA10123456775","trackingNumber"`, 1),
		"a long number":  strings.Replace(upsScan, "1Z999AA10123456784", strings.Repeat("9", 5000), 1),
		"a null":         strings.Replace(upsScan, `"DE"`, "null", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if a := h.do(http.MethodPost, upsPath, "", body, "credential", "s3cret"); a.status != http.StatusAccepted {
				t.Fatalf("%d %s", a.status, a.body)
			}
		})
	}
	if a := h.do(http.MethodGet, "/v1/track/1Z999AA10123456784", "", nil); a.status != http.StatusOK {
		t.Errorf("looked up: %d %s", a.status, a.body)
	}
}

func TestEncodedBodies(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.MaxBody = 1 << 20 })
	h.account("ups", "main", "credential", "", "s3cret")
	bomb := zipped(make([]byte, 64<<20))
	for name, c := range map[string]struct {
		body     []byte
		encoding string
		status   int
	}{
		"gzip":                       {zipped([]byte(upsScan)), "gzip", 202},
		"a gzip bomb":                {bomb, "gzip", 413},
		"too large as it is":         {make([]byte, 1<<20+1), "", 413},
		"an encoding that we lack":   {[]byte(upsScan), "br", 415},
		"several encodings":          {bomb, "gzip, gzip", 415},
		"gzip by name alone is kept": {[]byte(upsScan), "gzip", 202},
		"gzip that breaks off":       {zipped([]byte(upsScan))[:40], "gzip", 202},
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{"credential", "s3cret"}
			if c.encoding != "" {
				headers = append(headers, "Content-Encoding", c.encoding)
			}
			if a := h.do(http.MethodPost, upsPath, "", c.body, headers...); a.status != c.status {
				t.Errorf("%d %.200s, want %d", a.status, a.body, c.status)
			}
		})
	}
	if a := h.do(http.MethodPost, "/v1/shipments", h.seller, zipped([]byte("{}")), "Content-Encoding", "gzip"); a.status != 415 {
		t.Errorf("a seller's encoded body: %d", a.status)
	}
}

// broken is a store that cannot commit.
type broken struct{ tracker.Store }

func (broken) Apply(context.Context, []tracker.Write) ([]error, error) {
	return nil, tracker.ErrUnavailable
}
func (broken) Ping(context.Context) error { return tracker.ErrUnavailable }

func TestAStoreThatIsDownAcknowledgesNothing(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	down := serverOn(t, broken{h.store})
	for name, a := range map[string]answer{
		"a carrier's post": down.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret"),
		"a fleet scan":     down.do(http.MethodPost, "/v1/fleet/scans", h.fleet, `{"code":"X1","action":"arrived","at":"2026-11-23T10:00:00Z"}`),
		"a registration":   down.do(http.MethodPost, "/v1/shipments", h.seller, "{}"),
		"readiness":        down.do(http.MethodGet, "/readyz", "", nil),
	} {
		if a.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if name != "readiness" && (a.header.Get("Retry-After") == "" || a.code() != "unavailable") {
			t.Errorf("%s: Retry-After %q, %s", name, a.header.Get("Retry-After"), a.body)
		}
	}
	if h.receipts() != 0 {
		t.Error("something was stored")
	}
}
