package notify

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"waybill/tracker"
	"waybill/tracker/storetest/memory"
)

const pickupCode = "QX-7741-KW"

// lockerReader reads a payload that is the code of a locker in which the parcel now waits.
type lockerReader struct{ at time.Time }

func (lockerReader) Version(string) string { return "1" }

func (r lockerReader) Read(receipt *tracker.Receipt) tracker.Reading {
	return tracker.Reading{Carrier: receipt.Carrier, Format: "locker", Shipments: []tracker.ReadShipment{{
		Number: receipt.Account, Events: []tracker.Event{{Kind: "in_locker", Substatus: "in_locker", Time: tracker.StampAt(r.at)}},
		Facts:    tracker.Facts{Pickup: "Locker 12, Kiosk Sonne", PickupHours: "8–20"},
		Personal: tracker.Personal{PickupCode: string(receipt.Body)},
	}}}
}

type nothingRead struct{}

func (nothingRead) Read(*tracker.Receipt, *tracker.Reading) {}
func (nothingRead) Publish(...string)                       {}

// locker is an office whose parcel waits in a locker, the code of which came in by the way of all scans.
type locker struct {
	*office

	log  bytes.Buffer
	text *script
	push *script
}

func newLocker(t *testing.T) *locker {
	t.Helper()
	l := &locker{office: newOffice(t), text: &script{}, push: &script{}}
	log := slog.New(slog.NewTextHandler(&l.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	clock := func() time.Time { return l.now }
	ingest := tracker.NewIngest(tracker.IngestOptions{
		Store: l.store, Reader: lockerReader{l.now}, Keys: l.keys, Feed: nothingRead{}, Observer: nothingRead{}, Now: clock, Log: log,
	})
	defer ingest.Close()
	shipments, errs := ingest.Register(t.Context(), []tracker.NewShipment{{Tenant: "acme", Zone: "Europe/Berlin"}})
	if errs[0] != nil {
		t.Fatal(errs[0])
	}
	l.shipment = shipments[0]
	receipt := &tracker.Receipt{Source: tracker.FromSeller, Carrier: tracker.FleetCarrier, Account: l.shipment.ID, Body: []byte(pickupCode)}
	if _, err := ingest.Accept(t.Context(), receipt); err != nil {
		t.Fatal(err)
	}
	l.sender = NewSender(SenderOptions{
		Store: l.store, Keys: l.keys, Finder: tracker.NewFinder(l.store, l.keys, tracker.DefaultPatience, clock), PublicURL: "https://track.example.com",
		Channels: map[tracker.Channel]Channel{tracker.Email: l.email, tracker.SMS: l.text, tracker.Push: l.push}, Observer: l, Now: clock, Log: log,
	})
	for channel, address := range map[tracker.Channel]string{tracker.Email: "ada@example.com", tracker.SMS: "+4915112345678", tracker.Push: testDevice} {
		if _, err := l.desk.Recipient(t.Context(), l.shipment, Wish{Channel: channel, Address: address}); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// tell decides and sends that the parcel is ready, over all channels.
func (l *locker) tell() {
	l.tb.Helper()
	people, err := l.desk.Of(l.tb.Context(), l.shipment.ID)
	if err != nil {
		l.tb.Fatal(err)
	}
	tracking, err := tracker.NewFinder(l.store, l.keys, tracker.DefaultPatience, func() time.Time { return l.now }).Shipment(l.tb.Context(), l.shipment)
	if err != nil {
		l.tb.Fatal(err)
	}
	var ids []string
	for _, m := range Decide(Input{Shipment: l.shipment, Before: l.shipment.View, After: tracking.View, Subscriptions: people, Now: l.now}) {
		if m.Moment == tracker.MomentReadyForPickup {
			l.save(m)
			ids = append(ids, m.ID)
		}
	}
	for _, id := range ids { // all are stored before the first is sent, which may decide an e-mail in its place
		l.send(id)
	}
}

func TestAPickupCodeIsToldWhereItMay(t *testing.T) {
	byTenant := func(l *locker) {
		tenant, err := tracker.Load[tracker.Tenant](l.tb.Context(), l.store, "acme")
		if err != nil {
			l.tb.Fatal(err)
		}
		tenant.CodeBySMS = true
		l.save(tenant)
	}
	byPerson := func(l *locker) {
		id := recipientID(l.shipment.ID, tracker.SMS)
		choice := Choice{Channel: tracker.SMS, CodeBySMS: true}
		if err := l.desk.Choose(l.tb.Context(), id, l.keys.Sign(LinkPreferences, id), choice); err != nil {
			l.tb.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		before func(l *locker)
		sms    bool
	}{
		"by default":           {func(*locker) {}, false},
		"the seller chose SMS": {byTenant, true},
		"the person chose SMS": {byPerson, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLocker(t)
			c.before(l)
			l.tell()
			if len(l.email.sent) != 1 || len(l.text.sent) != 1 || len(l.push.sent) != 1 {
				t.Fatalf("sent %d, %d and %d times", len(l.email.sent), len(l.text.sent), len(l.push.sent))
			}
			mail := l.email.sent[0].Content
			if !strings.Contains(mail.Text, pickupCode) || !strings.Contains(mail.HTML, pickupCode) || !strings.Contains(mail.Text, "8–20") {
				t.Errorf("the e-mail lacks code or hours:\n%s", mail.Text)
			}
			if push := string(l.push.sent[0].Content.Push); !strings.Contains(push, pickupCode) {
				t.Errorf("the push lacks the code: %s", push)
			}
			if text := l.text.sent[0].Content.SMS; strings.Contains(text, pickupCode) != c.sms || !strings.Contains(text, "Kiosk Sonne") {
				t.Errorf("the SMS: %s", text)
			}
		})
	}
}

func TestAPickupCodeIsNobodyElses(t *testing.T) {
	l := newLocker(t)
	stranger, err := l.desk.Subscribe(t.Context(), l.shipment, Wish{Channel: tracker.Email, Address: "eve@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	stranger, err = tracker.Load[tracker.Subscription](t.Context(), l.store, stranger.ID)
	if err != nil {
		t.Fatal(err)
	}
	stranger.ConfirmedAt = l.now
	l.save(stranger)
	l.tell()
	for _, e := range l.email.sent {
		if told := strings.Contains(e.Content.Text, pickupCode); told != (e.To == "ada@example.com") {
			t.Errorf("%s was told the code: %v", e.To, told)
		}
	}
	if len(l.email.sent) != 2 {
		t.Errorf("%d e-mails were sent", len(l.email.sent))
	}
}

// The code is read when a message is sent, from where it is sealed: it stands open in no record and no line of the log.
func TestAPickupCodeStandsNowhereOpen(t *testing.T) {
	l := newLocker(t)
	l.push.answer = func(Envelope) error {
		return &Failure{Verdict: Permanent, What: "the platform refused it", Code: "400"}
	}
	l.tell()
	if !strings.Contains(l.email.sent[0].Content.Text, pickupCode) || l.log.Len() == 0 {
		t.Fatal("there is nothing to look for")
	}
	if strings.Contains(l.log.String(), pickupCode) {
		t.Errorf("the log tells it:\n%s", l.log.String())
	}
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	seen := 0
	for _, table := range tracker.Tables() {
		rows, err := l.store.(*memory.Store).Search(t.Context(), table, "", nil, tracker.Page{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			seen++
			plain, _ := decoder.DecodeAll(row.Doc[1:], nil) // those that are not compressed are read as they are
			for _, open := range [][]byte{row.Doc, plain, []byte(row.Key)} {
				if bytes.Contains(open, []byte(pickupCode)) {
					t.Errorf("it can be read in %s, row %s", table, row.Key)
				}
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d rows were looked at", seen)
	}
}

// A number that is used again brings no code of its earlier parcel, and a guessed number no code of somebody else's.
func TestAPickupCodeIsOfThisParcel(t *testing.T) {
	l := newLocker(t)
	finder := tracker.NewFinder(l.store, l.keys, tracker.DefaultPatience, func() time.Time { return l.now })
	tracking, err := finder.Shipment(t.Context(), l.shipment)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := tracking.Handed(l.keys); err != nil || h.Code != pickupCode {
		t.Fatalf("the code is %q, %v", h.Code, err)
	}
	other := tracking
	other.View.Milestone = tracker.Delivered
	if h, err := other.Handed(l.keys); err != nil || h.Code != "" {
		t.Errorf("collected, and the code is %q, %v", h.Code, err)
	}
	other = tracking
	other.Carriages = append([]tracker.Carriage(nil), tracking.Carriages...)
	other.Carriages[0].Generation.Events = []tracker.Event{{Time: tracker.StampAt(l.now.Add(day))}}
	if h, err := other.Handed(l.keys); err != nil || h.Code != "" {
		t.Errorf("of an earlier parcel, and the code is %q, %v", h.Code, err)
	}
	other = tracking
	other.Shipment = &tracker.Shipment{ID: "WB234567ABCDEFG02"}
	if h, err := other.Handed(l.keys); err != nil || h.Code != "" {
		t.Errorf("of somebody else's shipment, and the code is %q, %v", h.Code, err)
	}
}
