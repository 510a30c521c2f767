package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waybill/tracker/programtest"

	"github.com/chromedp/chromedp"
)

// openBrowser opens Chromium with the window that the pictures of the documents are taken in.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	return programtest.Chromium(t, 2*patience, chromedp.WindowSize(1100, 1300), chromedp.Flag("force-prefers-reduced-motion", true))
}

// keep saves a test artefact where the environment names a folder for them.
func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	folder := os.Getenv("WAYBILL_TEST_ARTIFACTS")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func screenshot(t *testing.T, browser context.Context) []byte {
	t.Helper()
	picture, err := chromedp.Run(browser, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("take a screenshot: %v", err)
	}
	return picture
}

func TestABrowserWatchesAScanArrive(t *testing.T) {
	environ := []string{"WAYBILL_DATA_DIR=" + t.TempDir()}
	p := server(t, environ, "serve")
	s := openShop(t, environ, p.Base)
	number := upsNumber(3)
	id := s.register(number)
	s.scan(number, "PU", "Pickup Scan", time.Now().Add(-20*time.Hour))
	s.scan(number, "DP", "Departed from Facility", time.Now().Add(-9*time.Hour))

	browser := openBrowser(t)
	shows := func(text string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(chromedp.Search(`//li[contains(., "` + text + `")]`))
	}
	if err := chromedp.Do(browser, chromedp.Navigate(p.Base+"/t/"+id), shows("Departed from Facility")); err != nil {
		t.Fatalf("open the tracking page: %v", err)
	}
	before := screenshot(t, browser)
	s.scan(number, "OT", "Out For Delivery Today", time.Now())
	if err := chromedp.Do(browser, shows("Out For Delivery Today")); err != nil {
		t.Fatalf("the scan does not show on the open page: %v", err)
	}
	after := screenshot(t, browser)
	keep(t, "tracking-before.png", before)
	keep(t, "tracking-after.png", after)
	p.Stop()
}
