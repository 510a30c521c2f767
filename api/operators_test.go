package api_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waybill/api"
	"waybill/tracker"
	"waybill/tracker/audit"
)

// quarantined posts what nobody can read, and gives the id of its receipt.
func (h *house) quarantined() string {
	h.t.Helper()
	h.account("ups", "main", "credential", "", "s3cret")
	a := h.do(http.MethodPost, upsPath, "", `{"unheard":"of <b>it</b>"}`, "credential", "s3cret")
	id, _ := a.json(h.t)["receipt"].(string)
	if id == "" {
		h.t.Fatalf("%d %s", a.status, a.body)
	}
	return id
}

// entries are the audit log's about a record, the newest first.
func (h *house) entries(subject string) []*tracker.AuditEntry {
	h.t.Helper()
	list, err := tracker.LoadList[tracker.AuditEntry](h.t.Context(), h.store, tracker.ListOfSubject(subject), tracker.Page{})
	must(h.t, err)
	return list
}

func TestAnOperatorLooksAtAPayloadAndHasItReadAgain(t *testing.T) {
	h := newHouse(t)
	id := h.quarantined()
	b := h.person("op@example.com", operatorSeat)
	if a := b.get("/operators/quarantine"); a.status != http.StatusOK || !strings.Contains(string(a.body), `href="/operators/quarantine/`+id+`"`) {
		t.Fatalf("the list: %d %s", a.status, a.body)
	}
	if list := h.entries(id); len(list) != 0 {
		t.Errorf("the list alone was written down: %+v", list[0])
	}
	a := b.get("/operators/quarantine/" + id)
	if !strings.Contains(string(a.body), "of &lt;b&gt;it&lt;/b&gt;") {
		t.Errorf("the payload is not shown as text: %d %s", a.status, a.body)
	}
	list := h.entries(id)
	if len(list) != 1 || list[0].Action != "payload.read" || !strings.HasPrefix(list[0].Actor, "usr_") {
		t.Fatalf("the look is not in the audit log: %v", list)
	}
	a = b.post("/operators/quarantine/"+id+"/replay", nil)
	if to := a.header.Get("Location"); to != "/operators/quarantine/"+id+"?said=unread" {
		t.Errorf("what still cannot be read leads to %q: %d %s", to, a.status, a.body)
	}
	receipt, err := tracker.Load[tracker.Receipt](t.Context(), h.store, id)
	must(t, err)
	receipt.Quarantine = ""
	must(t, tracker.Save(t.Context(), h.store, receipt))
	if a := h.do(http.MethodPost, "/v1/operator/quarantine/"+id+"/replay", h.operator, nil); a.status != http.StatusConflict {
		t.Errorf("what is not in quarantine: %d %s", a.status, a.body)
	}
}

func TestWhatCanBeReadNowLeavesTheQuarantine(t *testing.T) {
	h := newHouse(t)
	h.account("ups", "main", "credential", "", "s3cret")
	a := h.do(http.MethodPost, upsPath, "", upsScan, "credential", "s3cret")
	id, _ := a.json(t)["receipt"].(string)
	receipt, err := tracker.Load[tracker.Receipt](t.Context(), h.store, id)
	must(t, err)
	receipt.Quarantine = "the mapping of then did not know it"
	must(t, tracker.Save(t.Context(), h.store, receipt))
	a = h.do(http.MethodPost, "/v1/operator/quarantine/"+id+"/replay", h.operator, nil)
	if a.json(t)["read"] != true {
		t.Errorf("%d %s", a.status, a.body)
	}
	if items, _ := h.do(http.MethodGet, "/v1/operator/quarantine", h.operator, nil).json(t)["items"].([]any); len(items) != 0 {
		t.Errorf("%d are still in quarantine", len(items))
	}
}

func TestDeadWorkAndQueuesOnTheirPage(t *testing.T) {
	var tried string
	h := newHouse(t, func(o *api.Options) {
		o.Retry = func(_ context.Context, task *tracker.DeadTask) error { tried = task.ID; return nil }
		o.Queues = func(context.Context) ([]api.Queue, error) { return []api.Queue{{Name: "standard", Waiting: 4711}}, nil }
	})
	must(t, tracker.Save(t.Context(), h.store, &tracker.DeadTask{ID: "legs:ups:1Z/9 9", Kind: "legs", Error: "no <route>", At: noon}))
	b := h.person("op@example.com", operatorSeat)
	page := string(b.get("/operators/tasks").body)
	if !strings.Contains(page, "no &lt;route&gt;") || !strings.Contains(page, "<td>4711</td>") {
		t.Fatal(page)
	}
	_, rest, _ := strings.Cut(page, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	if a := b.post("/operators/tasks/retry", url.Values{"id": {id}}); a.header.Get("Location") != "/operators/tasks?said=retried" || tried != "legs:ups:1Z/9 9" {
		t.Errorf("%d %s, tried %q", a.status, a.body, tried)
	}
	if a := h.do(http.MethodGet, "/v1/operator/queues", h.operator, nil); !strings.Contains(string(a.body), `"waiting":4711`) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAQueueThatIsNotThereTakesNoPageAway(t *testing.T) {
	h := newHouse(t, func(o *api.Options) {
		o.Queues = func(context.Context) ([]api.Queue, error) { return nil, errors.New("connection refused") }
	})
	b := h.person("op@example.com", operatorSeat)
	if a := b.get("/operators/tasks"); a.status != http.StatusOK || !strings.Contains(string(a.body), "cannot be read now") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAPersonIsExportedAndErasedOnAPage(t *testing.T) {
	h := newHouse(t)
	id := h.shipment(map[string]any{"recipient": ada, "order": "1001"})
	b := h.person("op@example.com", operatorSeat)
	b.get("/operators/persons")
	who := url.Values{"email": {"ADA@example.com"}}
	if a := b.post("/operators/persons", url.Values{"email": {" "}}); !strings.Contains(string(a.body), `role="alert"`) {
		t.Errorf("nobody was named: %d %s", a.status, a.body)
	}
	a := b.post("/operators/persons", who)
	b.page = a
	if !strings.Contains(string(a.body), id) || strings.Contains(string(a.body), "Lovelace") {
		t.Fatalf("found: %d %s", a.status, a.body)
	}
	if a := b.post("/operators/persons/export", who); !strings.Contains(string(a.body), "Lovelace") || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("exported: %d %v %s", a.status, a.header, a.body)
	}
	if a := b.post("/operators/persons/erase", who); strings.Contains(string(a.body), "Erased") {
		t.Fatal("it erases without being sure")
	}
	who.Set("sure", "yes")
	if a := b.post("/operators/persons/erase", who); !strings.Contains(string(a.body), "Erased") {
		t.Fatalf("erased: %d %s", a.status, a.body)
	}
	one := h.do(http.MethodGet, "/v1/shipments/"+id, h.seller, nil)
	if one.status != http.StatusOK || strings.Contains(string(one.body), "Lovelace") || !strings.Contains(string(one.body), "1001") {
		t.Errorf("the seller's record: %d %s", one.status, one.body)
	}
	var actions []string
	for _, e := range h.entries(id) {
		actions = append(actions, e.Action)
	}
	if got := strings.Join(actions, " "); got != "person.erased person.found person.exported person.found" {
		t.Errorf("the audit log has %q", got)
	}
	if rows := h.everything(); bytes.Contains(rows, []byte("ada@example")) {
		t.Error("an audit entry holds an address")
	}
	if a := h.do(http.MethodPost, "/v1/operator/persons/find", h.operator, map[string]any{"email": "ada@example.com"}); len(a.json(t)["shipments"].([]any)) != 0 {
		t.Errorf("still found: %s", a.body)
	}
}

// everything is the documents of the audit log.
func (h *house) everything() []byte {
	h.t.Helper()
	rows, err := h.store.Search(h.t.Context(), tracker.Audit, "", nil, tracker.Page{})
	must(h.t, err)
	var all []byte
	for _, row := range rows {
		all = append(all, row.Doc...)
	}
	return all
}

func TestTheAuditLogOnItsPageAndWhole(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodGet, "/v1/search?q=lovelace", h.agent, nil)
	b := h.person("op@example.com", operatorSeat)
	if a := b.get("/operators/audit"); !strings.Contains(string(a.body), "shipments.searched") || strings.Contains(string(a.body), "lovelace") {
		t.Errorf("%d %s", a.status, a.body)
	}
	report, err := audit.New(h.store, h.keys, h.clock.now, nil).Verify(t.Context(), audit.Anchor{})
	if err != nil || report.Entries != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}
