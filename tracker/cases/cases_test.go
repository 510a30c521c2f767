package cases_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/cases"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
	"waybill/tracker/storetest/memory"
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	agent = cases.Actor{By: "usr_1", Role: tracker.RoleAgent}
)

// office is a desk with a parcel of Ada's, and a clock that tests move.
type office struct {
	*cases.Desk
	t      *testing.T
	at     time.Time
	parcel *tracker.Shipment
}

func newOffice(t *testing.T, store tracker.Store) *office {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	must(t, err)
	o := &office{t: t, at: noon, parcel: &tracker.Shipment{ID: "WB1", Tenant: "acme", Order: "1001", CreatedAt: noon}}
	o.Desk = &cases.Desk{
		Store: store, Keys: keys, Now: func() time.Time { return o.at },
		Answer: 24 * time.Hour, Settle: 7 * 24 * time.Hour, Reopen: 14 * 24 * time.Hour,
	}
	key, err := tracker.SealRecipient(keys, o.parcel, tracker.Recipient{Name: "Ada Lovelace"}, noon)
	must(t, err)
	must(t, tracker.Save(t.Context(), store, key))
	must(t, tracker.Save(t.Context(), store, o.parcel))
	return o
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// report opens a case as the customer does.
func (o *office) report() *tracker.Case {
	o.t.Helper()
	c, err := o.Open(o.t.Context(), o.parcel, tracker.CaseMissing, "It never came.", cases.Customer)
	must(o.t, err)
	return c
}

// turn changes a case.
func (o *office) turn(c *tracker.Case, change func(t *cases.Turn) error) *tracker.Case {
	o.t.Helper()
	changed, err := o.Change(o.t.Context(), c.ID, change)
	must(o.t, err)
	return changed
}

func TestACaseFromTheReportToTheEnd(t *testing.T) {
	o := newOffice(t, memory.New())
	c := o.report()
	if c.State != tracker.CaseOpen || !c.DueAt.Equal(noon.Add(24*time.Hour)) {
		t.Fatalf("reported: %s, due %s", c.State, c.DueAt)
	}
	o.at = o.at.Add(2 * time.Hour)
	c = o.turn(c, func(t *cases.Turn) error {
		return errors.Join(t.Own(agent, agent.By), t.Note(agent, "The van was full."), t.Say(agent, "Is it with a neighbour?"), t.Move(agent, tracker.CaseWaitingCustomer))
	})
	if !c.AnsweredAt.Equal(o.at) || !c.DueAt.Equal(noon.Add(7*24*time.Hour)) || c.Owner != agent.By {
		t.Errorf("answered %s, due %s, owner %q", c.AnsweredAt, c.DueAt, c.Owner)
	}
	c = o.turn(c, func(t *cases.Turn) error { return t.Say(cases.Customer, "No, I asked them all.") })
	if c.State != tracker.CaseOpen {
		t.Errorf("the customer answered, and it is %s", c.State)
	}
	c = o.turn(c, func(t *cases.Turn) error {
		return errors.Join(t.Decide(agent, tracker.DecideReplacement, "WB2"), t.Move(agent, tracker.CaseResolved))
	})
	if c.State != tracker.CaseResolved || c.Replacement != "WB2" || !c.ResolvedAt.Equal(o.at) {
		t.Errorf("resolved: %+v", c)
	}
	said, err := o.Read(t.Context(), c)
	must(t, err)
	texts := []string{}
	for _, s := range cases.Public(said) {
		if s.Text != "" {
			texts = append(texts, s.By+": "+s.Text)
		}
	}
	if got, want := strings.Join(texts, " | "), "customer: It never came. | usr_1: Is it with a neighbour? | customer: No, I asked them all."; got != want {
		t.Errorf("the customer reads %q, want %q", got, want)
	}
	for _, name := range []string{"a day", "two weeks"} {
		span := map[string]time.Duration{"a day": 24 * time.Hour, "two weeks": 14 * 24 * time.Hour}[name]
		o.at = c.ResolvedAt.Add(span)
		closed, err := o.Close(t.Context(), c.ID)
		must(t, err)
		if (closed.State == tracker.CaseClosed) != (name == "two weeks") {
			t.Errorf("%s after it was resolved it is %s", name, closed.State)
		}
	}
	if _, err := o.Change(t.Context(), c.ID, func(t *cases.Turn) error { return t.Say(cases.Customer, "Hello?") }); !errors.Is(err, cases.ErrSettled) {
		t.Errorf("written to a closed case: %v", err)
	}
}

func TestWhatACaseRefuses(t *testing.T) {
	changes := map[string]func(t *cases.Turn) error{
		"no text":                      func(t *cases.Turn) error { return t.Say(agent, " \n") },
		"a novel":                      func(t *cases.Turn) error { return t.Say(agent, strings.Repeat("é", 4001)) },
		"a state that is none":         func(t *cases.Turn) error { return t.Move(agent, "pending") },
		"closed before it is resolved": func(t *cases.Turn) error { return t.Move(agent, tracker.CaseClosed) },
		"a decision that is none":      func(t *cases.Turn) error { return t.Decide(agent, "apology", "") },
		"a refund with a shipment":     func(t *cases.Turn) error { return t.Decide(agent, tracker.DecideRefund, "WB2") },
		"a claim without a reference":  func(t *cases.Turn) error { return t.Claim(agent, tracker.CarrierClaim{Carrier: "ups"}) },
		"a claim with a strange outcome": func(t *cases.Turn) error {
			return t.Claim(agent, tracker.CarrierClaim{Reference: "C1", Outcome: "maybe"})
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, memory.New())
			c := o.report()
			if _, err := o.Change(t.Context(), c.ID, change); !errors.Is(err, cases.ErrInput) {
				t.Fatalf("got %v", err)
			}
			kept, err := tracker.Load[tracker.Case](t.Context(), o.Store, c.ID)
			must(t, err)
			if len(kept.Entries) != 1 || kept.Version() != c.Version() {
				t.Errorf("it left a trace: %+v", kept.Entries)
			}
		})
	}
}

func TestAFormThatIsPostedAgainAndAgain(t *testing.T) {
	o := newOffice(t, memory.New())
	for range 5 {
		o.report()
	}
	if _, err := o.Open(t.Context(), o.parcel, tracker.CaseLate, "Again.", cases.Customer); !errors.Is(err, cases.ErrInput) {
		t.Errorf("a sixth open case: %v", err)
	}
}

func TestOfAnErasedPersonNothingIsRead(t *testing.T) {
	o := newOffice(t, memory.New())
	c := o.report()
	if bytes.Contains(c.Sealed, []byte("never came")) {
		t.Fatal("the text lies open")
	}
	key, err := tracker.Load[tracker.DataKey](t.Context(), o.Store, o.parcel.DataKey)
	must(t, err)
	remove, err := tracker.Encode(key)
	must(t, err)
	remove.Delete = true
	must(t, tracker.ErrorOf(o.Store.Apply(t.Context(), []tracker.Write{remove})))
	c, err = tracker.Load[tracker.Case](t.Context(), o.Store, c.ID)
	must(t, err)
	said, err := o.Read(t.Context(), c)
	must(t, err)
	if len(said) != 1 || said[0].Text != "" {
		t.Errorf("read %+v", said)
	}
	c = o.turn(c, func(t *cases.Turn) error { return t.Move(agent, tracker.CaseResolved) })
	if c.State != tracker.CaseResolved || c.Sealed != nil {
		t.Errorf("resolved after the erasure: %s, %d bytes sealed", c.State, len(c.Sealed))
	}
	if _, err := o.Change(t.Context(), c.ID, func(t *cases.Turn) error { return t.Note(agent, "Who was it?") }); !errors.Is(err, cases.ErrInput) {
		t.Errorf("written to: %v", err)
	}
}

func TestManyWriteToOneCaseAtOnce(t *testing.T) {
	stores := map[string]func(t *testing.T) tracker.Store{
		"SQLite": func(t *testing.T) tracker.Store {
			store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
			must(t, err)
			t.Cleanup(func() { must(t, store.Close()) })
			return store
		},
		"MongoDB": func(t *testing.T) tracker.Store {
			uri := mongotest.Start(t)
			store, err := mongo.Open(t.Context(), uri, mongotest.Database(t, uri))
			must(t, err)
			t.Cleanup(func() { _ = store.Close() })
			return store
		},
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			const writers = 8
			o := newOffice(t, open(t))
			c := o.report()
			var group sync.WaitGroup
			for range writers {
				group.Go(func() {
					if _, err := o.Change(t.Context(), c.ID, func(t *cases.Turn) error { return t.Say(agent, "Looking into it.") }); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			c, err := tracker.Load[tracker.Case](t.Context(), o.Store, c.ID)
			must(t, err)
			said, err := o.Read(t.Context(), c)
			must(t, err)
			if len(said) != 1+writers || said[writers].Text != "Looking into it." {
				t.Errorf("of %d messages %d are kept", 1+writers, len(said))
			}
			for list, want := range map[string]int{
				tracker.ListOfOpenCases(""): 1, tracker.ListOfOpenCases("acme"): 1, tracker.ListOfOpenCases("globex"): 0,
				tracker.ListOfCases("", tracker.CaseOpen): 1, tracker.ListOfCases("acme", tracker.CaseResolved): 0,
			} {
				found, err := tracker.LoadList[tracker.Case](t.Context(), o.Store, list, tracker.Page{Limit: 10})
				if must(t, err); len(found) != want {
					t.Errorf("list %s has %d cases, want %d", list, len(found), want)
				}
			}
		})
	}
}
