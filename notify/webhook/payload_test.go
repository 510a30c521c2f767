package webhook

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	client "github.com/EasyPost/easypost-go/v5"
	"pgregory.net/rapid"

	"waybill/notify/webhook/easypost"
	"waybill/tracker"
	"waybill/tracker/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

func testBodies(tb testing.TB) *bodies {
	tb.Helper()
	writes, err := easypost.NewWriter("https://track.example.com")
	if err != nil {
		tb.Fatal(err)
	}
	return &bodies{writer: writer{publicURL: "https://track.example.com", english: words.For("en")}, easyPost: writes}
}

// parcel is the made-up parcel of test events, at a fixed moment.
func parcel() *tracker.WebhookChange {
	c := sample(&tracker.WebhookDelivery{Tenant: "acme", CreatedAt: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)})
	c.Types = []string{"shipment.out_for_delivery", EstimateChanged}
	c.Tags, c.Reference = []string{"gift"}, "web-1001"
	c.Promise = tracker.Promise{To: c.At.Add(8 * time.Hour)}
	return c
}

// golden compares a body with its file, indented.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	indented.WriteByte('\n')
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, indented.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path) //nolint:gosec // a file of the test's own
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(indented.Bytes(), want) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", name, indented.Bytes())
	}
}

func TestTheStandardPayload(t *testing.T) {
	body, err := testBodies(t).standard(parcel(), "shipment.out_for_delivery")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "standard.json", body)
}

// EasyPost's own client takes the event for one of EasyPost's.
func TestEasyPostsClientReadsOurEvents(t *testing.T) {
	const secret = "sécret sécret sécret"
	e := &tracker.Endpoint{ID: "ep_1", URL: "https://shop.example.com", Form: tracker.WebhookEasyPost}
	c := parcel()
	c.Types = []string{Registered, "shipment.out_for_delivery"}
	d := Deliveries(c, []*tracker.Endpoint{e})[0]
	r, err := testBodies(t).request(e, d, c, own{secrets: []string{secret}}, c.At)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "easypost.json", r.Body)
	event, err := client.New("key").ValidateWebhook(r.Body, map[string]any{"X-Hmac-Signature": r.Header.Get("X-Hmac-Signature")}, secret)
	if err != nil {
		t.Fatal(err)
	}
	if event.ID != "evt_WB2345679ABCDEFGJ0000000001" || event.Description != "tracker.created" || event.Mode != "test" {
		t.Errorf("read as %+v", event)
	}
	result, err := json.Marshal(event.Result)
	if err != nil {
		t.Fatal(err)
	}
	var read client.Tracker
	if err := json.Unmarshal(result, &read); err != nil {
		t.Fatal(err)
	}
	if read.Object != "Tracker" || read.TrackingCode != "1Z999AA10123456784" || read.Carrier != "UPS" || read.Status != "out_for_delivery" {
		t.Errorf("the tracker is read as %+v", read)
	}
	if n := len(read.TrackingDetails); n != 2 || read.TrackingDetails[n-1].Status != "out_for_delivery" || read.EstDeliveryDate == nil {
		t.Errorf("its details are read as %+v", read.TrackingDetails)
	}
}

// However long what carriers and sellers write is, the payload is below 20 kB; and the same change reads the same
// whenever it is sent.
func TestPayloadsStayBelowTheirBound(t *testing.T) {
	b := testBodies(t)
	rapid.Check(t, func(t *rapid.T) {
		c := parcel()
		c.Reference = rapid.StringN(0, 128, 512).Draw(t, "reference")
		c.Tags = rapid.SliceOfN(rapid.StringN(0, 64, 256), 0, 20).Draw(t, "tags")
		c.Events = nil
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			text := strings.Repeat(rapid.SampledFrom([]string{"x", "ß", "包", "\x00", `"`}).Draw(t, "text"), 500)
			e := tracker.Event{Kind: "x", Substatus: "on_the_way", Text: shortened(text), Time: tracker.StampAt(c.At)}
			c.Events = append(c.Events, tracker.WebhookEvent{Event: e, Leg: 1})
		}
		for name, write := range map[string]func() ([]byte, error){
			"standard": func() ([]byte, error) { return b.standard(c, Updated) },
			"easypost": func() ([]byte, error) { return EasyPostBody(b.easyPost, c) },
		} {
			body, err := write()
			if err != nil || len(body) >= maxBody || !json.Valid(body) {
				t.Fatalf("%s: %d bytes, %v", name, len(body), err)
			}
			if again, _ := write(); !bytes.Equal(body, again) {
				t.Fatalf("%s reads differently the second time", name)
			}
		}
	})
}

func TestWhichEventsAChangeIs(t *testing.T) {
	at := func(hour int) tracker.Stamp { return tracker.StampAt(time.Date(2026, 11, 23, hour, 0, 0, 0, time.UTC)) }
	estimate := func(hour int) *tracker.Estimate {
		p := time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC)
		return &tracker.Estimate{P10: p, P50: p.Add(time.Hour), P90: p.Add(2 * time.Hour)}
	}
	pending := tracker.View{Milestone: tracker.Pending, Substatus: "awaiting_information"}
	moving := tracker.View{Milestone: tracker.InTransit, Substatus: "on_the_way", Estimate: estimate(9)}
	held := tracker.View{Milestone: tracker.Exception, Substatus: "held"}
	for name, c := range map[string]struct {
		before, after tracker.View
		first         bool
		want          []string
	}{
		"a registration":              {tracker.View{}, pending, true, []string{Registered}},
		"a registration with a scan":  {pending, moving, true, []string{"shipment.in_transit", EstimateChanged, Registered}},
		"a step of the order":         {pending, with(pending, func(v *tracker.View) { v.Substatus = "packed" }), false, []string{OrderUpdated}},
		"a new date of a back order":  {pending, with(pending, func(v *tracker.View) { v.BackOrdered = at(9) }), false, []string{OrderUpdated}},
		"the first scan":              {pending, moving, false, []string{"shipment.in_transit", EstimateChanged}},
		"a scan elsewhere":            {moving, with(moving, func(v *tracker.View) { v.Location.City = "Köln" }), false, []string{Updated}},
		"a new estimate":              {moving, with(moving, func(v *tracker.View) { v.Estimate = estimate(12) }), false, []string{EstimateChanged}},
		"the end of an estimate":      {moving, with(moving, func(v *tracker.View) { v.Estimate = nil }), false, []string{Updated}},
		"a delay":                     {moving, with(moving, func(v *tracker.View) { v.Late = true }), false, []string{Delayed}},
		"an attempt, on its way anew": {moving, with(moving, func(v *tracker.View) { v.AttemptAt = at(11) }), false, []string{"shipment.attempt_failed"}},
		"a second attempt": {
			with(moving, func(v *tracker.View) { v.AttemptAt = at(11) }), with(moving, func(v *tracker.View) { v.AttemptAt = at(15) }), false,
			[]string{"shipment.attempt_failed"},
		},
		"customs":           {moving, with(moving, func(v *tracker.View) { v.Customs = "held" }), false, []string{Customs}},
		"papers wanted":     {moving, with(moving, func(v *tracker.View) { v.Papers = []string{"invoice"} }), false, []string{Customs}},
		"an exception":      {moving, held, false, []string{"shipment.exception"}},
		"another exception": {held, with(held, func(v *tracker.View) { v.Substatus = "damaged" }), false, []string{"shipment.exception"}},
		"delivered":         {moving, tracker.View{Milestone: tracker.Delivered, Substatus: "delivered"}, false, []string{"shipment.delivered"}},
	} {
		if got := typesOf(&c.before, &c.after, c.first); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		for _, kind := range c.want {
			if !IsType(kind) {
				t.Errorf("%s cannot be chosen", kind)
			}
		}
	}
}

func with(v tracker.View, change func(*tracker.View)) tracker.View {
	change(&v)
	return v
}

func TestHistoryTellsOfTheRegistrationAlone(t *testing.T) {
	s := &tracker.Shipment{ID: "WB2345679ABCDEFGJ", Tenant: "acme"}
	in := Input{Tracking: &tracker.Tracking{Shipment: s, View: tracker.View{Milestone: tracker.Delivered, Substatus: "delivered"}}, Backfill: true}
	if c := Decide(in); c != nil {
		t.Errorf("told %v", c.Types)
	}
	in.First = true
	if c := Decide(in); c == nil || !slices.Equal(c.Types, []string{Registered}) {
		t.Errorf("told %+v", c)
	}
}
