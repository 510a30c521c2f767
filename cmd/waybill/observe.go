package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// trace sends traces to the collector of the settings, where one is named.
func (a *app) trace(ctx context.Context) error {
	if a.config.OTel.Endpoint == "" {
		return nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(a.config.OTel.Endpoint+"/v1/traces"))
	if err != nil {
		return fmt.Errorf("otel.endpoint: %w", err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", "waybill-"+string(a.role)))),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(a.config.OTel.SampleRatio))),
	)
	a.tracer = provider.Tracer("waybill")
	a.atEnd(func() error {
		const patience = 5 * time.Second
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if err := provider.Shutdown(within); err != nil {
			a.log.Warn("the last traces were not delivered", "error", err)
		}
		return nil
	})
	return nil
}

// figuresFor is who may read /metrics beside the pages: nobody, where they have a listener of their own.
func (a *app) figuresFor() []netip.Prefix {
	if a.config.Metrics.Listen != "" {
		return []netip.Prefix{}
	}
	return a.config.Metrics.Allow
}

// serveFigures serves /metrics, /healthz and /readyz on the listener of the setting metrics.listen.
func (a *app) serveFigures(ctx context.Context) error {
	listener, err := listen(ctx, a.config.Metrics.Listen)
	if err != nil {
		return fmt.Errorf("metrics.listen: %w", err)
	}
	mux := http.NewServeMux()
	figures := a.measures.Handler()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if !a.mayRead(r.RemoteAddr) {
			http.Error(w, "the metrics are not open to this address; see the setting metrics.allow", http.StatusForbidden)
			return
		}
		figures.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, `{"status":"ok"}`) })
	mux.HandleFunc("GET /readyz", a.ready)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve metrics: %w", err)
	}
	return nil
}

// mayRead reports whether an address is among those of the setting metrics.allow.
func (a *app) mayRead(remote string) bool {
	address, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	for _, prefix := range a.config.Metrics.Allow {
		if prefix.Contains(address.Addr().Unmap()) {
			return true
		}
	}
	return false
}

// ready says whether the store commits; without Redis a worker waits, and says so.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	status, answer := http.StatusOK, readiness{Ready: true, Dependencies: map[string]string{"store": "ok", "redis": "ok"}}
	if err := a.store.Ping(ctx); err != nil {
		a.log.Warn("a dependency does not answer", "dependency", "store", "error", err)
		answer.Dependencies["store"] = "does not answer; the log has the cause"
		status, answer.Ready = http.StatusServiceUnavailable, false
	}
	if err := a.queue.Ping(ctx).Err(); err != nil {
		answer.Dependencies["redis"] = "does not answer; work waits in the store"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		a.log.Debug("a probe did not wait for its answer", "error", err)
	}
}

// readiness is the answer of /readyz, as the API has it.
type readiness struct {
	Ready        bool              `json:"ready"`
	Dependencies map[string]string `json:"dependencies"`
}
