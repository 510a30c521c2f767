package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waybill/notify"
)

// onVan is a house with a parcel that our own fleet has, and the query that opens it.
func onVan(t *testing.T) (h *house, id, query string) {
	t.Helper()
	h = newHouse(t)
	id = h.shipment(map[string]any{"recipient": ada})
	h.scan(id, "arrived", "2026-11-23T09:05:00Z")
	return h, id, "?lang=en&s=" + h.keys.Sign(notify.LinkTrack, id)
}

func TestAWishGoesFromThePageToTheVan(t *testing.T) {
	h, id, query := onVan(t)
	b := h.surfer()
	b.get("/t/" + id + query)
	b.shows("How should it be delivered?", "Bring it another day")
	a := b.post("/t/"+id+"/wish"+query, url.Values{"kind": {"safe_place"}, "text": {"Behind  the <shed>"}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	b.get(a.header.Get("Location"))
	b.shows("We have your wish.", "Behind the &lt;shed&gt;", "the courier does not yet")
	h.roundOf("van-7", id)
	for range 2 { // the second look finds it passed on already
		wishes := h.do(http.MethodGet, "/v1/fleet/routes/van-7/wishes", h.fleet, nil)
		if text := string(wishes.body); !strings.Contains(text, `"stop":"s1"`) || !strings.Contains(text, "Behind the") {
			t.Fatalf("%d %s", wishes.status, wishes.body)
		}
	}
	b.get("/t/" + id + query)
	b.shows("The courier has it.")
	h.scan(id, "out_for_delivery", "2026-11-23T10:05:00Z")
	if b.get("/t/" + id + query); strings.Contains(string(b.page.body), "Bring it another day") {
		t.Error("it is on the van, and another day is offered")
	}
	h.scan(id, "delivered", "2026-11-23T11:05:00Z")
	b.get("/t/" + id + query)
	b.shows("the courier had your wish")
	if public := string(h.do(http.MethodGet, "/t/"+id, "", nil).body); strings.Contains(public, "shed") || strings.Contains(public, "wish-title") {
		t.Error("the public sees the wish")
	}
}

func TestDeliveryWishesThatCannotBe(t *testing.T) {
	h, id, query := onVan(t)
	ups := h.shipment(map[string]any{"carrier": "ups", "tracking_number": "1Z999AA10123456784", "recipient": ada})
	nobody := h.shipment(nil)
	h.scan(nobody, "arrived", "2026-11-23T09:05:00Z")
	path := "/v1/track/" + id + "/wish" + query
	cases := map[string]struct {
		path, body string
		status     int
	}{
		"without the link":           {"/v1/track/" + id + "/wish", `{"kind":"authority_to_leave"}`, 403},
		"a kind that is none":        {path, `{"kind":"drone"}`, 422},
		"a safe place without words": {path, `{"kind":"safe_place"}`, 422},
		"a novel":                    {path, `{"kind":"instructions","text":"` + strings.Repeat("x", 201) + `"}`, 422},
		"a day in the past":          {path, `{"kind":"another_day","day":"2026-11-20"}`, 422},
		"a day next year":            {path, `{"kind":"another_day","day":"2027-11-20"}`, 422},
		"with another carrier":       {"/v1/track/" + ups + "/wish?s=" + h.keys.Sign(notify.LinkTrack, ups), `{"kind":"authority_to_leave"}`, 422},
		"words for a parcel of nobody": {
			"/v1/track/" + nobody + "/wish?s=" + h.keys.Sign(notify.LinkTrack, nobody), `{"kind":"safe_place","text":"shed"}`, 422,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if a := h.in(t).do(http.MethodPost, c.path, "", c.body); a.status != c.status {
				t.Errorf("%d, want %d: %s", a.status, c.status, a.body)
			}
		})
	}
	a := h.do(http.MethodPost, path, "", `{"kind":"another_day","day":"2026-11-25"}`)
	if a.status != http.StatusCreated || a.json(t)["state"] != "requested" {
		t.Errorf("one that can be: %d %s", a.status, a.body)
	}
	offered, _ := h.do(http.MethodGet, "/v1/track/"+ups+"/wish?s="+h.keys.Sign(notify.LinkTrack, ups), "", nil).json(t)["offered"].([]any)
	if !slices.Equal(offered, []any{}) {
		t.Errorf("with another carrier %v is offered", offered)
	}
	if strings.Contains(h.log.String(), "shed") {
		t.Error("the log has what was written")
	}
}
