package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"waybill/adapters"
	"waybill/api"
	"waybill/api/metrics"
	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
)

type hub struct {
	mu sync.Mutex
	w  map[chan struct{}][]string
}

func (h *hub) Publish(keys ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c, k := range h.w {
		if slices.ContainsFunc(keys, func(s string) bool { return slices.Contains(k, s) }) {
			select {
			case c <- struct{}{}:
			default:
			}
		}
	}
}
func (h *hub) Watch(keys ...string) (<-chan struct{}, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.w == nil {
		h.w = map[chan struct{}][]string{}
	}
	c := make(chan struct{}, 1)
	h.w[c] = keys
	return c, func() { h.mu.Lock(); delete(h.w, c); h.mu.Unlock() }
}

func main() {
	dir, _ := os.MkdirTemp("", "wbdev")
	ctx := context.Background()
	store, err := sqlite.Open(ctx, filepath.Join(dir, "w.db"))
	if err != nil {
		panic(err)
	}
	keys, _ := seal.New(bytes.Repeat([]byte{7}, 32))
	reg, err := adapters.New()
	if err != nil {
		panic(err)
	}
	h := &hub{}
	m := metrics.New()
	now := time.Now
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	in := tracker.NewIngest(tracker.IngestOptions{Store: store, Reader: reg, Keys: keys, Feed: h, Observer: m, Now: now, Log: log})
	s := api.New(api.Options{Store: store, Ingest: in, Finder: tracker.NewFinder(store, keys, now), Ordering: tracker.NewOrdering(store, h, now),
		Keys: keys, Carriers: reg, Watcher: h, Metrics: m, PublicURL: "http://127.0.0.1:8099", Now: now, Log: log, PushKey: "BAAA",
		Limits: api.Limits{LookupsPerMinute: 100000}})
	sk, seller := tracker.NewKey("acme", tracker.RoleSeller, "x", now())
	fk, fleet := tracker.NewKey("", tracker.RoleFleet, "x", now())
	tracker.Save(ctx, store, sk)
	tracker.Save(ctx, store, fk)
	go s.Listen("127.0.0.1:8099")
	time.Sleep(300 * time.Millisecond)
	post := func(path, key string, v any) map[string]any {
		b, _ := json.Marshal(v)
		r, _ := http.NewRequest("POST", "http://127.0.0.1:8099"+path, bytes.NewReader(b))
		r.Header.Set("Authorization", "Bearer "+key)
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			panic(err)
		}
		d, _ := io.ReadAll(resp.Body)
		var o map[string]any
		json.Unmarshal(d, &o)
		if resp.StatusCode >= 300 {
			fmt.Println(path, resp.StatusCode, string(d))
		}
		return o
	}
	ship := post("/v1/shipments", seller, map[string]any{"order": "1001", "carrier": "ups", "tracking_number": "1Z999AA10123456784",
		"items":     []any{map[string]any{"sku": "TEA", "title": "Darjeeling, 250 g", "quantity": 2}},
		"recipient": map[string]any{"name": "Ada Lovelace", "email": "ada@example.com", "address": map[string]any{"lines": []string{"Hauptstraße 1"}, "postal_code": "10115", "city": "Berlin", "country": "DE"}}})
	id := ship["id"].(string)
	post("/v1/orders/1001/events", seller, map[string]any{"events": []any{map[string]any{"step": "confirmed", "at": now().Add(-100 * time.Hour).Format(time.RFC3339)}, map[string]any{"step": "packed", "at": now().Add(-80 * time.Hour).Format(time.RFC3339)}}})
	scan := func(id, action, city, cc string, ago time.Duration) {
		post("/v1/fleet/scans", fleet, map[string]any{"code": id, "action": action, "at": now().Add(-ago).Format(time.RFC3339), "location": map[string]any{"city": city, "country": cc}})
	}
	scan(id, "label_created", "Barcelona", "ES", 75*time.Hour)
	scan(id, "picked_up", "Barcelona", "ES", 70*time.Hour)
	scan(id, "departed", "Lyon", "FR", 50*time.Hour)
	scan(id, "arrived", "Frankfurt am Main", "DE", 30*time.Hour)
	scan(id, "departed", "Leipzig", "DE", 10*time.Hour)
	scan(id, "out_for_delivery", "Berlin", "DE", 2*time.Hour)
	sh, _ := tracker.Load[tracker.Shipment](ctx, store, id)
	t := now().UTC()
	sh.View.Estimate = &tracker.Estimate{P10: t.Add(1 * time.Hour), P50: t.Add(2 * time.Hour), P90: t.Add(4 * time.Hour), Zone: "Europe/Berlin", Source: "model", MadeAt: t}
	tracker.Save(ctx, store, sh)
	late := post("/v1/shipments", seller, map[string]any{"carrier": "ups", "tracking_number": "1Z999AA10123456775"})["id"].(string)
	scan(late, "picked_up", "Tokyo", "JP", 90*time.Hour)
	scan(late, "departed", "Anchorage", "US", 60*time.Hour)
	scan(late, "delayed", "Los Angeles", "US", 5*time.Hour)
	done := post("/v1/shipments", seller, map[string]any{})["id"].(string)
	scan(done, "picked_up", "Hamburg", "DE", 90*time.Hour)
	scan(done, "out_for_delivery", "München", "DE", 8*time.Hour)
	scan(done, "delivered", "München", "DE", 5*time.Hour)
	fmt.Println("ID", id)
	fmt.Println("LATE", late)
	fmt.Println("DONE", done)
	fmt.Println("FULL", ship["recipient_url"])
	fmt.Println("SELLER", seller, "FLEET", fleet)
	select {}
}
