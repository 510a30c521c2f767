package inbox

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waybill/adapters"
	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
)

type noFeed struct{}

func (noFeed) Publish(...string) {}

type noObserver struct{}

func (noObserver) Read(*tracker.Receipt, *tracker.Reading) {}

// status is a 214 of an invented shipment, statusless a payload that nobody can read.
const (
	status = "ISA*00*          *00*          *02*TSTC           *ZZ*WAYBILLTEST    *261120*1405*U*00401*000000017*0*T*>~" +
		"GS*QM*TSTC*WAYBILLTEST*20261120*1405*17*X*004010~ST*214*0001~B10*P1**TSTC~LX*1~AT7*D1*NS***20261118*0930*UT~" +
		"SE*5*0001~GE*1*17~IEA*1*000000017~"
	statusless = "no carrier writes like this"
)

type house struct {
	t        *testing.T
	dir      string
	store    tracker.Store
	in       *tracker.Ingest
	carriers *adapters.Registry
	now      time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC)}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
	h.must(err)
	t.Cleanup(func() { _ = store.Close() })
	h.store = store
	keys, err := seal.New(make([]byte, seal.KeySize))
	h.must(err)
	h.carriers, err = adapters.New()
	h.must(err)
	h.in = tracker.NewIngest(tracker.IngestOptions{
		Store: store, Reader: h.carriers, Keys: keys, Now: func() time.Time { return h.now }, Log: slog.New(slog.DiscardHandler),
		Observer: noObserver{}, Feed: noFeed{},
	})
	t.Cleanup(h.in.Close)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// inbox is a process of that name, which watches the folder.
func (h *house) inbox(owner string) *Inbox {
	return New(Options{
		Dir: h.dir, Store: h.store, Ingest: h.in, MaxFile: 10_000, Interval: time.Second, Owner: owner,
		Now: func() time.Time { return h.now }, Log: slog.New(slog.DiscardHandler),
		Known: func(carrier string) bool { return h.carriers.Carrier(carrier) != nil },
		Recognise: func(body []byte) (string, bool) {
			carrier, _, ok := h.carriers.Recognise(body)
			return carrier, ok
		},
	})
}

func (h *house) put(path, content string) {
	h.t.Helper()
	h.must(os.MkdirAll(filepath.Dir(filepath.Join(h.dir, path)), 0o750))
	h.must(os.WriteFile(filepath.Join(h.dir, path), []byte(content), 0o600))
}

func (h *house) read(path string) string {
	h.t.Helper()
	content, err := os.ReadFile(filepath.Join(h.dir, path))
	h.must(err)
	return string(content)
}

func (h *house) there(path string) bool {
	_, err := os.Stat(filepath.Join(h.dir, path))
	return err == nil
}

// receipts counts those of an account.
func (h *house) receipts(carrier, account string) int {
	h.t.Helper()
	list, err := tracker.LoadList[tracker.Receipt](h.t.Context(), h.store, tracker.ListOfAccount(carrier, account), tracker.Page{Limit: 100})
	h.must(err)
	return len(list)
}

func TestAFileIsTakenInWhenItKeepsItsSize(t *testing.T) {
	h := newHouse(t)
	b := h.inbox("one")
	h.put("x12_214/acme/status.edi", status[:200])
	h.must(b.Look(t.Context()))
	h.put("x12_214/acme/status.edi", status)
	h.put("x12_214/acme/other.edi.part", status)
	h.must(b.Look(t.Context()))
	if n := h.receipts("x12_214", "acme"); n != 0 {
		t.Fatalf("%d receipts of a file that still grows", n)
	}
	h.must(b.Look(t.Context()))
	if n := h.receipts("x12_214", "acme"); n != 1 || !h.there("x12_214/acme/done/status.edi") || h.there("x12_214/acme/status.edi") {
		t.Errorf("%d receipts; the file was not taken in and moved", n)
	}
	if !h.there("x12_214/acme/other.edi.part") {
		t.Error("a partial file was moved")
	}
	if answer := h.read("x12_214/acme/out/status.edi.997"); !strings.Contains(answer, "~AK5*A~") {
		t.Errorf("acknowledged by %q", answer)
	}
}

func TestAnIftstaThatAsksForItsContrlHasOne(t *testing.T) {
	h := newHouse(t)
	b := h.inbox("one")
	const quiet = "UNB+UNOC:3+CARRIER+SHOP+261118:1200+9'UNH+1+IFTSTA:D:96A:UN'CNI+1+C1'STS+1+21'DTM+334:202611181030:203'UNT+5+1'UNZ+1+9'"
	h.put("edifact_iftsta/quiet.edi", quiet)
	h.put("edifact_iftsta/asking.edi", strings.Replace(quiet, "+9'UNH", "+9++++1'UNH", 1))
	h.must(b.Look(t.Context()))
	h.must(b.Look(t.Context()))
	if answer := h.read("edifact_iftsta/out/asking.edi.contrl"); !strings.Contains(answer, "UCI+9+CARRIER+SHOP+7'") {
		t.Errorf("answered by %q", answer)
	}
	if h.there("edifact_iftsta/out/quiet.edi.contrl") {
		t.Error("one that did not ask is answered")
	}
}

func TestTheSameContentIsTakenInOnce(t *testing.T) {
	h := newHouse(t)
	b := h.inbox("one")
	for _, name := range []string{"a.edi", "b.edi", "a.edi"} {
		h.put("x12_214/"+name, status)
		h.must(b.Look(t.Context()))
		h.must(b.Look(t.Context()))
	}
	if n := h.receipts("x12_214", "inbox"); n != 1 {
		t.Errorf("%d receipts of one content", n)
	}
	done, err := os.ReadDir(filepath.Join(h.dir, "x12_214", doneFolder))
	h.must(err)
	if len(done) != 3 {
		t.Errorf("%d files are kept of three", len(done))
	}
}

func TestWhatCannotBeTakenInIsKeptWithItsReason(t *testing.T) {
	h := newHouse(t)
	h.put("unknown.txt", statusless)
	h.put("nobody/scan.json", `{"a":1}`)
	h.put("ups/odd.json", statusless)
	h.put("ups/large.json", strings.Repeat("x", 10_001))
	b := h.inbox("one")
	h.must(b.Look(t.Context()))
	h.must(b.Look(t.Context()))
	for beside, reason := range map[string]string{
		"failed/unknown.txt": "not recognised", "nobody/failed/scan.json": "No carrier has the code",
		"ups/failed/odd.json": "Nothing could be read", "ups/failed/large.json": "10001 bytes",
	} {
		if !h.there(beside) || !strings.Contains(h.read(beside+".reason.txt"), reason) {
			t.Errorf("%s: not there, or without a reason that says %q", beside, reason)
		}
	}
	if n := h.receipts("ups", "inbox"); n != 1 {
		t.Errorf("%d receipts, want that of the unreadable file", n)
	}
}

func TestACrashBetweenReceiptAndNoteTakesNothingInTwice(t *testing.T) {
	h := newHouse(t)
	h.put("status.edi", status)
	crashing := h.inbox("one")
	crashing.once.Store = &forgetful{Store: h.store, forgets: 2}
	h.must(crashing.Look(t.Context()))
	if err := crashing.Look(t.Context()); err == nil {
		t.Fatal("the crash went unnoticed")
	}
	if n := h.receipts("x12_214", "inbox"); n != 1 || !h.there("status.edi") {
		t.Fatalf("%d receipts; the crash came at another place than meant", n)
	}
	h.now = h.now.Add(time.Hour)
	next := h.inbox("two")
	h.must(next.Look(t.Context()))
	h.must(next.Look(t.Context()))
	if n := h.receipts("x12_214", "inbox"); n != 1 || !h.there("done/status.edi") {
		t.Errorf("%d receipts after the crash, want one and the file in done/", n)
	}
}

func TestManyWhoBringOneContentTakeItInOnce(t *testing.T) {
	h := newHouse(t)
	once := &Once{Store: h.store, Ingest: h.in, Now: func() time.Time { return h.now }, Source: tracker.FromImport, By: "import"}
	var all sync.WaitGroup
	var fresh atomic.Int32
	for range 20 {
		all.Go(func() {
			n, known, err := once.TakeIn(t.Context(), "x12_214", "import", []byte(status))
			if err != nil || n.Shipments != 1 || n.Events != 1 {
				t.Errorf("%+v, %v", n, err)
			}
			if !known {
				fresh.Add(1)
			}
		})
	}
	all.Wait()
	if n := h.receipts("x12_214", "import"); n != 1 || fresh.Load() != 1 {
		t.Errorf("%d receipts, %d times fresh", n, fresh.Load())
	}
}

func TestOneOfTwoProcessesWatches(t *testing.T) {
	h := newHouse(t)
	h.put("status.edi", status)
	first, second := h.inbox("one"), h.inbox("two")
	h.must(first.Look(t.Context()))
	h.must(second.Look(t.Context()))
	h.must(second.Look(t.Context()))
	if h.there("done/status.edi") {
		t.Error("the second worked in spite of the first's lease")
	}
	h.now = h.now.Add(time.Hour) // the first is gone
	h.must(second.Look(t.Context()))
	h.must(second.Look(t.Context()))
	if !h.there("done/status.edi") {
		t.Error("nobody took the dead one's place")
	}
}

// forgetful loses the write of a file's note of that number.
type forgetful struct {
	tracker.Store
	forgets, notes int
}

func (s *forgetful) Apply(ctx context.Context, writes []tracker.Write) ([]error, error) {
	if writes[0].Table == tracker.Idempotency {
		if s.notes++; s.notes == s.forgets {
			return nil, tracker.ErrUnavailable
		}
	}
	return s.Store.Apply(ctx, writes)
}
