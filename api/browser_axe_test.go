package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waybill/tracker/programtest"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// axe is the script of axe-core, which looks for what keeps people from using a page. .ci/run installs it.
func axe(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(os.Getenv("WAYBILL_TEST_NPM"), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		programtest.Missing(t, "WAYBILL_TEST_NPM names no folder with axe-core, which .ci/run installs: "+err.Error())
	}
	return string(script)
}

// violation is what axe finds wrong.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML string `json:"html"`
	} `json:"nodes"`
}

// accessible fails where axe finds something on the page that is shown.
func accessible(ctx context.Context, t *testing.T, script, page string) {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](script+`;
		axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
			.then((r) => JSON.stringify(r.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.map((n) => ({html: n.html}))}))))`,
		chromedp.EvalAwaitPromise))
	must(t, err)
	var violations []violation
	must(t, json.Unmarshal([]byte(found), &violations))
	for _, v := range violations {
		t.Errorf("%s: %s (%s), at %d places, first %.200s", page, v.Help, v.ID, len(v.Nodes), v.Nodes[0].HTML)
	}
}

// TestInABrowserNothingKeepsAnybodyFromThePages looks at each page on a phone and on a desk, light and dark.
func TestInABrowserNothingKeepsAnybodyFromThePages(t *testing.T) {
	script, ctx := axe(t), browser(t)
	h, base, id := journey(t)
	b := h.person("staff@example.com", operatorSeat)
	agent := h.person("agent@example.com", agentSeat)
	agent.get("/agents/shipments/" + id)
	opened := agent.post("/agents/shipments/"+id+"/cases", url.Values{"kind": {"damaged"}, "text": {"The lid is broken."}})
	caseID := between(opened.header.Get("Location"), "/agents/cases/", "?")
	h.quarantined()
	owner := h.person("owner@example.com", ownerSeat)
	integrator := h.person("integrator@example.com", carrierSeat)
	pages := map[string]*surfer{
		"/carrier": integrator, "/carrier/try": integrator,
		"/": nil, "/parcels": nil, "/t/" + id + "?lang=en": nil, "/t/" + id + "?lang=en&s=" + h.keys.Sign("track", id): nil, "/t/NOPE1": nil, "/signin": nil,
		"/docs": nil, "/agents": agent, "/agents?q=DE": agent, "/agents/shipments/" + id: agent, "/agents/cases": agent, "/agents/cases/" + caseID: agent,
		"/operators/carriers": b, "/operators/carriers/ups": b, "/operators/replays": b, "/operators/quarantine": b, "/operators/tasks": b, "/operators/persons": b, "/operators/sellers": b, "/operators/audit": b, "/account": b, "/home": owner, "/webhooks": owner,
		"/shipments": owner, "/shipments/" + id: owner, "/attention": owner, "/scorecards": owner, "/keys": owner, "/members": owner, "/returns": owner, "/choose?from=DE&to=FR": owner, "/branding": owner, "/shipments/import": owner,
	}
	for path, who := range pages {
		visit(ctx, t, base, path, who)
		for _, look := range []struct {
			width  int64
			scheme string
		}{{390, "dark"}, {1200, "light"}} {
			must(t, chromedp.Do(ctx, chromedp.EmulateViewport(look.width, 800), programtest.InScheme(look.scheme)))
			accessible(ctx, t, script, fmt.Sprintf("%s, %d wide, %s", strings.ReplaceAll(path, id, "…"), look.width, look.scheme))
		}
		if over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`)); err != nil || over > 0 {
			t.Errorf("%s: %d pixels stand out, %v", path, over, err)
		}
		keepPicture(ctx, t, strings.Trim(strings.NewReplacer("/", "-", "?", "-", id, "parcel", caseID, "case").Replace(path), "-"))
	}
}

// visit opens a page as somebody: with the cookies that a surfer has, and no others.
func visit(ctx context.Context, t *testing.T, base, path string, who *surfer) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, network.ClearBrowserCookies, cdp.Empty{}); err != nil || who == nil {
			return err
		}
		for name, value := range who.jar {
			if _, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: base}); err != nil {
				return err
			}
		}
		return nil
	})))
	must(t, chromedp.Do(ctx, chromedp.Navigate(base+path)))
}

// keepPicture keeps a picture of the page as an artefact (go test -artifacts).
func keepPicture(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(t.ArtifactDir(), fmt.Sprintf("%.60s.png", name)), picture, 0o600))
}
