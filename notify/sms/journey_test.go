package sms

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/notify"
	"waybill/notify/sms/twiliotest"
	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/sqlite"
)

type silent struct{}

func (silent) Told(*tracker.Message, string, string) {}

// customer is a person with a phone, a parcel that is out for delivery, and all between them and Twilio.
type customer struct {
	t        *testing.T
	store    tracker.Store
	fake     *twiliotest.Server
	api      *httptest.Server
	sender   *notify.Sender
	desk     *notify.Desk
	shipment *tracker.Shipment
	// ahead is how far the clock is.
	ahead time.Duration
}

func (c *customer) now() time.Time { return time.Now().Add(c.ahead) }

func (c *customer) load(id string) *tracker.Message {
	c.t.Helper()
	m, err := tracker.Load[tracker.Message](c.t.Context(), c.store, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

func newCustomer(t *testing.T) *customer {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	keys, err := seal.New(slices.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	c := &customer{t: t, store: store, fake: twiliotest.New(t), desk: notify.NewDesk(store, keys, time.Now)}
	// Twilio calls this back, as the api's routes do it.
	c.api = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		callbacks := NewCallbacks(twiliotest.AuthToken, c.sender)
		take := callbacks.Status
		if r.URL.Path == InboundPath {
			take = callbacks.Inbound
		}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		switch err := take(r.Context(), c.api.URL+r.URL.RequestURI(), r.PostForm, r.Header.Get("X-Twilio-Signature")); {
		case errors.Is(err, ErrSignature):
			w.WriteHeader(http.StatusUnauthorized)
		case err != nil:
			t.Error(err)
		}
	}))
	t.Cleanup(c.api.Close)
	channel := newChannel(t, c.fake, func(o *Options) { o.PublicURL = c.api.URL })
	c.sender = notify.NewSender(notify.SenderOptions{
		Store: store, Keys: keys, Finder: tracker.NewFinder(store, keys, tracker.DefaultPatience, time.Now), PublicURL: "https://track.example.com",
		Channels: map[tracker.Channel]notify.Channel{tracker.SMS: channel}, Observer: silent{}, Now: c.now,
		Log: slog.New(slog.DiscardHandler),
	})
	key := tracker.LegKey{Carrier: "ups", Number: "1Z999AA10123456784"}
	leg := &tracker.Leg{LegKey: key, CreatedAt: time.Now()}
	scan := tracker.Event{Kind: "OFD", Substatus: "out_for_delivery", Time: tracker.StampAt(time.Now())}
	receipt := &tracker.Receipt{ID: "r1", ReceivedAt: time.Now(), Source: tracker.FromWebhook}
	if _, err := leg.Absorb(receipt, tracker.ReadShipment{Events: []tracker.Event{scan}}, keys, time.Now()); err != nil {
		t.Fatal(err)
	}
	c.shipment = &tracker.Shipment{
		ID: "WB234567ABCDEFG01", Tenant: "acme", CreatedAt: time.Now(), Registered: true, Service: tracker.Standard, Locale: "de",
		Legs: []tracker.ShipmentLeg{{LegKey: key, Since: time.Now()}},
	}
	c.save(leg)
	c.save(c.shipment)
	return c
}

func (c *customer) save(record tracker.Record) {
	c.t.Helper()
	if err := tracker.Save(c.t.Context(), c.store, record); err != nil {
		c.t.Fatal(err)
	}
}

// message stores a message that the parcel is out for delivery, urgent so that the test runs at any hour.
func (c *customer) message(occurrence string) string {
	c.t.Helper()
	s, err := c.desk.Recipient(c.t.Context(), c.shipment, notify.Wish{Channel: tracker.SMS, Address: ada})
	if err != nil {
		c.t.Fatal(err)
	}
	id := notify.MessageID(c.shipment.ID, tracker.MomentAttemptFailed, occurrence, s.ID, tracker.SMS)
	c.save(&tracker.Message{
		ID: id, Tenant: "acme", Shipment: c.shipment.ID, Moment: tracker.MomentOutForDelivery, Subscription: s.ID, Channel: tracker.SMS,
		Occurrence: time.Now().UTC().Format(time.DateOnly), State: tracker.MessageDecided, DecidedAt: time.Now(), DueAt: time.Now(),
		Urgent: true, Locale: "de",
	})
	return id
}

func (c *customer) send(id string) *tracker.Message {
	c.t.Helper()
	if err := c.sender.Send(c.t.Context(), id); err != nil {
		c.t.Fatal(err)
	}
	return c.load(id)
}

func (c *customer) text(word string) {
	c.t.Helper()
	if status, err := c.fake.Text(c.api.URL+InboundPath, ada, number, word); err != nil || status != http.StatusOK {
		c.t.Fatalf("inbound %s: status %d, %v", word, status, err)
	}
}

func TestFromDecisionToPhoneAndBack(t *testing.T) {
	c := newCustomer(t)
	id := c.message("1")
	if m := c.send(id); m.State != tracker.MessageSent {
		t.Fatalf("%s: %s", m.State, m.Reason)
	}
	got := c.fake.Messages()[0]
	if !strings.HasPrefix(got.Body, "acme: Ihr Paket ist in der Zustellung. https://track.example.com/t/") || got.Segments != notify.Segments(got.Body) {
		t.Errorf("the phone shows, in %d segments: %s", got.Segments, got.Body)
	}
	answers, err := c.fake.CallBack(got, "delivered", "sent", "delivered", "queued")
	if err != nil || slices.ContainsFunc(answers, func(status int) bool { return status != http.StatusOK }) {
		t.Errorf("callbacks were answered %v, %v", answers, err)
	}
	if m := c.send(id); m.State != tracker.MessageArrived || m.Provider != got.SID || len(c.fake.Messages()) != 1 {
		t.Errorf("%s by %s; Twilio has %d messages", m.State, m.Provider, len(c.fake.Messages()))
	}
}

func TestAnUnknownOutcomeIsSettledByTheCallback(t *testing.T) {
	c := newCustomer(t)
	id := c.message("1")
	mend := c.fake.Garble(http.StatusCreated)
	if m := c.send(id); m.State != tracker.MessageUnknown {
		t.Fatalf("%s: %s", m.State, m.Reason)
	}
	mend()
	c.send(id) // never sent again blindly
	if n := len(c.fake.Messages()); n != 0 {
		t.Fatalf("Twilio has %d messages", n)
	}
	taken := twiliotest.Message{SID: "SM9", To: ada, From: number, StatusCallback: c.api.URL + StatusPath + "?message=" + id}
	if answers, err := c.fake.CallBack(taken, "sent", "undelivered 30003"); err != nil {
		t.Fatal(answers, err)
	}
	if m := c.send(id); m.State != tracker.MessageFailed || m.Provider != "SM9" || !strings.Contains(m.Reason, "could not be reached") {
		t.Errorf("%s by %s: %s", m.State, m.Provider, m.Reason)
	}
}

func TestAnUnknownOutcomeIsSettledByTwiliosList(t *testing.T) {
	for name, test := range map[string]struct {
		taken  bool // whether Twilio took the message whose answer was lost
		became []string
		want   tracker.MessageState
	}{
		"taken, on its way": {true, []string{"sent", ""}, tracker.MessageSent},
		"taken, delivered":  {true, []string{"delivered", ""}, tracker.MessageArrived},
		"taken, lost":       {true, []string{"undelivered", "30003"}, tracker.MessageFailed},
		"never taken":       {false, nil, tracker.MessageUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCustomer(t)
			earlier := c.message("0")
			if m := c.send(earlier); m.State != tracker.MessageSent { // the same words, which must not be taken for the other's
				t.Fatalf("%s: %s", m.State, m.Reason)
			}
			mend := c.fake.Garble(http.StatusCreated)
			if test.taken {
				mend()
				mend = c.fake.Swallow()
			}
			id := c.message("1")
			m := c.send(id)
			mend()
			if m.State != tracker.MessageUnknown || m.DueAt.Sub(m.TriedAt) != 3*time.Minute {
				t.Fatalf("%s (%s), due %s", m.State, m.Reason, m.DueAt)
			}
			if test.taken {
				c.fake.Become(c.fake.Messages()[1], test.became[0], test.became[1])
			}
			for range 3 {
				c.ahead += 10 * time.Minute
				m = c.send(id)
			}
			if m.State != test.want || !m.DueAt.IsZero() {
				t.Errorf("%s (%s), due %s; want %s", m.State, m.Reason, m.DueAt, test.want)
			}
			if test.taken && m.Provider != c.fake.Messages()[1].SID {
				t.Errorf("it is %s at Twilio", m.Provider)
			}
			if first := c.load(earlier); first.State != tracker.MessageSent {
				t.Errorf("the other message is %s", first.State)
			}
			if n := len(c.fake.Messages()); n != 1 && !test.taken || n > 2 {
				t.Errorf("Twilio has %d messages", n)
			}
		})
	}
}

// A process that died between Twilio's answer and its note leaves a message that is being sent.
func TestACrashIsSettledByTwiliosList(t *testing.T) {
	c := newCustomer(t)
	id := c.message("1")
	m := c.send(id)
	m.State, m.Provider, m.SentAt, m.DueAt = tracker.MessageSending, "", time.Time{}, m.TriedAt.Add(3*time.Minute)
	c.save(m)
	c.ahead = 5 * time.Minute
	if m = c.send(id); m.State != tracker.MessageSent || m.Provider != c.fake.Messages()[0].SID || len(c.fake.Messages()) != 1 {
		t.Errorf("%s at %s (%s); Twilio has %d", m.State, m.Provider, m.Reason, len(c.fake.Messages()))
	}
}

func TestSTOPIsHeeded(t *testing.T) {
	c := newCustomer(t)
	c.text("STOP")
	if m := c.send(c.message("1")); m.State != tracker.MessageSuppressed || len(c.fake.Messages()) != 0 {
		t.Errorf("after STOP: %s (%s)", m.State, m.Reason)
	}
	c.text("START")
	if m := c.send(c.message("2")); m.State != tracker.MessageSent {
		t.Errorf("after START: %s (%s)", m.State, m.Reason)
	}
	// A STOP that only Twilio heard of.
	mend := c.fake.Fail(http.StatusBadRequest, 21610, nil)
	if m := c.send(c.message("3")); m.State != tracker.MessageFailed {
		t.Errorf("refused by 21610: %s (%s)", m.State, m.Reason)
	}
	mend()
	if m := c.send(c.message("4")); m.State != tracker.MessageSuppressed {
		t.Errorf("after 21610: %s (%s)", m.State, m.Reason)
	}
}
