package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"unicode/utf8"
)

// FuzzBodies posts anything to the routes that read bodies: none may fail by our fault, or stall.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		`{"order":"1"}`, `{"shipments":[{}]}`, `{"promise":{"to":"9999-02-30T00:00:00Z"}}`, `[{"code":"X","action":"arrived","at":"x"}]`,
		upsScan, `{"a":`, "\xff\xfe", `{"pieces":1e400}`, `{"tracking_number":"` + "\u202e" + `1Z"}`, `{"recipient":{"phone":"+"}}`, "null", `""`,
	} {
		f.Add([]byte(seed))
	}
	h := newHouse(f)
	h.account("ups", "main", "credential", "", "s3cret")
	f.Fuzz(func(t *testing.T, body []byte) {
		h := h.in(t)
		for _, path := range []string{"/v1/shipments", "/v1/orders", "/v1/detect"} {
			if a := h.do(http.MethodPost, path, h.seller, body); a.status >= 500 || !utf8.Valid(a.body) {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
		if a := h.do(http.MethodPost, "/v1/fleet/scans", h.fleet, body); a.status != http.StatusAccepted {
			t.Errorf("fleet: %d %s", a.status, a.body)
		}
		if a := h.do(http.MethodPost, upsPath, "", body, "credential", "s3cret"); a.status != http.StatusAccepted {
			t.Errorf("carrier: %d %s", a.status, a.body)
		}
	})
}

// FuzzNumbers looks up anything.
func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"1Z999AA10123456784", "WB2345679ABCDEFGJ", "..", "%", "\x00", "é", "a/b", "?carrier=x"} {
		f.Add(seed)
	}
	h := newHouse(f)
	f.Fuzz(func(t *testing.T, number string) {
		if len(number) > 2000 {
			t.Skip("the server refuses such headers before they are read")
		}
		h := h.in(t)
		for _, path := range []string{"/v1/track/", "/t/"} {
			if a := h.do(http.MethodGet, path+url.PathEscape(number), "", nil); a.status >= 500 {
				t.Errorf("%s%q: %d %s", path, number, a.status, a.body)
			}
		}
	})
}
