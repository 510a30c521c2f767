package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"waybill/notify/webhook"
	"waybill/tracker"
	"waybill/tracker/programtest"
)

// hooked is a seller's person, and an endpoint to which something was sent: one delivery taken, one that fails.
func hooked(t *testing.T) (b *surfer, e *tracker.Endpoint, failed *tracker.WebhookDelivery) {
	t.Helper()
	h := newHouse(t)
	b = h.person("ada@example.com", ownerSeat)
	desk := webhook.Desk{Store: h.store, Keys: h.keys, Now: h.clock.now}
	e, _, err := desk.Create(t.Context(), "acme", webhook.Wishes{URL: "https://shop.example.com/hooks", Form: tracker.WebhookStandard}, "")
	must(t, err)
	for i, state := range []tracker.WebhookState{tracker.WebhookDelivered, tracker.WebhookFailed} {
		d := webhook.NewTest(e, h.clock.now().Add(time.Duration(i)*time.Second))
		d.State, d.Type, d.Shipment, d.Seq, d.Tries = state, "shipment.delivered", "WB234567ABCDEFG01", int64(i+1), 1
		a := tracker.WebhookAttempt{At: noon, Status: 200, Body: "thanks", Took: 213 * time.Millisecond}
		if state == tracker.WebhookFailed {
			a.Status, a.Body, a.Error, failed = 500, "<b>out of order</b>", "the endpoint answered 500", d
		}
		d.Note(a)
		must(t, tracker.Save(t.Context(), h.store, d))
	}
	return b, e, failed
}

func (b *surfer) sees(path string, parts ...string) {
	b.t.Helper()
	page := b.get(path)
	for _, part := range parts {
		if page.status != http.StatusOK || !strings.Contains(string(page.body), part) {
			b.t.Errorf("%s: %d, and it lacks %q:\n%s", path, page.status, part, page.body)
		}
	}
}

func TestEndpointsOnTheirPages(t *testing.T) {
	b, e, failed := hooked(t)
	b.sees("/home", "/webhooks")
	b.sees("/webhooks", "https://shop.example.com/hooks", "In force")
	b.sees("/webhooks/"+e.ID, "shipment.delivered", "WB234567ABCDEFG01 #2", "the endpoint answered 500", "delivered")
	b.sees("/webhooks/"+e.ID+"?state=failed", "WB234567ABCDEFG01 #2")
	if strings.Contains(string(b.page.body), "WB234567ABCDEFG01 #1") {
		t.Error("those that failed include one that did not")
	}
	b.sees("/webhooks/"+e.ID+"/deliveries/"+failed.Event, "&lt;b&gt;out of order&lt;/b&gt;", "213ms", failed.Event)
	for _, form := range []struct {
		path string
		form url.Values
		said string
	}{
		{"/deliveries/" + failed.Event + "/resend", nil, "resent"},
		{"/deliveries/" + failed.Event + "/resend", nil, "busy"},
		{"/test", nil, "tested"},
		{"/replay", url.Values{"from": {"2026-11-22T00:00"}, "to": {"2026-11-23T00:00"}, "only": {"failed"}}, "replayed"},
		{"/replay", url.Values{"from": {"2026-11-23T00:00"}, "to": {"2026-11-22T00:00"}}, "replay_time"},
		{"/replay", url.Values{"from": {"yesterday"}}, "replay_time"},
		{"/disable", nil, "disabled"},
		{"/enable", nil, "enabled"},
	} {
		b.get("/webhooks/" + e.ID)
		a := b.post("/webhooks/"+e.ID+form.path, form.form)
		want := "/webhooks/" + e.ID + "?said=" + form.said
		if a.status != http.StatusSeeOther || a.header.Get("Location") != want {
			t.Errorf("%s: %d to %s, want %s", form.path, a.status, a.header.Get("Location"), want)
		}
		if page := b.get(want); !strings.Contains(string(page.body), `role="status"`) {
			t.Errorf("%s: the page does not say what came of it", form.path)
		}
	}
	now, err := tracker.Load[tracker.Endpoint](t.Context(), b.store, e.ID)
	must(t, err)
	if len(now.Replays) != 1 || !now.Replays[0].Failed || !now.Replays[0].From.Equal(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)) || now.Disabled != "" {
		t.Errorf("replays %+v, disabled %q", now.Replays, now.Disabled)
	}
}

func TestAnEndpointIsMadeOnAPage(t *testing.T) {
	b, _, _ := hooked(t)
	b.get("/webhooks")
	a := b.post("/webhooks", url.Values{"url": {"https://other.example.com/in"}, "contact": {"ops@other.example.com"}})
	if a.status != http.StatusCreated || !strings.Contains(string(a.body), "whsec_") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	b.sees("/webhooks", "https://other.example.com/in")
	if strings.Contains(string(b.page.body), "whsec_") {
		t.Error("the secret is shown again")
	}
	a = b.post("/webhooks", url.Values{"url": {"http://127.0.0.1/in"}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `role="alert"`) {
		t.Errorf("a private address: %d %s", a.status, a.body)
	}
}

func TestEndpointsAreTheirSellersOwn(t *testing.T) {
	b, e, failed := hooked(t)
	rival := b.person("eve@example.com", tracker.Seat{Role: tracker.RoleSeller, Tenant: "rival", Level: tracker.LevelOwner})
	for _, path := range []string{"/webhooks/" + e.ID, "/webhooks/" + e.ID + "/deliveries/" + failed.Event} {
		if a := rival.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d for another seller", path, a.status)
		}
	}
	rival.get("/webhooks")
	for _, path := range []string{"/test", "/enable", "/disable", "/replay", "/deliveries/" + failed.Event + "/resend"} {
		if a := rival.post("/webhooks/"+e.ID+path, nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d for another seller", path, a.status)
		}
	}
	viewer := b.person("vic@example.com", viewerSeat)
	viewer.sees("/webhooks/"+e.ID, "shipment.delivered")
	if a := viewer.post("/webhooks/"+e.ID+"/test", nil); a.status != http.StatusForbidden {
		t.Errorf("a viewer sends a test event: %d", a.status)
	}
}

// TestScreenshotsOfEndpoints looks at the pages wide and narrow, in both schemes: nothing stands out. Their pictures are kept
// as artefacts.
func TestScreenshotsOfEndpoints(t *testing.T) {
	ctx := browser(t)
	b, e, failed := hooked(t)
	base := served(t, b.house)
	must(t, chromedp.Do(ctx, chromedp.Navigate(base+"/signin")))
	for name, value := range b.jar {
		_, err := chromedp.Run(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: base})
			return err
		}))
		must(t, err)
	}
	for name, path := range map[string]string{
		"endpoints": "/webhooks", "endpoint": "/webhooks/" + e.ID, "delivery": "/webhooks/" + e.ID + "/deliveries/" + failed.Event,
	} {
		for _, width := range []int64{320, 1200} {
			for _, scheme := range []string{"light", "dark"} {
				must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), programtest.InScheme(scheme), chromedp.Navigate(base+path+"?lang=de")))
				over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
				must(t, err)
				title, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("h1").textContent`))
				must(t, err)
				if over > 0 || title == "" {
					t.Errorf("%s at %d pixels: %d stand out; it is titled %q", path, width, over, title)
				}
				picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				must(t, err)
				must(t, os.WriteFile(filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o600))
			}
		}
	}
}
