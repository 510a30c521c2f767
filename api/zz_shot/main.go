package main

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func main() {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath("/usr/bin/chromium"))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	defer cancel()
	ctx, cancel2 := chromedp.NewContext(ctx)
	defer cancel2()
	for _, a := range os.Args[1:] {
		f := strings.Split(a, "|")
		w, _ := strconv.Atoi(f[2])
		h, _ := strconv.Atoi(f[3])
		media := chromedp.Action[chromedp.Void](func(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
			_, err = cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: f[4]}}})
			return
		})
		err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(w), int64(h)), media, chromedp.Navigate(f[0]), chromedp.Sleep(600*time.Millisecond))
		if err == nil {
			var buf []byte
			buf, err = chromedp.Run(ctx, chromedp.FullScreenshot(100))
			os.WriteFile(f[1], buf, 0o644)
		}
		if err != nil {
			println(a, err.Error())
		}
	}
}
