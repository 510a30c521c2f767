package api_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/tracker/programtest"

	"github.com/chromedp/chromedp"
)

// browser is long enough there for any page.
func browser(t *testing.T) context.Context {
	t.Helper()
	return programtest.Chromium(t, time.Minute)
}

// until waits until an expression is true on the page.
func until(ctx context.Context, t *testing.T, expression string) {
	t.Helper()
	for ctx.Err() == nil {
		if is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); err == nil && is {
			return
		}
	}
	t.Fatalf("never true: %s", expression)
}

// journey is a house with a parcel that has come from Barcelona to Berlin.
func journey(t *testing.T) (h *house, base, id string) {
	t.Helper()
	h = newHouse(t)
	base = served(t, h)
	id = h.shipment(map[string]any{"recipient": ada, "carrier": "ups", "tracking_number": "1Z999AA10123456784"})
	for i, stop := range []string{"picked_up Barcelona ES", "departed Lyon FR", "arrived Leipzig DE", "out_for_delivery Berlin DE"} {
		part := strings.Fields(stop)
		h.do("POST", "/v1/fleet/scans", h.fleet, map[string]any{
			"code": id, "action": part[0], "at": noon.Add(time.Duration(i-5) * 12 * time.Hour).Format(time.RFC3339),
			"location": map[string]any{"city": part[1], "country": part[2]},
		})
	}
	return h, base, id
}

func TestInABrowserThePageMovesByItself(t *testing.T) {
	ctx := browser(t)
	h, base, id := journey(t)
	messages := chromedp.Console(ctx)
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(1200, 900), chromedp.Navigate(base+"/t/"+id+"?lang=en")))
	until(ctx, t, `document.querySelector("#now h1").textContent === "Out for delivery today"`)
	must(t, chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS("#address"), "half-typed")))
	h.scan(id, "delivered", "2026-11-23T12:30:00+01:00")
	until(ctx, t, `document.querySelector("#now h1").textContent.startsWith("Delivered")`)
	until(ctx, t, `document.getElementById("said").textContent.startsWith("Delivered")`)
	until(ctx, t, `document.getElementById("address").value === "half-typed"`)
	until(ctx, t, `document.querySelector("#events li strong").textContent === "Delivered"`)
	_, err := chromedp.Run(ctx, chromedp.Evaluate[string](`console.log("the end"), ""`))
	must(t, err)
	for m, err := range messages {
		must(t, err)
		if m.Text == "the end" {
			break
		}
		t.Errorf("the console has: %s", m.Text)
	}
}

func TestInABrowserNothingOverflowsInAnyLanguage(t *testing.T) {
	ctx := browser(t)
	_, base, id := journey(t)
	for _, width := range []int64{320, 768} {
		must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)))
		for _, lang := range []string{"en", "de", "fr", "es", "pt", "ja"} {
			for _, path := range []string{"/t/" + id, "/", "/t/NOPE1"} {
				must(t, chromedp.Do(ctx, chromedp.Navigate(base+path+"?lang="+lang)))
				over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
				must(t, err)
				if over > 0 {
					t.Errorf("%s in %s at %d pixels: %d stand out", path, lang, width, over)
				}
			}
		}
	}
}

// TestScreenshots keeps pictures of the pages as artefacts (go test -artifacts).
func TestScreenshots(t *testing.T) {
	ctx := browser(t)
	h, base, id := journey(t)
	expected := h.shipment(map[string]any{"zone": "Europe/Berlin", "promise": map[string]any{"to": "2026-11-25T20:00:00+01:00"}})
	h.scan(expected, "accepted", "2026-11-22T10:00:00+01:00")
	h.shown(expected, [2]int{20, 300}, [2]int{20, 60}, [2]int{24, 30}, [2]int{26, 4})
	for name, path := range map[string]string{
		"expected": "/t/" + expected + "?lang=de", "tracking": "/t/" + id + "?lang=en", "full": "/t/" + id + "?lang=de&s=" + h.keys.Sign("track", id), "home": "/?lang=en", "unknown": "/t/NOPE1?lang=en",
	} {
		for _, width := range []int64{390, 1200} {
			for _, scheme := range []string{"light", "dark"} {
				must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), programtest.InScheme(scheme), chromedp.Navigate(base+path)))
				picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				must(t, err)
				file := filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d-%s.png", name, width, scheme))
				must(t, os.WriteFile(file, picture, 0o600))
			}
		}
	}
}
