package programtest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Chromium starts a browser of the test's own, which closes with the test or when its time is up.
func Chromium(tb testing.TB, limit time.Duration, options ...chromedp.ExecAllocatorOption) context.Context {
	tb.Helper()
	path := Find(tb, "apt-get install chromium", "chromium", "chromium-browser", "google-chrome")
	all := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	ctx, end := chromedp.NewExecAllocator(tb.Context(), append(all, options...)...)
	tb.Cleanup(end)
	ctx, endTab := chromedp.NewContext(ctx)
	tb.Cleanup(endTab)
	ctx, cancel := context.WithTimeout(ctx, limit)
	tb.Cleanup(cancel)
	return ctx
}

// InScheme shows pages as who prefers "dark" or "light" sees them.
func InScheme(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}
