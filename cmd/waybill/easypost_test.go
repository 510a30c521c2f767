package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"waybill/tracker/programtest"

	"github.com/EasyPost/easypost-go/v5"
)

// posted is a webhook as a shop got it.
type posted struct {
	body   []byte
	header http.Header
}

// easyPostShop is an installation with a sandbox, and a shop's server that is told.
func easyPostShop(t *testing.T) (base, key, hook string, told chan posted) {
	t.Helper()
	told = make(chan posted, 100)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what breaks off is told again
		told <- posted{body, r.Header}
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(shop.Close)
	environ := []string{"WAYBILL_DATA_DIR=" + t.TempDir(), "WAYBILL_WEBHOOKS_ALLOW_PRIVATE_NETWORKS=true"}
	key = command(t, environ, "keys", "create", "--tenant", "acme", "--test")
	p := server(t, environ, "serve")
	return p.Base + "/easypost/v2/", key, shop.URL + "/hooks", told
}

// A seller of EasyPost's moves: its Go client, with the address changed, is told of a parcel and trusts what it is told.
func TestEasyPostsGoClientIsToldAndValidates(t *testing.T) {
	base, key, hook, told := easyPostShop(t)
	client := easypost.New(key)
	client.Client = &http.Client{}
	var err error
	if client.BaseURL, err = url.Parse(base); err != nil {
		t.Fatal(err)
	}
	header := []easypost.WebhookCustomHeader{{Name: "X-Shop-Token", Value: "t0ken"}}
	if _, err := client.CreateWebhook(&easypost.CreateUpdateWebhookOptions{URL: hook, WebhookSecret: "sécret", CustomHeaders: header}); err != nil {
		t.Fatal(err)
	}
	made, err := client.CreateTracker(&easypost.CreateTrackerOptions{TrackingCode: "EZ4000000004"})
	if err != nil {
		t.Fatal(err)
	}
	var event *easypost.Event
	eventually(t, "the shop is told that the parcel is delivered", func() bool {
		select {
		case got := <-told:
			signed := map[string]any{"X-Hmac-Signature": got.header.Get("X-Hmac-Signature")}
			read, err := client.ValidateWebhook(got.body, signed, "sécret")
			if err != nil || got.header.Get("X-Shop-Token") != "t0ken" {
				t.Fatalf("%v, headers %v: %s", err, got.header, got.body)
			}
			tracker, _ := read.Result.(*easypost.Tracker)
			if tracker == nil || tracker.ID != made.ID || tracker.TrackingCode != "EZ4000000004" {
				t.Fatalf("told of %+v", read.Result)
			}
			event = read
			return tracker.Status == "delivered"
		default:
			return false
		}
	})
	eventually(t, "the event counts as completed", func() bool {
		kept, err := client.GetEvent(event.ID)
		if err != nil {
			t.Fatal(err)
		}
		return kept.Status == "completed" && slices.Equal(kept.CompletedURLs, []string{hook})
	})
	payloads, err := client.ListEventPayloads(event.ID)
	if err != nil || len(payloads) != 1 || payloads[0].ResponseCode != http.StatusOK {
		t.Fatalf("payloads %+v, %v", payloads, err)
	}
}

// The Node client is installed by .ci/run, from .ci/npm.
func TestEasyPostsNodeClient(t *testing.T) {
	modules := os.Getenv("WAYBILL_TEST_NPM")
	node := programtest.Find(t, "apt-get install nodejs", "node")
	if modules == "" {
		programtest.Missing(t, "WAYBILL_TEST_NPM does not name the folder of EasyPost's client, which .ci/run installs")
	}
	base, key, hook, _ := easyPostShop(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, filepath.Join("testdata", "easypost.cjs")) //nolint:gosec // the test's own script
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "NODE_PATH=" + filepath.Join(modules, "node_modules"), "BASE=" + base, "KEY=" + key, "HOOK=" + hook}
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}
