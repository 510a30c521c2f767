package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"waybill/tracker"
)

// entry reads the one entry of a calendar that was answered.
func entry(t *testing.T, a answer) *ics.VEvent {
	t.Helper()
	cal, err := ics.ParseCalendar(strings.NewReader(string(a.body)))
	if err != nil || len(cal.Events()) != 1 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/calendar") {
		t.Fatalf("%d %v: %s", a.status, err, a.body)
	}
	return cal.Events()[0]
}

func property(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return p.Value
	}
	return ""
}

// expect has a parcel be expected within a window.
func (h *house) expected(id string, from, to time.Time) {
	h.t.Helper()
	s, err := tracker.Load[tracker.Shipment](h.t.Context(), h.store, id)
	must(h.t, err)
	s.View.Seq++
	s.View.Estimate = &tracker.Estimate{P10: from, P50: from, P90: to, From: from, To: to, Zone: "Europe/Berlin", Source: "model", MadeAt: h.clock.now()}
	must(h.t, tracker.Save(h.t.Context(), h.store, s))
}

func TestAWindowGoesIntoTheCalendar(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada})
	h.scan(id, "picked_up", "2026-11-23T11:00:00+01:00")
	tuesday := time.Date(2026, 11, 24, 13, 0, 0, 0, time.UTC)
	h.expected(id, tuesday, tuesday.Add(4*time.Hour))
	path := "/t/" + id + "/calendar.ics?lang=de"
	e := entry(t, h.do(http.MethodGet, path, "", nil))
	start, err := e.GetStartAt()
	must(t, err)
	end, err := e.GetEndAt()
	must(t, err)
	if !start.Equal(tuesday) || !end.Equal(tuesday.Add(4*time.Hour)) {
		t.Errorf("from %s to %s", start, end)
	}
	if title := property(e, ics.ComponentPropertySummary); title != "Paket "+id {
		t.Errorf("strangers read %q", title)
	}
	uid, sequence := e.Id(), property(e, ics.ComponentPropertySequence)
	if page := string(h.do(http.MethodGet, "/t/"+id+"?lang=de", "", nil).body); !strings.Contains(page, "/calendar.ics?") {
		t.Error("the page does not offer it")
	}

	h.expected(id, tuesday, tuesday.Add(30*time.Hour))
	e = entry(t, h.do(http.MethodGet, path, "", nil))
	if e.Id() != uid || property(e, ics.ComponentPropertySequence) <= sequence {
		t.Errorf("changed, it is %s, %s after %s", e.Id(), property(e, ics.ComponentPropertySequence), sequence)
	}
	if from, to := property(e, ics.ComponentPropertyDtStart), property(e, ics.ComponentPropertyDtEnd); from != "20261124" || to != "20261126" {
		t.Errorf("two days are %s to %s", from, to)
	}

	proof := h.expect(http.StatusOK, http.MethodPost, "/v1/track/"+id+"/proof", "", map[string]any{"postal_code": "10115"})
	_, signature, _ := strings.Cut(proof.header.Get("Location"), "?s=")
	if title := property(entry(t, h.do(http.MethodGet, path+"&s="+signature, "", nil)), ics.ComponentPropertySummary); title != "Paket von acme" {
		t.Errorf("the recipient reads %q", title)
	}
	h.clock.move(72 * time.Hour)
	if a := h.do(http.MethodGet, path, "", nil); a.status != http.StatusNotFound {
		t.Errorf("when the window is over: %d", a.status)
	}
}
