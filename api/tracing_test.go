package api_test

import (
	"net/http"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"waybill/api"
)

func TestRequestsAreTracedUnderTheirRoute(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	provider := trace.NewTracerProvider(trace.WithSpanProcessor(spans))
	h := newHouse(t, func(o *api.Options) { o.Tracer = provider.Tracer("test") })
	h.do(http.MethodGet, "/v1/track/NOPE1", "", nil, "Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	ended := spans.Ended()
	if len(ended) != 1 {
		t.Fatalf("%d spans", len(ended))
	}
	if ended[0].Name() != "GET /v1/track/:number" || ended[0].SpanContext().TraceID().String() != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("span %q of trace %s", ended[0].Name(), ended[0].SpanContext().TraceID())
	}
	for _, a := range ended[0].Attributes() {
		if a.Key == "http.response.status_code" && a.Value.AsInt64() != http.StatusNotFound {
			t.Errorf("status %d", a.Value.AsInt64())
		}
	}
}
