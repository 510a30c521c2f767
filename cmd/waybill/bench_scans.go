package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"waybill/tracker"
	"waybill/tracker/sqlite"
)

// carrierPost prepares webhooks of UPS for an installation: the n-th is a scan of a parcel of its own.
func (r *running) carrierPost(ctx context.Context, number func(n int) string) (func(int, *fasthttp.Request), error) {
	account, secret, err := r.createAccount(ctx, "ups", "bench", "", "")
	if err != nil {
		return nil, err
	}
	address := r.config.PublicURL + "/v1/carriers/ups/" + account.Name + "/events"
	return func(n int, request *fasthttp.Request) {
		request.Header.SetMethod(fasthttp.MethodPost)
		request.SetRequestURI(address)
		request.Header.SetContentType("application/json")
		request.Header.Set(account.Header, secret)
		request.SetBody(upsScan(number(n), r.program.now()))
	}, nil
}

// upsScan is a Track Alert.
func upsScan(number string, at time.Time) []byte {
	at = at.UTC()
	body, err := json.Marshal(map[string]any{
		"trackingNumber": number, "localActivityDate": at.Format("20060102"), "localActivityTime": at.Format("150405"),
		"gmtActivityDate": at.Format("20060102"), "gmtActivityTime": at.Format("150405"),
		"activityLocation": map[string]string{"city": "Louisville", "stateProvince": "KY", "postalCode": "40213", "country": "US"},
		"activityStatus":   map[string]string{"type": "I", "code": "DP", "description": "Departed from Facility"},
	})
	if err != nil {
		panic("a map of strings is always JSON: " + err.Error())
	}
	return body
}

func benchNumber(n int) string { return fmt.Sprintf("1ZWBBENCH%09d", n) }

// scans measures signed webhooks acknowledged against the store's own rate of writing the same rows in bulk.
func (b *bench) scans(ctx context.Context) error {
	return b.withRunning(ctx, func(ctx context.Context, r *running) error {
		prepare, err := r.carrierPost(ctx, benchNumber)
		if err != nil {
			return err
		}
		address := r.config.Listen
		sum, err := b.load(ctx, address, fasthttp.StatusAccepted, prepare)
		if err != nil {
			return err
		}
		bulk, err := b.bulkRate(ctx, r.store)
		if err != nil {
			return err
		}
		b.sayf("signed webhook scans acknowledged: %.0f/s, p50 %s, p99 %s", sum.rate(), sum.quantile(0.5).Round(time.Microsecond), sum.quantile(0.99).Round(time.Microsecond))
		b.sayf("  the store writes the same rows in bulk at %.0f scans/s; ratio %.2f (goal 0.5)", bulk, sum.rate()/bulk)
		return nil
	})
}

// bulkRate writes the receipts and legs of a store into a fresh one, in batches, and gives scans per second.
func (b *bench) bulkRate(ctx context.Context, from tracker.Store) (float64, error) {
	const most, batch = 20_000, 512
	receipts, err := allRows(ctx, from, tracker.Receipts, most)
	if err != nil {
		return 0, err
	}
	legs, err := allRows(ctx, from, tracker.Legs, most)
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "waybill-bench-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	into, err := sqlite.Open(ctx, filepath.Join(dir, databaseFile))
	if err != nil {
		return 0, err
	}
	defer func() { _ = into.Close() }()
	began := time.Now()
	for table, rows := range map[tracker.Table][]tracker.Row{tracker.Receipts: receipts, tracker.Legs: legs} {
		lists := func(string) []string {
			return []string{tracker.ListOfCarrier("ups"), tracker.ListOfAccount("ups", "bench")}
		}
		if table == tracker.Legs {
			lists = func(key string) []string { return []string{tracker.ListOfNumber(key)} }
		}
		for len(rows) > 0 {
			n := min(batch, len(rows))
			writes := make([]tracker.Write, n)
			for i, row := range rows[:n] {
				row.Version, row.Indexed = 0, 0
				row.Lists = lists(row.Key)
				writes[i] = tracker.Write{Table: table, Row: row}
			}
			if err := tracker.ErrorOf(into.Apply(ctx, writes)); err != nil {
				return 0, err
			}
			rows = rows[n:]
		}
	}
	return float64(len(legs)) / time.Since(began).Seconds(), nil
}

// allRows reads up to so many rows of a table.
func allRows(ctx context.Context, store tracker.Store, table tracker.Table, most int) ([]tracker.Row, error) {
	var all []tracker.Row
	page := tracker.Page{Limit: 1000}
	for len(all) < most {
		rows, err := store.Search(ctx, table, "", nil, page)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		all = append(all, rows...)
		last := rows[len(rows)-1]
		page.After = &tracker.Cursor{Order: last.Order, Key: last.Key}
	}
	return all[:min(most, len(all))], nil
}

// lookups measures warm look-ups against a bare handler that answers with the same bytes.
func (b *bench) lookups(ctx context.Context) error {
	return b.withRunning(ctx, func(ctx context.Context, r *running) error {
		prepare, err := r.carrierPost(ctx, benchNumber)
		if err != nil {
			return err
		}
		request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		prepare(1, request)
		if err := fasthttp.Do(request, response); err != nil {
			return err
		}
		address := r.config.PublicURL + "/v1/track/" + benchNumber(1)
		_, same, err := fasthttp.Get(nil, address)
		if err != nil {
			return err
		}
		ask := func(_ int, request *fasthttp.Request) { request.SetRequestURI(address) }
		ours, err := b.load(ctx, r.config.Listen, fasthttp.StatusOK, ask)
		if err != nil {
			return err
		}
		bare, err := b.bareRate(ctx, same, ask)
		if err != nil {
			return err
		}
		b.sayf("warm look-ups: %.0f/s, p99 %s", ours.rate(), ours.quantile(0.99).Round(time.Microsecond))
		b.sayf("  a bare handler with the same %d bytes: %.0f/s; ratio %.2f (goal 0.7)", len(same), bare.rate(), ours.rate()/bare.rate())
		return nil
	})
}

func (b *bench) bareRate(ctx context.Context, body []byte, ask func(int, *fasthttp.Request)) (*measured, error) {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	app.Get("/v1/track/:number", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
		return c.Send(body)
	})
	listener, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { _ = app.Listener(listener) }() // until Shutdown
	defer func() { _ = app.Shutdown() }()
	return b.load(ctx, listener.Addr().String(), fasthttp.StatusOK, ask)
}
