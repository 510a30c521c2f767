package api_test

import (
	"bufio"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"waybill/api"
)

// manyWatchers lets one address open as many streams as a test likes.
func manyWatchers(o *api.Options) {
	o.Limits.WatchersPerAddress, o.Limits.MaxWatchers = 100_000, 100_000
}

// watcher is an open stream with as little on our side as can be.
type watcher struct {
	conn  net.Conn
	lines *bufio.Reader
}

func openWatcher(t testing.TB, address, path string) *watcher {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	must(t, err)
	must(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: waybill.test\r\n\r\n", path)
	must(t, err)
	w := &watcher{conn, bufio.NewReaderSize(conn, 512)}
	if status, _, err := w.lines.ReadLine(); err != nil || !strings.Contains(string(status), " 200 ") {
		t.Fatalf("%v: %s", err, status)
	}
	return w
}

// event reads up to the next event's data, and reports whether it holds a text.
func (w *watcher) event(t testing.TB, text string) bool {
	t.Helper()
	var found bool
	for {
		line, more, err := w.lines.ReadLine()
		must(t, err)
		isData := strings.HasPrefix(string(line), "data:")
		found = isData && strings.Contains(string(line), text)
		for more { // longer than our buffer: look for the text across the parts
			last := string(line)
			line, more, err = w.lines.ReadLine()
			must(t, err)
			found = found || isData && strings.Contains(last+string(line), text)
		}
		if isData {
			return found
		}
	}
}

func TestAThousandWatchersSeeAScan(t *testing.T) {
	const watchers = 1000
	h := newHouse(t, manyWatchers)
	address := served(t, h)
	id := h.shipment(nil)
	all := make([]*watcher, watchers)
	for i := range all {
		all[i] = openWatcher(t, address, "/v1/track/"+id+"/live")
		t.Cleanup(func() { _ = all[i].conn.Close() })
	}
	for _, w := range all {
		w.event(t, "")
	}
	h.scan(id, "arrived", "2026-11-23T11:05:00Z")
	for i, w := range all {
		if !w.event(t, `"milestone":"in_transit"`) {
			t.Fatalf("watcher %d was told of something else", i)
		}
	}
}

// BenchmarkWatchers prints what an open stream costs the server in memory, both ends of the connection being in this process.
func BenchmarkWatchers(b *testing.B) {
	const watchers = 2000
	h := newHouse(b, unlimited, manyWatchers)
	address := "http://" + listen(b, h.Serve, h.Shutdown)
	id := h.shipment(nil)
	for b.Loop() {
		before := memoryInUse()
		all := make([]*watcher, watchers)
		for i := range all {
			all[i] = openWatcher(b, address, "/v1/track/"+id+"/live")
			all[i].event(b, "")
		}
		each := float64(memoryInUse()-before) / watchers
		b.ReportMetric(each/1000, "kB/watcher")
		b.ReportMetric(100e6/each, "watchers/100MB")
		b.StopTimer()
		for _, w := range all {
			_ = w.conn.Close()
		}
		b.StartTimer()
	}
}

// memoryInUse is the heap and the stacks in use, after what is free was collected.
func memoryInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
