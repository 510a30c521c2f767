package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/errgroup"

	"waybill/api"
	"waybill/configs"
	"waybill/notify/outbox"
	"waybill/tracker"
	"waybill/tracker/eta"
	"waybill/tracker/feed"
	"waybill/tracker/proofs"
	"waybill/workers"
)

// app is Waybill running in one role: what is common to all, and the API, the workers or both on it.
type app struct {
	*data
	role      configs.Role
	queue     *queue
	feed      *feed.Feed
	measures  *measures
	carriage  *carriage
	ingest    *tracker.Ingest
	finder    *tracker.Finder
	estimator *eta.Model
	channels  *channels
	server    *api.Server
	workers   *workers.Workers
	album     *proofs.Desk
	tracer    trace.Tracer
	// ends are what closes at the end, the last opened first.
	ends []func() error
}

// newApp opens everything that a role needs. box is where the demo keeps messages; nil sends them. The caller closes it.
func (p *program) newApp(ctx context.Context, config configs.Config, role configs.Role, box *outbox.Outbox) (a *app, err error) {
	a = &app{role: role, measures: newMeasures()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if a.data, err = p.openData(ctx, config, p.logger(config.Log)); err != nil {
		return a, err
	}
	a.atEnd(a.data.close)
	if a.queue, err = openQueue(config.Redis); err != nil {
		return a, err
	}
	a.atEnd(a.queue.close)
	if err := a.trace(ctx); err != nil {
		return a, err
	}
	a.feed = feed.New(feed.Options{Redis: a.queue, Log: a.log}) //nolint:contextcheck // it lives until it is closed
	a.atEnd(func() error { a.feed.Close(); return nil })
	a.watchCarriers(ctx)
	a.ingest = a.data.ingest(a.feed, observers{a.measures, a.carriage.collector})
	a.atEnd(func() error { a.ingest.Close(); return nil }) //nolint:contextcheck // it finishes what is in hand
	a.finder = tracker.NewFinder(a.store, a.keys, a.patience(), p.now)
	a.estimator = eta.NewModel(eta.Options{Store: a.store, Now: p.now, Log: a.log, Claims: claimsOf(a.carriers)})
	if a.channels, err = a.openChannels(box); err != nil { //nolint:contextcheck // sign-ins outlive every request
		return a, err
	}
	a.atEnd(a.channels.close)
	if a.album, err = a.pictures(ctx); err != nil {
		return a, err
	}
	if role != configs.RoleAPI {
		office, err := a.openWebhooks()
		if err != nil {
			return a, err
		}
		a.atEnd(func() error { office.Close(); return nil })
		if a.workers, err = a.newWorkers(office); err != nil {
			return a, err
		}
	}
	if role != configs.RoleWorker {
		if a.server, err = a.newServer(box); err != nil { //nolint:contextcheck // requests have contexts of their own
			return a, err
		}
	}
	a.log.Info("starting", "role", string(role), "store", a.storeName(), "queue", a.queue.String(), "channels", a.channels.names())
	return a, nil
}

func (a *app) atEnd(end func() error) { a.ends = append(a.ends, end) }

// storeName names the engine for the log.
func (a *app) storeName() string {
	if a.config.Mongo.URI != "" {
		return "MongoDB, database " + a.config.Mongo.Database
	}
	return "SQLite in " + a.config.DataDir
}

// run serves and works until the context ends, and then drains: nothing new is taken in, live streams are closed, what
// is in hand is finished.
func (a *app) run(ctx context.Context, listener net.Listener) error {
	returnPath, err := a.openReturnPath(ctx)
	if err != nil {
		return err
	}
	group, within := errgroup.WithContext(ctx)
	if returnPath != nil {
		group.Go(func() error { return a.serveReturnPath(within, returnPath) })
	}
	if a.workers != nil {
		group.Go(func() error { return a.workers.Run(within) })
		group.Go(func() error { return a.watchInbox(within) })
	}
	if a.server != nil {
		group.Go(func() error { return a.server.Serve(listener) })
		group.Go(func() error {
			<-within.Done()
			a.log.Info("draining", "at_most", a.config.ShutdownTimeout)
			draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.config.ShutdownTimeout)
			defer cancel()
			return a.server.Shutdown(draining)
		})
	}
	group.Go(func() error { return a.watchCarriersDir(within) })
	if a.config.Metrics.Listen != "" {
		group.Go(func() error { return a.serveFigures(within) })
	}
	err = group.Wait()
	if ctx.Err() != nil {
		a.log.Info("stopped")
	}
	return err
}

// close ends everything, the last opened first.
func (a *app) close() error {
	var err error
	for _, end := range slices.Backward(a.ends) {
		err = errors.Join(err, end())
	}
	a.ends = nil
	return err
}

// newServer makes the API and its pages.
func (a *app) newServer(box *outbox.Outbox) (*api.Server, error) {
	c, now := a.config, a.program.now
	options := api.Options{
		Store: a.store, Ingest: a.ingest, Finder: a.finder, Ordering: tracker.NewOrdering(a.store, a.feed, now), Keys: a.keys,
		Estimator: a.estimator,
		Carriers:  a.carriers, OwnCarriers: a.carriers, Watcher: a.feed, Metrics: a.measures.Metrics, Limiter: a.limiter(), PushKey: c.WebPush.PublicKey,
		PrivateWebhooks: c.Webhooks.AllowPrivateNetworks, Resend: a.channels.sender.Resend, Shown: a.channels.sender.Shown, PublicURL: c.PublicURL, Proxies: c.TrustedProxies, MetricsFor: a.figuresFor(),
		SignIn: a.signIn(), Cases: a.cases(), Queues: a.depths, OpenFor: c.Customers.OpenFor,
		MaxBody: int(c.Ingest.MaxBody), Tracer: a.tracer, Now: now, Log: a.log,
		Checks: []api.Check{{Name: "redis", Ping: func(ctx context.Context) error { return a.queue.Ping(ctx).Err() }}},
		Retry: func(ctx context.Context, task *tracker.DeadTask) error {
			return workers.Retry(ctx, a.store, task.ID, now())
		},
		Limits: api.Limits{
			LookupsPerMinute: c.Limits.LookupsPerMinute, KeyRequestsPerMinute: c.Limits.KeyRequestsPerMinute,
			PostalCodeTriesPerHour: c.Limits.PostalCodeTriesPerHour, ShedLookupsAbove: c.Limits.ShedLookupsAbove,
			ShedSellersAbove: c.Limits.ShedSellersAbove, MaxInFlight: c.Ingest.MaxInFlight,
		},
	}
	options.Provider, options.ProviderName = a.vouching()
	options.Proofs = a.album
	if box != nil {
		options.Outbox = keptMessages{box}
	}
	if a.channels.twilio != nil {
		options.Twilio = a.channels.twilio
	}
	var err error
	if options.MailEvents, err = a.openMailEvents(); err != nil {
		return nil, err
	}
	return api.New(options), nil
}

// listen opens an address.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w; choose another address by --listen", err)
	}
	return listener, nil
}

// depths is how much work waits, for the operators' page.
func (a *app) depths(ctx context.Context) ([]api.Queue, error) {
	list, err := workers.Depths(ctx, a.queue)
	queues := make([]api.Queue, len(list))
	for i, d := range list {
		queues[i] = api.Queue{Name: d.Queue, Waiting: d.Waiting, Active: d.Active, Retry: d.Retry}
	}
	return queues, err
}
