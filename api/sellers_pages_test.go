package api_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"waybill/tracker"
)

// upload sends a file by a form of the page that is shown, with more fields where there are some.
func (b *surfer) upload(path, file string, fields map[string]string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must(b.t, form.WriteField("csrf", b.token()))
	for name, value := range fields {
		must(b.t, form.WriteField(name, value))
	}
	if file != "" {
		part, err := form.CreateFormFile("file", "parcels.csv")
		must(b.t, err)
		_, err = part.Write([]byte(file))
		must(b.t, err)
	}
	must(b.t, form.Close())
	request := httptest.NewRequest(http.MethodPost, path, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	b.page = b.send(request)
	return b.page
}

func TestASellersMemberLooksAtShipments(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"order": "1001", "carrier": "ups", "tracking_number": "1Z999AA10123456784", "recipient": ada})
	other := h.shipment(map[string]any{"order": "=1+1"})
	h.scan(id, "attempt_failed", "2026-11-23T11:05:00Z")
	h.follow(id)
	b := h.person("member@example.com", viewerSeat)
	b.get("/shipments")
	b.shows(id, other, "Export as CSV")
	b.get("/shipments?order=1001")
	if b.shows(id); strings.Contains(string(b.page.body), other) {
		t.Error("the filter leaves nothing out")
	}
	if a := b.get("/shipments?order=" + id); a.header.Get("Location") != "/shipments/"+id {
		t.Errorf("our own number leads to %d %q", a.status, a.header.Get("Location"))
	}
	b.get("/shipments/" + id)
	b.shows("Delivery was attempted", "1Z999AA10123456784")
	b.get("/attention")
	b.shows("attempt_failed: 1", id)
	b.get("/scorecards?by=lane&days=7")
	b.shows("Nothing ended in these days.")
	export := b.get("/shipments/export.csv?milestone=pending")
	if text := string(export.body); export.status != http.StatusOK || !strings.Contains(text, other+",'=1+1,") || strings.Contains(text, id) {
		t.Errorf("export: %d\n%s", export.status, export.body)
	}
	if a := b.get("/keys"); a.status != http.StatusForbidden {
		t.Errorf("a viewer at the keys: %d", a.status)
	}
	stranger := h.person("other@example.com", tracker.Seat{Role: tracker.RoleSeller, Tenant: "globex", Level: tracker.LevelOwner})
	if a := stranger.get("/shipments/" + id); a.status != http.StatusNotFound {
		t.Errorf("another seller's member: %d", a.status)
	}
	if stranger.get("/shipments"); strings.Contains(string(stranger.page.body), id) {
		t.Error("another seller's list shows it")
	}
}

func TestAnOwnerMakesRotatesAndEndsAKey(t *testing.T) {
	h := newHouse(t)
	b := h.person("owner@example.com", ownerSeat)
	b.get("/keys")
	b.page = b.post("/keys", url.Values{"name": {"web shop"}, "scope": {"read"}})
	secret := between(string(b.page.body), "this once: <code>", "<")
	if a := h.do(http.MethodGet, "/v1/shipments", secret, nil); a.status != http.StatusOK {
		t.Fatalf("the key opens nothing: %d %s", a.status, a.body)
	}
	if a := h.do(http.MethodPost, "/v1/shipments", secret, "{}"); a.status != http.StatusForbidden {
		t.Errorf("a key that reads writes: %d", a.status)
	}
	if strings.Contains(string(b.get("/keys").body), secret) {
		t.Error("the secret is shown again")
	}
	rotate := "/keys/" + between(string(b.page.body), `action="/keys/`, `/rotate"`)
	b.page = b.post(rotate+"/rotate", nil)
	b.shows("is shown this once")
	b.get("/keys")
	if a := b.post(rotate+"/revoke", nil); a.status != http.StatusSeeOther {
		t.Errorf("end: %d %s", a.status, a.body)
	}
}

const parcels = `Bestellnummer;Kennung;Empfänger;E-Mail;PLZ;Ort;Land;Artikel;Menge
1001;a-1;Ada Lovelace;ada@example.com;10115;Berlin;de;TEA-7;2
1002;a-2;Grace Hopper;grace;20095;Hamburg;DE;TEA-7;1
1003;a-3;Alan Turing;alan@example.com;50667;Köln;DE;TEA-7;none
1004;a-1;Ada again;ada@example.com;10115;Berlin;DE;TEA-7;1
`

func TestAFileIsLookedAtAndThenImportedOnce(t *testing.T) {
	h := newHouse(t)
	b := h.person("owner@example.com", ownerSeat)
	b.get("/shipments/import")
	b.upload("/shipments/import", parcels, nil)
	b.shows("4 rows", "Ada Lovelace", `<option value="0" selected>Bestellnummer`, `<option value="4" selected>PLZ`)
	if n, err := h.store.Count(t.Context(), tracker.Shipments, tracker.ListOfTenant("acme"), 10); err != nil || n != 0 {
		t.Fatalf("%v: looked at, and %d are registered", err, n)
	}
	columns := map[string]string{
		"text": parcels, "column-order": "0", "column-reference": "1", "column-name": "2", "column-email": "3", "column-postal_code": "4",
		"column-city": "5", "column-country": "6", "column-sku": "7", "column-quantity": "8",
	}
	b.upload("/shipments/import", "", columns)
	b.shows("1 registered", "1 were registered already", `<th scope="row">3</th><td>recipient.email</td>`, `<th scope="row">4</th><td>items[0].quantity</td>`)
	columns["text"] = strings.ReplaceAll(strings.ReplaceAll(parcels, "grace;", "grace@example.com;"), "none", "1")
	b.upload("/shipments/import", "", columns)
	b.shows("2 registered", "2 were registered already")
	for name, file := range map[string]string{"no rows": "Order\n", "no CSV": "a\n\"b"} {
		if b.upload("/shipments/import", file, nil); !strings.Contains(string(b.page.body), "the file cannot be read") {
			t.Errorf("%s: %d %s", name, b.page.status, b.page.body)
		}
	}
}
