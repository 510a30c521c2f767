package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

func TestLabelsArePrintedForParcelsAndReturns(t *testing.T) {
	h := newHouse(t)
	id, query := h.bought(returnRules)
	pdf := h.expect(200, "POST", "/v1/labels", h.seller, `{"labels":[{"shipment":"`+id+`","sscc":"106141412345678908"}]}`)
	if !bytes.HasPrefix(pdf.body, []byte("%PDF-")) || pdf.header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%s: %.40q", pdf.header.Get("Content-Type"), pdf.body)
	}
	zpl := h.expect(200, "POST", "/v1/labels", h.seller, `{"format":"zpl","code":"qr","labels":[{"shipment":"`+id+`"},{"shipment":"`+id+`","sort_code":"B7"}]}`)
	for _, part := range []string{"Ada Lovelace", "DE-10", "^FDB7^FS", id, "^BQN", "Warehouse 1"} {
		if !strings.Contains(string(zpl.body), part) {
			t.Errorf("no %s on the label:\n%s", part, zpl.body)
		}
	}
	h.expect(201, "POST", "/v1/returns", h.seller, `{"shipment":"`+id+`","items":[{"sku":"TEA","quantity":1,"reason":"late"}]}`)
	link := "/t/" + id + "/returns/" + id + "-R1/label.pdf"
	h.expect(404, "GET", link+query, "", nil)
	parcel, _ := h.expect(200, "POST", "/v1/returns/"+id+"-R1/approve", h.seller, nil).json(t)["shipment"].(string)
	back := string(h.expect(200, "POST", "/v1/labels", h.seller, `{"format":"zpl","labels":[{"shipment":"`+parcel+`"}]}`).body)
	if !strings.Contains(back, "RETURN") || strings.Index(back, "Ada Lovelace") > strings.Index(back, "Warehouse 1") || !strings.Contains(back, "DE-20") {
		t.Errorf("the label of the way back:\n%s", back)
	}
	if a := h.expect(200, "GET", link+query, "", nil); !bytes.HasPrefix(a.body, []byte("%PDF-")) {
		t.Errorf("the customer's label: %.40q", a.body)
	}
	h.expect(403, "GET", link, "", nil)
}

func TestMistakesOfLabelsAreNamedAllAtOnce(t *testing.T) {
	h := newHouse(t)
	id, bare := h.shipment(map[string]any{"recipient": ada}), h.shipment(nil)
	a := h.do(http.MethodPost, "/v1/labels", h.seller, `{"labels":[{"shipment":"`+id+`"},{"shipment":"`+bare+`"},
		{"shipment":"`+id+`","sscc":"106141412345678909"},{"shipment":"WBX"}]}`)
	for _, says := range []string{`"labels[1].shipment"`, "no address", `"labels[2].sscc"`, "check digit is 8", `"labels[3].shipment"`} {
		if a.status != 422 || !strings.Contains(string(a.body), says) {
			t.Errorf("%d, without %s: %s", a.status, says, a.body)
		}
	}
	if got := h.do(http.MethodPost, "/v1/labels", h.rival, `{"labels":[{"shipment":"`+id+`"}]}`); got.status != 422 {
		t.Errorf("another seller prints it: %d", got.status)
	}
	if got := h.do(http.MethodPost, "/v1/labels", h.seller, `{"labels":[]}`); got.status != 422 {
		t.Errorf("no labels: %d", got.status)
	}
}
