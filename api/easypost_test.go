package api_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/EasyPost/easypost-go/v5"

	"waybill/api"
	"waybill/notify/webhook"
	"waybill/tracker"
)

// served has a house answer on the network, and gives its address.
func (h *house) served() string {
	h.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(h.t, err)
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(listener) }()
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		must(h.t, h.Shutdown(ctx))
		must(h.t, <-ended)
	})
	return "http://" + listener.Addr().String()
}

// testKey is a key to the sandbox of acme.
func (h *house) testKey() string {
	h.t.Helper()
	key, secret := tracker.NewTestKey("acme", "tests", h.clock.now())
	must(h.t, tracker.Save(h.t.Context(), h.store, key))
	return secret
}

// easyPosts is EasyPost's own client, with nothing changed but the address.
func easyPosts(t *testing.T, base, key string) *easypost.Client {
	t.Helper()
	address, err := url.Parse(base + "/easypost/v2/")
	must(t, err)
	client := easypost.New(key)
	client.BaseURL = address
	client.Client = &http.Client{}
	return client
}

func TestEasyPostsTestNumbersStandAsTheyDoThere(t *testing.T) {
	h := newHouse(t)
	client := easyPosts(t, h.served(), h.testKey())
	for code, want := range map[string]struct {
		status    string
		finalized bool
	}{
		"EZ1000000001": {"pre_transit", false},
		"EZ2000000002": {"in_transit", false},
		"EZ3000000003": {"out_for_delivery", false},
		"EZ4000000004": {"delivered", true},
		"EZ5000000005": {"return_to_sender", false},
		"EZ6000000006": {"failure", false},
		"EZ7000000007": {"unknown", false},
	} {
		created, err := client.CreateTracker(&easypost.CreateTrackerOptions{TrackingCode: code, CarrierAccount: "ca_1"})
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		got, err := client.GetTracker(created.ID)
		must(t, err)
		if got.Status != want.status || got.Finalized != want.finalized || got.StatusDetail == "" {
			t.Errorf("%s: %s/%s, finalized %t", code, got.Status, got.StatusDetail, got.Finalized)
		}
		if got.Mode != "test" || got.Carrier != "USPS" || got.TrackingCode != code || got.Object != "Tracker" || got.CreatedAt == nil {
			t.Errorf("%s: %+v", code, got)
		}
		if !strings.HasPrefix(got.PublicURL, "http://waybill.test/t/WB") {
			t.Errorf("%s: public_url %q", code, got.PublicURL)
		}
		if want.status == "unknown" {
			continue
		}
		last := got.TrackingDetails[len(got.TrackingDetails)-1]
		if last.Status != want.status || last.Source != "USPS" || last.TrackingLocation.City != "San Francisco" || last.DateTime == "" {
			t.Errorf("%s: last scan %+v", code, last)
		}
	}
}

func TestEasyPostsClientListsAndPages(t *testing.T) {
	h := newHouse(t)
	base := h.served()
	client := easyPosts(t, base, h.seller)
	var ids []string
	for i, carrier := range []string{"UPS", "FedEx", "UPS", "DHLExpress", "UPS"} {
		made, err := client.CreateTracker(&easypost.CreateTrackerOptions{
			TrackingCode: fmt.Sprintf("PARCEL%d", i), Carrier: carrier, IsReturn: i == 3,
		})
		must(t, err)
		if made.Carrier != carrier || made.Mode != "production" || made.IsReturn != (i == 3) {
			t.Errorf("made %+v", made)
		}
		ids = append([]string{made.ID}, ids...) // the newest first
		h.clock.move(time.Minute)
	}
	all := func(options easypost.ListTrackersOptions) (found []string, pages int) {
		page, err := client.ListTrackers(&options)
		must(t, err)
		for {
			pages++
			for _, tracker := range page.Trackers {
				found = append(found, tracker.ID)
			}
			page, err = client.GetNextTrackerPageWithPageSize(page, options.PageSize)
			if end := (*easypost.EndOfPaginationError)(nil); errors.As(err, &end) {
				return found, pages
			}
			must(t, err)
		}
	}
	day := func(minutes int) *easypost.DateTime {
		at := easypost.DateTimeFromTime(noon.Add(time.Duration(minutes) * time.Minute))
		return &at
	}
	for name, c := range map[string]struct {
		options easypost.ListTrackersOptions
		want    []string
		pages   int
	}{
		"in pages of two":     {easypost.ListTrackersOptions{PageSize: 2}, ids, 3},
		"of one carrier":      {easypost.ListTrackersOptions{PageSize: 2, Carrier: "UPS"}, []string{ids[0], ids[2], ids[4]}, 2},
		"of one number":       {easypost.ListTrackersOptions{PageSize: 5, TrackingCode: "PARCEL1"}, ids[3:4], 1},
		"of several numbers":  {easypost.ListTrackersOptions{PageSize: 5, TrackingCodes: []string{"PARCEL1", "PARCEL4", "NONE"}}, []string{ids[0], ids[3]}, 1},
		"before one":          {easypost.ListTrackersOptions{PageSize: 9, BeforeID: ids[1]}, ids[2:], 1},
		"the next newer":      {easypost.ListTrackersOptions{PageSize: 3, AfterID: ids[3]}, ids[:3], 1},
		"made within a while": {easypost.ListTrackersOptions{PageSize: 9, StartDateTime: day(1), EndDateTime: day(3)}, ids[1:4], 1},
	} {
		found, pages := all(c.options)
		if !slices.Equal(found, c.want) || pages != c.pages {
			t.Errorf("%s: %v in %d pages, want %v in %d", name, found, pages, c.want, c.pages)
		}
	}
	batch, err := client.RetrieveTrackerBatch(&easypost.ListTrackersOptions{TrackingCodes: []string{"PARCEL0", "PARCEL2"}})
	must(t, err)
	if len(batch.Trackers) != 2 || batch.Trackers[0].TrackingCode != "PARCEL2" {
		t.Errorf("the batch is %+v", batch.Trackers)
	}
	if theirs, err := easyPosts(t, base, h.rival).ListTrackers(&easypost.ListTrackersOptions{}); err != nil || len(theirs.Trackers) != 0 {
		t.Errorf("another seller sees %d trackers, %v", len(theirs.Trackers), err)
	}
}

func TestANumberIsTrackedOnceAsWithEasyPost(t *testing.T) {
	h := newHouse(t)
	client := easyPosts(t, h.served(), h.seller)
	create := func() string {
		made, err := client.CreateTracker(&easypost.CreateTrackerOptions{TrackingCode: "1Z999AA10123456784"})
		must(t, err)
		if made.Carrier != "UPS" {
			t.Errorf("the carrier was not found: %q", made.Carrier)
		}
		return made.ID
	}
	first := create()
	if again := create(); again != first {
		t.Errorf("the same number made %s and %s", first, again)
	}
	h.clock.move(91 * 24 * time.Hour)
	if later := create(); later == first {
		t.Error("a number that is used again after three months is still the old tracker")
	}
}

func TestATrackerIsDeletedWithWhatIsPersonal(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{
		"tracking_number": "1Z999AA10123456784", "recipient": map[string]any{"name": "Ada Lovelace", "email": "ada@example.com"},
	})
	h.do(http.MethodPost, "/v1/shipments/"+id+"/subscriptions", h.seller, `{"channel":"email","address":"ada@example.com","recipient":true}`)
	shipment, err := tracker.Load[tracker.Shipment](t.Context(), h.store, id)
	must(t, err)
	if a := h.do(http.MethodDelete, "/easypost/v2/trackers/trk_"+id, h.rival, nil); a.status != http.StatusNotFound {
		t.Errorf("another seller deletes it: %d", a.status)
	}
	if a := h.do(http.MethodDelete, "/easypost/v2/trackers/trk_"+id, h.seller, nil); a.status != http.StatusOK || string(a.body) != "{}" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if _, err := tracker.Load[tracker.DataKey](t.Context(), h.store, shipment.DataKey); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("the recipient's key is still there: %v", err)
	}
	for _, path := range []string{"/easypost/v2/trackers/trk_" + id, "/v1/shipments/" + id, "/v1/track/" + id} {
		if a := h.do(http.MethodGet, path, h.seller, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	left, err := tracker.LoadList[tracker.Subscription](t.Context(), h.store, tracker.ListOfShipment(id), tracker.Page{})
	if err != nil || len(left) != 0 {
		t.Errorf("%d subscriptions are left, %v", len(left), err)
	}
}

func TestCreateListRegistersManyAtOnce(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/easypost/v2/trackers/create_list", h.seller,
		`{"trackers":{"0":{"tracking_code":"A1","carrier":"USPS"},"1":{"tracking_code":"??"},"2":{"tracking_code":"A2","carrier":"ups"}}}`)
	if a.status != http.StatusOK || string(a.body) != "{}" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	list := h.do(http.MethodGet, "/easypost/v2/trackers?tracking_codes[]=A1&tracking_codes[1]=A2", h.seller, nil)
	if n := strings.Count(string(list.body), `"object":"Tracker"`); n != 2 {
		t.Errorf("%d trackers: %s", n, list.body)
	}
}

func TestEasyPostsClientTellsOurErrorsApart(t *testing.T) {
	h := newHouse(t)
	base := h.served()
	client := easyPosts(t, base, h.seller)
	create := func(key, code, carrier string) error {
		_, err := easyPosts(t, base, key).CreateTracker(&easypost.CreateTrackerOptions{TrackingCode: code, Carrier: carrier})
		return err
	}
	_, missing := client.GetTracker("trk_none")
	_, wrongPage := client.ListEvents(&easypost.ListOptions{PageSize: 101}) // theirs for trackers falls over any error
	for name, c := range map[string]struct {
		err  error
		is   any
		says string
	}{
		"no such tracker":    {missing, new(*easypost.NotFoundError), "NOT_FOUND"},
		"no such carrier":    {create(h.seller, "A1", "Pigeon"), new(*easypost.InvalidRequestError), "PARAMETER.INVALID"},
		"no number":          {create(h.seller, "", "UPS"), new(*easypost.InvalidRequestError), "PARAMETER.INVALID"},
		"too large a page":   {wrongPage, new(*easypost.InvalidRequestError), "PARAMETER.INVALID"},
		"an unknown key":     {create("wb_none", "A1", "UPS"), new(*easypost.UnauthorizedError), "APIKEY.INACTIVE"},
		"a key of no seller": {create(h.fleet, "A1", "UPS"), new(*easypost.ForbiddenError), "FORBIDDEN"},
	} {
		if !errors.As(c.err, c.is) || !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%s: %T %v", name, c.err, c.err)
		}
	}
	var invalid *easypost.InvalidRequestError
	errors.As(create(h.seller, "A1", "Pigeon"), &invalid)
	fields, _ := invalid.Errors.([]any)
	if first, _ := fields[0].(*easypost.FieldError); first == nil || first.Field != "tracker.carrier" || first.Suggestion != "ups" {
		t.Errorf("the field is told as %+v", fields[0])
	}
}

func TestEasyPostsClientKeepsWebhooks(t *testing.T) {
	h := newHouse(t)
	base := h.served()
	client := easyPosts(t, base, h.seller)
	header := []easypost.WebhookCustomHeader{{Name: "X-Shop-Token", Value: "t0ken"}}
	made, err := client.CreateWebhook(&easypost.CreateUpdateWebhookOptions{
		URL: "https://shop.example.com/hooks", WebhookSecret: "sécret", CustomHeaders: header,
	})
	must(t, err)
	h.do(http.MethodPost, "/v1/webhooks", h.seller, `{"url":"https://shop.example.com/standard"}`)
	list, err := client.ListWebhooks()
	must(t, err)
	if len(list) != 1 || list[0].ID != made.ID || list[0].Mode != "production" || list[0].DisabledAt != nil {
		t.Fatalf("listed %+v", list)
	}
	endpoint := "ep_" + strings.TrimPrefix(made.ID, "hook_")
	h.do(http.MethodPatch, "/v1/webhooks/"+endpoint, h.seller, `{"disabled":true}`)
	disabled, err := client.GetWebhook(made.ID)
	must(t, err)
	if disabled.DisabledAt == nil || !slices.Equal(disabled.CustomHeaders, header) || disabled.WebhookSecret != "" {
		t.Errorf("read %+v", disabled)
	}
	updated, err := client.UpdateWebhook(made.ID, &easypost.CreateUpdateWebhookOptions{WebhookSecret: "another"})
	must(t, err)
	if updated.DisabledAt != nil || !slices.Equal(updated.CustomHeaders, header) {
		t.Errorf("updated %+v", updated)
	}
	_, theirs := easyPosts(t, base, h.rival).GetWebhook(made.ID)
	if notFound := (*easypost.NotFoundError)(nil); !errors.As(theirs, &notFound) {
		t.Errorf("another seller sees it: %v", theirs)
	}
	if _, err := client.CreateWebhook(&easypost.CreateUpdateWebhookOptions{URL: "https://10.0.0.1/"}); err == nil {
		t.Error("a private address was taken")
	}
	must(t, client.DeleteWebhook(made.ID))
	if list, err = client.ListWebhooks(); err != nil || len(list) != 0 {
		t.Errorf("after deleting %+v, %v", list, err)
	}
}

func TestEasyPostsClientReadsEventsAndTheirPayloads(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.PrivateWebhooks = true })
	base := h.served()
	client := easyPosts(t, base, h.seller)
	hook, err := client.CreateWebhook(&easypost.CreateUpdateWebhookOptions{URL: "http://127.0.0.1:1/hooks", WebhookSecret: "sécret"})
	must(t, err)
	made, err := client.CreateTracker(&easypost.CreateTrackerOptions{TrackingCode: "1Z999AA10123456784"})
	must(t, err)
	h.happen(strings.TrimPrefix(made.ID, "trk_"), "ep_"+strings.TrimPrefix(hook.ID, "hook_"), 3)

	page, err := client.ListEvents(&easypost.ListOptions{PageSize: 2})
	must(t, err)
	if len(page.Events) != 2 || !page.HasMore || page.Events[0].Description != "tracker.updated" || page.Events[0].Mode != "production" {
		t.Fatalf("listed %+v", page)
	}
	next, err := client.GetNextEventPage(page)
	must(t, err)
	if len(next.Events) != 1 || next.HasMore || next.Events[0].Description != "tracker.created" || next.Events[0].Status != "completed" {
		t.Fatalf("the next page is %+v", next.Events[0])
	}
	event, err := client.GetEvent(page.Events[0].ID)
	must(t, err)
	if event.Status != "in_queue" || !slices.Equal(event.PendingURLs, []string{"http://127.0.0.1:1/hooks"}) {
		t.Errorf("the event is %+v", event)
	}
	payloads, err := client.ListEventPayloads(next.Events[0].ID)
	must(t, err)
	if len(payloads) != 1 || payloads[0].ResponseCode != http.StatusOK || payloads[0].TotalTime != 120 {
		t.Fatalf("payloads %+v", payloads)
	}
	payload, err := client.GetEventPayload(next.Events[0].ID, payloads[0].ID)
	must(t, err)
	body, _ := payload.RequestBody.(*easypost.Event)
	if body == nil || body.ID != next.Events[0].ID {
		t.Fatalf("the payload's body is %+v", payload.RequestBody)
	}
	if result, _ := body.Result.(*easypost.Tracker); result == nil || result.ID != made.ID || result.TrackingCode != "1Z999AA10123456784" {
		t.Errorf("its result is %+v", body.Result)
	}
	if _, err := easyPosts(t, base, h.rival).GetEvent(event.ID); err == nil {
		t.Error("another seller reads the event")
	}
}

// happen stores changes of a shipment as the workers do, of which an endpoint was told of the first.
func (h *house) happen(shipment, endpoint string, times int) {
	h.t.Helper()
	s, err := tracker.Load[tracker.Shipment](h.t.Context(), h.store, shipment)
	must(h.t, err)
	e, err := tracker.Load[tracker.Endpoint](h.t.Context(), h.store, endpoint)
	must(h.t, err)
	for i := range times {
		c := webhook.StateOf(&tracker.Tracking{Shipment: s, View: s.View}, h.clock.now())
		c.View.Seq, c.Types = int64(i+1), []string{webhook.Updated}
		if i == 0 {
			c.Types = []string{webhook.Registered}
		}
		must(h.t, tracker.Save(h.t.Context(), h.store, c))
		for _, d := range webhook.Deliveries(c, []*tracker.Endpoint{e}) {
			if i == 0 {
				d.State = tracker.WebhookDelivered
				d.Note(tracker.WebhookAttempt{At: h.clock.now(), Status: http.StatusOK, Took: 120 * time.Millisecond})
			}
			must(h.t, tracker.Save(h.t.Context(), h.store, d))
		}
		h.clock.move(time.Second)
	}
}
