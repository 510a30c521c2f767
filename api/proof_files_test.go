package api_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/notify"
)

// photo is a small picture as the fleet sends it.
func photo(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 20))))
	return out.Bytes()
}

func TestAPhotoGoesFromTheDoorToItsRecipientAlone(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	path := "/v1/fleet/shipments/" + id + "/proofs"
	a := h.do(http.MethodPost, path, h.fleet, photo(t), "Content-Type", "image/png")
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	reference, _ := a.json(t)["url"].(string)
	h.do(http.MethodPost, "/v1/fleet/scans", h.fleet, map[string]any{
		"code": id, "action": "delivered", "at": "2026-11-23T11:05:00Z", "proof": map[string]any{"photo_url": reference, "place": "front door"},
	})
	public := string(h.do(http.MethodGet, "/v1/track/"+id, "", nil).body)
	if strings.Contains(public, "proof") {
		t.Errorf("the public sees it: %s", public)
	}
	page := h.surfer()
	page.get("/t/" + id + "?lang=en&s=" + h.keys.Sign(notify.LinkTrack, id))
	link := strings.ReplaceAll(between(string(page.page.body), `href="http://waybill.test/proofs/`, `"`), "&amp;", "&")
	seen := h.do(http.MethodGet, "/proofs/"+link, "", nil)
	if seen.status != http.StatusOK || seen.header.Get("Content-Type") != "image/jpeg" || seen.header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("%d %v %s", seen.status, seen.header, seen.body)
	}
	if sellers := string(h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil).body); !strings.Contains(sellers, "/proofs/"+strings.TrimPrefix(reference, "proof:")) {
		t.Errorf("the seller does not see it: %s", sellers)
	}
	other := strings.Replace(link, "until=", "until=9", 1)
	for name, address := range map[string]string{
		"without the signature": "/proofs/" + strings.TrimPrefix(reference, "proof:"), "with a later end": "/proofs/" + other,
	} {
		if a := h.do(http.MethodGet, address, "", nil); a.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	h.clock.move(16 * time.Minute)
	if a := h.do(http.MethodGet, "/proofs/"+link, "", nil); a.status != http.StatusForbidden {
		t.Errorf("a quarter of an hour later: %d", a.status)
	}
}

func TestPhotosThatAreNotTaken(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(nil)
	cases := map[string]struct {
		path, key string
		body      any
		status    int
	}{
		"a script called .jpg": {"/v1/fleet/shipments/" + id + "/proofs", h.fleet, []byte("<script>"), 422},
		"a kind that is none":  {"/v1/fleet/shipments/" + id + "/proofs?kind=selfie", h.fleet, photo(t), 422},
		"a parcel that is not": {"/v1/fleet/shipments/WB2345679ABCDEFGJ/proofs", h.fleet, photo(t), 404},
		"no number of ours":    {"/v1/fleet/shipments/1Z999/proofs", h.fleet, photo(t), 404},
		"a seller":             {"/v1/fleet/shipments/" + id + "/proofs", h.seller, photo(t), 403},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if a := h.in(t).do(http.MethodPost, c.path, c.key, c.body); a.status != c.status {
				t.Errorf("%d, want %d: %s", a.status, c.status, a.body)
			}
		})
	}
}
