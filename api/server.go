// Package api is the face of Waybill to the five audiences: one file an audience, the pages in web/. Who may call what
// stands in access.go alone, what is answered when something is wrong in problem.go.
package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/singleflight"

	"waybill/adapters/mapping"
	"waybill/api/metrics"
	"waybill/api/oidc"
	"waybill/api/view"
	"waybill/api/web"
	"waybill/notify"
	"waybill/notify/webhook"
	"waybill/notify/webhook/easypost"
	"waybill/tracker"
	"waybill/tracker/allocate"
	"waybill/tracker/audit"
	"waybill/tracker/cases"
	"waybill/tracker/erase"
	"waybill/tracker/eta/score"
	"waybill/tracker/limit"
	"waybill/tracker/pickup"
	"waybill/tracker/proofs"
	"waybill/tracker/returns"
	"waybill/tracker/seal"
	"waybill/tracker/signin"
	"waybill/tracker/words"
)

// Carriers knows the carriers. adapters.Registry is one.
type Carriers interface {
	// Codes lists the carriers; the in-house fleet is not among them.
	Codes() []string
	// Carrier is nil for a code that is not known.
	Carrier(code string) *mapping.Carrier
	TrackingURL(key tracker.LegKey) string
	// Read reads a payload, and keeps nothing.
	Read(receipt *tracker.Receipt) tracker.Reading
}

// Options are what a Server needs. Those marked optional switch off what they are for.
type Options struct {
	Store    tracker.Store
	Ingest   *tracker.Ingest
	Finder   *tracker.Finder
	Ordering *tracker.Ordering
	Keys     *seal.Keys
	Carriers Carriers
	// Estimator answers POST /v1/estimates; optional.
	Estimator Estimator
	// OwnCarriers tells of the operator's own mappings; optional.
	OwnCarriers OwnCarriers
	Watcher     Watcher
	Metrics     *metrics.Metrics
	// Limiter counts for all processes together; optional.
	Limiter limit.Limiter
	// Retry puts dead work back into the queue; optional.
	Retry func(ctx context.Context, task *tracker.DeadTask) error
	// Queues tells how much work waits; optional.
	Queues func(ctx context.Context) ([]Queue, error)
	// Resend has a message sent again (notify.Sender.Resend); optional.
	Resend func(ctx context.Context, message string) error
	// PrivateWebhooks lets sellers' endpoints have private addresses and plain http.
	PrivateWebhooks bool
	// Twilio takes what Twilio calls back with; optional.
	Twilio Twilio
	// PushKey is the VAPID public key; optional.
	PushKey string
	// Shown takes a device's word that it showed a push; nil where no messages are sent.
	Shown func(ctx context.Context, id, signature string) error
	// MailEvents takes a mail provider's calls; optional.
	MailEvents MailEvents
	// Outbox are the messages that the demo keeps instead of sending; optional.
	Outbox Outbox
	// Checks are the dependencies that /readyz looks at besides the store.
	Checks []Check

	// Cases is where customers' problems are worked on.
	Cases *cases.Desk
	// Proofs keeps pictures of deliveries; nil where none are kept.
	Proofs *proofs.Desk
	// SignIn is where people sign in.
	SignIn *signin.Desk
	// Provider vouches for staff who sign in elsewhere, and ProviderName is what they call it; optional.
	Provider     *oidc.Provider
	ProviderName string

	// PublicURL is under what address the world reaches this server, without a slash at its end.
	PublicURL string
	// Proxies are those whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// MetricsFor are who may read /metrics; nil is everybody.
	MetricsFor []netip.Prefix
	// MaxBody is the largest post of a carrier or the fleet, also inflated; 0 is 10 MiB.
	MaxBody int
	// OpenFor is how long after its end a parcel's page and signed links show everything; 0 is for ever.
	OpenFor time.Duration
	Limits  Limits
	Tracer  trace.Tracer
	Now     func() time.Time
	Log     *slog.Logger
}

// Limits are how much is served. Zero values are the defaults in brackets.
type Limits struct {
	LookupsPerMinute       int // by address [60]
	KeyRequestsPerMinute   int // by key [1200]
	PostalCodeTriesPerHour int // by shipment [10]
	ShedLookupsAbove       int // requests under way [512]
	ShedSellersAbove       int // requests under way [1024]
	MaxInFlight            int // requests under way [4096]
	MaxWatchers            int // live streams [10000]
	WatchersPerAddress     int // live streams of one address [100]
}

func (l Limits) withDefaults() Limits {
	for _, field := range []struct {
		value *int
		is    int
	}{
		{&l.LookupsPerMinute, 60},
		{&l.KeyRequestsPerMinute, 1200},
		{&l.PostalCodeTriesPerHour, 10},
		{&l.ShedLookupsAbove, 512},
		{&l.ShedSellersAbove, 1024},
		{&l.MaxInFlight, 4096},
		{&l.MaxWatchers, 10_000},
		{&l.WatchersPerAddress, 100},
	} {
		if *field.value == 0 {
			*field.value = field.is
		}
	}
	return l
}

// shed are the requests under way above which a class is turned away; 0 is never.
func (l Limits) shed() [4]int64 {
	return [...]int64{
		lookups: int64(l.ShedLookupsAbove), sellers: int64(l.ShedSellersAbove), scans: int64(l.MaxInFlight), operations: 0,
	}
}

// Server serves the API and the pages.
type Server struct {
	app   *fiber.App
	api   huma.API
	pages *web.Pages

	store       tracker.Store
	ingest      *tracker.Ingest
	finder      *tracker.Finder
	ordering    *tracker.Ordering
	estimator   Estimator
	scores      *score.Board
	keys        *seal.Keys
	opener      view.Opener
	carriers    carrierNames
	watcher     Watcher
	metrics     *metrics.Metrics
	retry       func(context.Context, *tracker.DeadTask) error
	resend      func(context.Context, string) error
	shown       func(ctx context.Context, id, signature string) error
	desk        *notify.Desk
	writer      *notify.Writer
	webhooks    *webhook.Desk
	easyPost    *easypost.Writer
	pickups     *pickup.Desk
	returns     *returns.Desk
	allocating  *allocate.Desk
	twilio      Twilio
	ownCarriers OwnCarriers
	// mailEvents takes a mail provider's calls; nil where none is set up.
	mailEvents MailEvents
	pushKey    string
	outbox     Outbox
	checks     []Check
	people     *signin.Desk
	provider   *oidc.Provider
	// providerName is what staff call the provider; empty where there is none.
	providerName string
	audit        *audit.Log
	cases        *cases.Desk
	proofs       *proofs.Desk
	eraser       *erase.Desk
	queues       func(context.Context) ([]Queue, error)

	publicURL  string
	proxies    []netip.Prefix
	metricsFor []netip.Prefix
	maxBody    int
	openFor    time.Duration
	limits     Limits
	tracer     trace.Tracer
	now        func() time.Time
	log        *slog.Logger

	ids           *requestIDs
	load          load
	limiter       limit.Limiter
	local         *limit.Local
	knownKeys     *memory[*tracker.Key]
	knownAccounts *memory[*account]
	visits        *memory[*signin.Visit]
	looks         *memory[*look]
	tongues       *memory[*words.Words]
	// bodies are the documented schemas of what plain routes are sent.
	bodies  map[reflect.Type]*huma.Schema
	looking singleflight.Group
	// ticks orders look-ups and changes in this process.
	ticks atomic.Uint64

	watching watching
	closing  chan struct{}
	closed   sync.Once
	// behind is what is done after the answer has gone out.
	behind sync.WaitGroup
}

const defaultMaxBody = 10 << 20

// New makes a Server.
func New(o Options) *Server {
	local := limit.NewLocal(o.Now)
	s := &Server{
		store:     o.Store,
		ingest:    o.Ingest,
		finder:    o.Finder,
		ordering:  o.Ordering,
		estimator: o.Estimator,
		scores:    score.NewBoard(o.Store),
		keys:      o.Keys,
		carriers:  carrierNames{o.Carriers}, ownCarriers: o.OwnCarriers,
		watcher: o.Watcher,
		metrics: o.Metrics,
		retry:   o.Retry, resend: o.Resend, shown: o.Shown,
		desk:       notify.NewDesk(o.Store, o.Keys, o.Now),
		writer:     notify.NewWriter(notify.Links{Base: o.PublicURL, Keys: o.Keys}),
		twilio:     o.Twilio,
		mailEvents: o.MailEvents,
		pushKey:    o.PushKey,
		outbox:     o.Outbox,
		webhooks:   &webhook.Desk{Store: o.Store, Keys: o.Keys, AllowPrivate: o.PrivateWebhooks, Now: o.Now},
		pickups:    &pickup.Desk{Store: o.Store, Keys: o.Keys, Ingest: o.Ingest, Now: o.Now, Log: o.Log},
		returns:    &returns.Desk{Store: o.Store, Keys: o.Keys, Ingest: o.Ingest, Now: o.Now},
		allocating: &allocate.Desk{Store: o.Store, Asker: o.Estimator, Scores: score.NewBoard(o.Store), Now: o.Now},
		checks:     o.Checks,
		people:     o.SignIn,
		provider:   o.Provider, providerName: o.ProviderName,
		audit:     audit.New(o.Store, o.Keys, o.Now, o.Log),
		eraser:    &erase.Desk{Store: o.Store, Keys: o.Keys},
		queues:    o.Queues,
		cases:     o.Cases,
		proofs:    o.Proofs,
		publicURL: o.PublicURL,
		proxies:   o.Proxies, metricsFor: o.MetricsFor,
		maxBody: cmp.Or(o.MaxBody, defaultMaxBody), openFor: o.OpenFor,
		limits: o.Limits.withDefaults(), tracer: o.Tracer,
		now:           o.Now,
		log:           o.Log,
		ids:           newRequestIDs(),
		local:         local,
		limiter:       local,
		closing:       make(chan struct{}),
		knownKeys:     newMemory[*tracker.Key](10_000, keyLife),
		knownAccounts: newMemory[*account](10_000, keyLife),
		visits:        newMemory[*signin.Visit](10_000, keyLife),
		looks:         newMemory[*look](20_000, lookLife),
		tongues:       newMemory[*words.Words](1_000, time.Hour),
		bodies:        map[reflect.Type]*huma.Schema{},
		pages:         web.New(),
	}
	s.opener = view.Opener{Store: o.Store, Keys: o.Keys, Link: s.proofLink}
	if o.Limiter != nil {
		s.limiter = limit.NewFailover(o.Limiter, local, o.Now, o.Log)
	}
	s.load.most = s.limits.shed()
	var err error
	if s.easyPost, err = easypost.NewWriter(o.PublicURL); err != nil {
		panic("api: " + err.Error()) // the words are built in: it fails on every machine, in every test
	}
	s.app = s.newApp()
	s.routes()
	return s
}

func (s *Server) newApp() *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: "waybill", DisableStartupMessage: true, StrictRouting: true, CaseSensitive: true,
		// Without it kept strings and bodies become another request's.
		Immutable: true,
		BodyLimit: max(s.maxBody, maxJSON),
		// Gateways add headers of their own; the default of 4 KiB is soon full.
		ReadBufferSize: 16 << 10,
		ReadTimeout:    time.Minute,
		WriteTimeout:   time.Minute,
		IdleTimeout:    2 * time.Minute,
		ErrorHandler:   s.fail,
	})
	app.Use(s.identify)
	return app
}

// routes registers every route, each with its rule.
func (s *Server) routes() {
	router := guarded{Router: s.app, server: s}
	s.operatorRoutes(router)
	s.carrierRoutes(router)
	s.fleetRoutes(router)
	s.trackRoutes(router)
	s.pageRoutes(router)
	s.caseRoutes(router)
	s.returnRoutes(router)
	s.parcelRoutes(router)
	s.proofRoutes(router)
	s.wishRoutes(router)
	s.signInRoutes(router)
	s.accountRoutes(router)
	s.webhookPages(router)
	s.sellerPageRoutes(router)
	s.operatorPageRoutes(router)
	s.agentPageRoutes(router)
	s.driftPageRoutes(router)
	s.carrierPageRoutes(router)
	s.providerRoutes(router)
	s.easyPostRoutes(router)
	s.humaRoutes(router)
}

// App gives the handler, for tests that need no network.
func (s *Server) App() *fiber.App { return s.app }

// Listen serves at an address until Shutdown. The context bounds the opening of the address alone.
func (s *Server) Listen(ctx context.Context, address string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen at %s: %w", address, err)
	}
	return s.Serve(listener)
}

// Serve serves a listener until Shutdown.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.app.Listener(listener); err != nil {
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	}
	return nil
}

// Shutdown takes no new requests in, closes the live streams and waits for what is under way, at most as long as the
// context holds.
func (s *Server) Shutdown(ctx context.Context) error {
	s.closed.Do(func() { close(s.closing) })
	defer s.behind.Wait()
	if err := s.app.ShutdownWithContext(ctx); err != nil {
		return errors.Join(errors.New("some requests were cut off at shutdown"), err)
	}
	return nil
}
