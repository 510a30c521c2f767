package erase_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/erase"
	"waybill/tracker/mongo"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	ada = tracker.Recipient{
		Name: "Ada Lovelace", Email: "ada@example.com", Phone: "+4915112345678",
		Address: tracker.Address{Lines: []string{"12 St James's Square"}, City: "London", PostalCode: "SW1Y 4JH", Country: "GB"},
	}
	grace = tracker.Recipient{Name: "Grace Hopper", Email: "grace@example.com", Address: tracker.Address{PostalCode: "10115"}}
)

// world is a store with parcels of two people.
type world struct {
	store tracker.Store
	keys  *seal.Keys
	desk  *erase.Desk
}

func newWorld(t *testing.T, store tracker.Store) *world {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{5}, seal.KeySize))
	must(t, err)
	w := &world{store: store, keys: keys, desk: &erase.Desk{Store: store, Keys: keys}}
	must(t, tracker.Save(t.Context(), store, &tracker.Tenant{ID: "acme", Name: "Acme", CreatedAt: noon}))
	return w
}

// parcel stores a parcel with a payload that told of its recipient, a leg, a message and a subscription; and gives it.
func (w *world) parcel(t *testing.T, id string, to tracker.Recipient) (*tracker.Shipment, *tracker.Subscription) {
	t.Helper()
	receipt := &tracker.Receipt{ID: "r-" + id, Carrier: "ups", ReceivedAt: noon}
	var err error
	receipt.Sealed, err = w.keys.Envelope([]byte("signed by "+to.Name), "receipt:"+receipt.ID)
	must(t, err)
	leg := &tracker.Leg{LegKey: tracker.LegKey{Carrier: "ups", Number: "1Z" + id}, Receipts: []string{receipt.ID}, CreatedAt: noon}
	leg.Sealed, err = w.keys.Envelope([]byte{0xa0}, "leg:"+leg.String()) // an empty CBOR map
	must(t, err)
	s := &tracker.Shipment{
		ID: id, Tenant: "acme", Order: "order-" + id, Legs: []tracker.ShipmentLeg{{LegKey: leg.LegKey, Since: noon}}, Registered: true, CreatedAt: noon,
	}
	key, err := tracker.SealRecipient(w.keys, s, to, noon)
	must(t, err)
	sub := &tracker.Subscription{ID: "s-" + id, Tenant: "acme", Shipment: id, Channel: tracker.Email, Recipient: true, CreatedAt: noon}
	subKey, err := tracker.SealAddress(w.keys, sub, to.Email, noon)
	must(t, err)
	message := &tracker.Message{ID: "m-" + id, Tenant: "acme", Shipment: id, Subscription: sub.ID, Channel: tracker.Email, State: tracker.MessageSent, DecidedAt: noon}
	preference := &tracker.Preference{Key: tracker.PreferenceKey("acme", sub.Blind), Channel: tracker.Email, ChangedAt: noon}
	for _, record := range []tracker.Record{receipt, leg, s, key, sub, subKey, message, preference} {
		must(t, tracker.Save(t.Context(), w.store, record))
	}
	return s, sub
}

func stores(t *testing.T) map[string]tracker.Store {
	t.Helper()
	file, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	must(t, err)
	uri := mongotest.Start(t)
	database, err := mongo.Open(context.Background(), uri, mongotest.Database(t, uri))
	must(t, err)
	t.Cleanup(func() { must(t, file.Close()); must(t, database.Close()) })
	return map[string]tracker.Store{"SQLite": file, "MongoDB": database}
}

func TestAPersonIsExportedAndErasedAndNobodyElse(t *testing.T) {
	for name, store := range stores(t) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, store)
			shipment, sub := w.parcel(t, "a1", ada)
			other, _ := w.parcel(t, "g1", grace)
			friend := &tracker.Subscription{ID: "friend", Tenant: "acme", Shipment: "a1", Channel: tracker.Email, CreatedAt: noon}
			friendKey, err := tracker.SealAddress(w.keys, friend, grace.Email, noon)
			must(t, err)
			must(t, tracker.Save(t.Context(), store, friend))
			must(t, tracker.Save(t.Context(), store, friendKey))
			for _, person := range []erase.Person{{Email: " ADA@example.com"}, {Phone: "+49 151 12345678"}} {
				kept, err := w.desk.Find(t.Context(), person)
				must(t, err)
				if len(kept.Shipments) != 1 || len(kept.Subscriptions) != 1 || kept.Shipments[0].ID != "a1" {
					t.Fatalf("by %+v are found %v", person, kept.IDs())
				}
			}
			kept, err := w.desk.Find(t.Context(), erase.Person{Email: ada.Email})
			must(t, err)
			export, err := w.desk.Export(t.Context(), kept)
			must(t, err)
			text, err := json.Marshal(export)
			must(t, err)
			for _, told := range []string{"Ada Lovelace", "St James's", "ada@example.com", `"state":"sent"`, "1Za1"} {
				if !bytes.Contains(text, []byte(told)) {
					t.Errorf("the export lacks %q: %s", told, text)
				}
			}
			must(t, w.desk.Erase(t.Context(), kept))
			must(t, w.desk.Erase(t.Context(), kept)) // once more, as after a crash
			w.expectErased(t, shipment, sub)
			if r, err := tracker.OpenRecipient(t.Context(), store, w.keys, other); err != nil || r.Name != grace.Name {
				t.Errorf("somebody else was erased too: %+v %v", r, err)
			}
			if address, err := tracker.OpenAddress(t.Context(), store, w.keys, friend); err != nil || address != grace.Email {
				t.Errorf("a friend's subscription was erased: %q %v", address, err)
			}
		})
	}
}

// expectErased opens what was kept of a person as it was before.
func (w *world) expectErased(t *testing.T, s *tracker.Shipment, sub *tracker.Subscription) {
	t.Helper()
	if r, err := tracker.OpenRecipient(t.Context(), w.store, w.keys, s); err != nil || r.Name != "" {
		t.Errorf("a copy of the sealed recipient still opens: %+v %v", r, err)
	}
	if address, err := tracker.OpenAddress(t.Context(), w.store, w.keys, sub); err != nil || address != "" {
		t.Errorf("a copy of the sealed address still opens: %q %v", address, err)
	}
	kept, err := w.desk.Find(t.Context(), erase.Person{Email: ada.Email, Phone: ada.Phone})
	must(t, err)
	if len(kept.IDs()) != 0 {
		t.Errorf("it is still found: %v", kept.IDs())
	}
	after, err := tracker.Load[tracker.Shipment](t.Context(), w.store, s.ID)
	must(t, err)
	if after.Order != s.Order || len(after.Sealed) > 0 || len(after.BlindTerms) > 0 || len(after.PostalProof) > 0 {
		t.Errorf("the seller's record is %+v", after)
	}
	leg, err := tracker.Load[tracker.Leg](t.Context(), w.store, "ups:1Z"+s.ID)
	must(t, err)
	if !leg.Frozen || len(leg.Sealed) > 0 {
		t.Errorf("the leg is frozen: %v, with %d sealed bytes", leg.Frozen, len(leg.Sealed))
	}
	for table, key := range map[tracker.Table]string{
		tracker.Receipts: "r-" + s.ID, tracker.Messages: "m-" + s.ID, tracker.Preferences: tracker.PreferenceKey("acme", sub.Blind),
	} {
		rows, err := w.store.Get(t.Context(), table, key)
		must(t, err)
		if len(rows) > 0 {
			t.Errorf("%s %s is still there", table, key)
		}
	}
}

// TestNothingOfAPersonIsLeftInTheFiles searches SQLite's raw files, while the store is open, for the wrapped data keys,
// the index terms and the sealed texts.
func TestNothingOfAPersonIsLeftInTheFiles(t *testing.T) {
	dir := t.TempDir()
	store, err := sqlite.Open(context.Background(), filepath.Join(dir, "waybill.db"))
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	w := newWorld(t, store)
	for i := range 200 { // others, among whose terms ada's lie in the index
		other := grace
		other.Email = fmt.Sprintf("grace%d@example.com", i)
		w.parcel(t, fmt.Sprintf("g%d", i), other)
	}
	shipment, sub := w.parcel(t, "a1", ada)
	must(t, store.Scrub(t.Context())) // all is in the file, merged, before anybody is erased
	traces := map[string][]byte{"the address' list": []byte(sub.Blind), "the sealed address": sub.Sealed[:24]}
	for name, id := range map[string]string{"the recipient's data key": shipment.DataKey, "the address' data key": sub.DataKey} {
		key, err := tracker.Load[tracker.DataKey](t.Context(), store, id)
		must(t, err)
		traces[name] = key.Wrapped
	}
	for _, term := range tracker.PersonTerms(w.keys, ada.Email, ada.Phone) {
		traces["the term "+term] = []byte(term[4:]) // the index keeps what a term shares with the one before it once
	}
	for name, trace := range traces {
		if !bytes.Contains(raw(t, dir), trace) {
			t.Fatalf("before the erasure the files lack %s: this test would see nothing", name)
		}
	}
	kept, err := w.desk.Find(t.Context(), erase.Person{Email: ada.Email})
	must(t, err)
	must(t, w.desk.Erase(t.Context(), kept))
	files := raw(t, dir)
	for name, trace := range traces {
		if bytes.Contains(files, trace) {
			t.Errorf("after the erasure the files still have %s", name)
		}
	}
	w.expectErased(t, shipment, sub)
}

// raw reads all of the database's files.
func raw(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		all = append(all, content...)
	}
	return all
}
