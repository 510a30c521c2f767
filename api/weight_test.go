package api_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// weight is what a page costs who opens it for the first time.
type weight struct {
	// Bytes came over the network, headers included; Files are their addresses.
	Bytes int      `json:"bytes"`
	Files []string `json:"files"`
	// Painted is when something was to be seen, in milliseconds after the navigation began.
	Painted float64 `json:"painted"`
}

const weighed = `(() => {
  const loads = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return {bytes: loads.reduce((sum, l) => sum + l.transferSize, 0), files: loads.map((l) => l.name), painted: paint ? paint.startTime : 0};
})()`

// TestAFirstVisitWeighsLittle opens pages with an empty cache: all that they load is below 100 kB, and nothing comes from anybody
// else. The times are said, not judged.
func TestAFirstVisitWeighsLittle(t *testing.T) {
	const most = 100_000
	h, base, id := journey(t)
	for name, path := range map[string]string{
		"the home page": "/", "a tracking page": "/t/" + id, "a recipient's page": "/t/" + id + "?s=" + h.keys.Sign("track", id),
		"my parcels": "/parcels", "an unknown number": "/t/NOPE1", "sign-in": "/signin",
	} {
		t.Run(name, func(t *testing.T) {
			ctx := browser(t) // with a cache of its own
			must(t, chromedp.Do(ctx, chromedp.EmulateViewport(390, 800), chromedp.Navigate(base+path)))
			until(ctx, t, `performance.getEntriesByName("first-contentful-paint").length > 0 && document.readyState === "complete"`)
			v, err := chromedp.Run(ctx, chromedp.Evaluate[weight](weighed))
			must(t, err)
			if v.Bytes == 0 || v.Bytes > most {
				t.Errorf("%d bytes, at most %d are wanted: %v", v.Bytes, most, v.Files)
			}
			for _, file := range v.Files {
				if !strings.HasPrefix(file, base+"/") {
					t.Errorf("it loads %s", file)
				}
			}
			t.Logf("%d bytes in %d files, first paint after %.0f ms", v.Bytes, len(v.Files), v.Painted)
		})
	}
}
