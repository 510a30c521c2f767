package notify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"waybill/tracker"
	"waybill/tracker/programtest"
)

// faint lists the texts of a page that can hardly be read: below 4.5 to 1 against what lies behind them (WCAG 2, 1.4.3).
const faint = `(() => {
  const parse = c => (c.match(/[\d.]+/g) || []).map(Number);
  const light = c => { const [r, g, b] = parse(c).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor, p = parse(c); if (p.length === 3 || p[3] === 1) return c; } return "rgb(255, 255, 255)"; };
  const bad = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) {
    const e = n.parentElement; if (!n.data.trim() || !e.getClientRects().length) continue;
    const a = light(getComputedStyle(e).color), b = light(behind(e));
    if ((Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5) bad.push(n.data.trim());
  }
  return bad.join(" | ");
})()`

// TestMailsInABrowser looks at e-mails wide and narrow, in both schemes: nothing stands out, everything can be read. Their
// pictures are kept as artefacts.
func TestMailsInABrowser(t *testing.T) {
	ctx := programtest.Chromium(t, 3*time.Minute)
	w := testWriter(t)
	dark := &tracker.Tenant{ID: "night", Name: "Night & Day Trading", Brand: tracker.Brand{Colour: "#111827", Support: "+49 30 1234567"}}
	pages := map[string]string{}
	for _, c := range []struct {
		moment tracker.Moment
		lang   string
		tenant *tracker.Tenant
	}{
		{tracker.MomentReadyForPickup, "en", dark},
		{tracker.MomentDelivered, "de", dark},
		{tracker.MomentDelayed, "ja", sampleTenant},
		{tracker.MomentCustoms, "fr", sampleTenant},
		{tracker.MomentConfirmChannel, "pt", sampleTenant},
	} {
		mail, err := w.Preview(c.moment, tracker.Email, c.lang, c.tenant)
		if err != nil {
			t.Fatal(err)
		}
		pages[fmt.Sprintf("%s-%s", c.moment, c.lang)] = mail.HTML
	}
	daily, err := os.ReadFile(filepath.Join("testdata", "daily.en.html"))
	if err != nil {
		t.Fatal(err)
	}
	pages["daily-en"] = string(daily)
	for name, page := range pages {
		file := filepath.Join(t.TempDir(), "mail.html")
		if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int64{320, 800} {
			for _, scheme := range []string{"light", "dark"} {
				lookAt(ctx, t, "file://"+file, fmt.Sprintf("%s-%d-%s", name, width, scheme), width, scheme)
			}
		}
	}
}

func lookAt(ctx context.Context, t *testing.T, address, name string, width int64, scheme string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 700), programtest.InScheme(scheme), chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
	if err != nil || over > 0 {
		t.Errorf("%s: %d pixels stand out (%v)", name, over, err)
	}
	unread, err := chromedp.Run(ctx, chromedp.Evaluate[string](faint))
	if err != nil || unread != "" {
		t.Errorf("%s: can hardly be read: %s (%v)", name, unread, err)
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}
