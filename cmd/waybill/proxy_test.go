package main

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"waybill/tracker/mongo/mongotest"
)

// startProxy puts a proxy before a server, whose connections can be cut, frozen and slowed.
func startProxy(t *testing.T, upstream string) *toxiproxy.Proxy {
	t.Helper()
	control := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	proxy := toxiproxy.NewProxy(control, "database", "127.0.0.1:0", upstream)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	return proxy
}

func TestMongoDBCutFrozenAndSlowedLosesNothing(t *testing.T) {
	mails := startMailServer(t)
	database := mongotest.StartFile(t)
	proxy := startProxy(t, database.Addr())
	// Redis is not what is tried here: one process has the queue inside.
	environ := append(engines(mongotest.URIOf(proxy.Listen), "waybill_test", ""), mails.environ()...)
	environ = withoutRedis(environ)
	p := server(t, environ, "serve")
	s := openShop(t, append(environ, "WAYBILL_PUBLIC_URL="+p.Base), p.Base)
	l := newLoad(s, 16)
	id := s.register(l.numbers[0])
	s.subscribe(id, "email", "ada@example.com")
	toxins := []struct{ name, toxic string }{
		{"cut", `{"name":"cut","type":"reset_peer","attributes":{"timeout":0}}`},
		{"frozen", `{"name":"frozen","type":"timeout","attributes":{"timeout":0}}`},
		{"slow", `{"name":"slow","type":"latency","attributes":{"latency":150,"jitter":50}}`},
	}
	l.chaos(t, len(toxins), func(round int) {
		toxin := toxins[round]
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxin.toxic)); err != nil {
			t.Fatal(err)
		}
		taken, failed := l.counts()
		if toxin.name == "slow" {
			eventually(t, "scans go through slowly", func() bool { now, _ := l.counts(); return now > taken+4 })
		} else {
			eventually(t, "scans are refused while the database is "+toxin.name, func() bool { _, now := l.counts(); return now > failed })
		}
		if err := proxy.Toxics.RemoveToxic(context.Background(), toxin.name); err != nil {
			t.Fatal(err)
		}
	})
	l.check(t)
	s.scan(l.numbers[0], "FS", "DELIVERED", time.Now())
	s.awaitTold(id, "delivered")
	mails.noneTwice(t)
	if l.refusedWith != http.StatusServiceUnavailable {
		t.Errorf("without the database a scan is answered with %d, want 503", l.refusedWith)
	}
	p.Stop()
}

// withoutRedis leaves Redis' address out of settings.
func withoutRedis(environ []string) []string {
	var list []string
	for _, variable := range environ {
		if !strings.HasPrefix(variable, "WAYBILL_REDIS_URL=") {
			list = append(list, variable)
		}
	}
	return list
}
