package workers

import (
	"fmt"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/score"
)

// tell posts one line of a number that says something of a moment, and has it followed.
func (h *house) tell(w *Workers, number, what string, at time.Time) {
	h.t.Helper()
	line := fmt.Sprintf("%s %s", number, what)
	if void, ok := cutVoid(what); ok {
		line = fmt.Sprintf("%s %s %s void", number, void, at.UTC().Format(time.RFC3339))
	} else {
		line += " " + at.UTC().Format(time.RFC3339)
	}
	h.accept(&tracker.Receipt{Source: tracker.FromWebhook, Carrier: "test", Body: []byte(line)})
	h.leg("test:" + number) // else nothing would be followed
	if err := w.follow(h.ctx(), "test:"+number); err != nil {
		h.t.Fatal(err)
	}
}

func cutVoid(what string) (string, bool) {
	const prefix = "never "
	if len(what) > len(prefix) && what[:len(prefix)] == prefix {
		return what[len(prefix):], true
	}
	return "", false
}

// taught is what the estimates say of a fresh parcel, and how many deliveries they rest on, once all that was learnt is in.
func (h *house) taught(w *Workers, number string) *tracker.Estimate {
	h.t.Helper()
	h.clock.advance(5 * time.Minute)
	if err := w.fold(h.ctx()); err != nil {
		h.t.Fatal(err)
	}
	h.clock.advance(time.Minute) // by then every process knows of it
	id := h.register(number).ID
	h.tell(w, number, "picked_up", h.clock.now())
	return h.shipment(id).View.Estimate
}

// usual has so many parcels delivered after two days: as few as an estimate can rest on.
func (h *house) usual(w *Workers, count int) {
	h.t.Helper()
	for i := range count {
		h.register(fmt.Sprint("U", i))
		h.tell(w, fmt.Sprint("U", i), "picked_up", h.clock.now())
	}
	h.clock.advance(48 * time.Hour)
	for i := range count {
		h.tell(w, fmt.Sprint("U", i), "delivered", h.clock.now())
	}
}

// scored is the scorecard of carrier "test".
func (h *house) scored(w *Workers) *score.Scored {
	h.t.Helper()
	cards, err := w.scores.Cards(h.ctx(), "acme", score.ByCarrier, 90, h.clock.now())
	if err != nil {
		h.t.Fatal(err)
	}
	if len(cards) != 1 {
		return &score.Scored{}
	}
	return cards[0]
}

func TestADeliveryThatIsRetractedIsUnlearnt(t *testing.T) {
	onBothStores(t, func(t *testing.T, h *house) {
		w := h.workers()
		h.usual(w, 9)
		id := h.register("N1").ID
		h.tell(w, "N1", "picked_up", h.clock.now())
		h.clock.advance(40 * time.Hour)
		wrong := h.clock.now()
		h.tell(w, "N1", "delivered", wrong)
		first := h.taught(w, "F1")
		if card := h.scored(w); card.Delivered != 10 || first.Why.Sample != 10 {
			t.Fatalf("%d deliveries are scored, the estimate rests on %d", card.Delivered, first.Why.Sample)
		}
		h.tell(w, "N1", "never delivered", wrong)
		if s := h.shipment(id); s.Learnt || s.Forecasts == nil || s.View.Milestone != tracker.InTransit || s.View.Estimate == nil {
			t.Errorf("retracted, it stands at %s, learnt %v, expected %v", s.View.Milestone, s.Learnt, s.View.Estimate)
		}
		second := h.taught(w, "F2")
		if card := h.scored(w); card.Delivered != 9 || second.Why.Sample != 9 {
			t.Errorf("retracted, %d deliveries are scored, the estimate rests on %d", card.Delivered, second.Why.Sample)
		}
		h.clock.advance(30 * time.Hour)
		h.tell(w, "N1", "delivered", h.clock.now())
		third := h.taught(w, "F3")
		card := h.scored(w)
		if hours := card.Transit.Quantile(1); card.Delivered != 10 || third.Why.Sample != 10 || hours < 68 || hours > 73 {
			t.Errorf("delivered at last, %d are scored with %.1f hours, the estimate rests on %d", card.Delivered, hours, third.Why.Sample)
		}
	})
}

func TestADeliveryWhoseTimeIsCorrectedCountsAsCorrected(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	h.usual(w, 9)
	id := h.register("N1").ID
	began := h.clock.now()
	h.tell(w, "N1", "picked_up", began)
	h.clock.advance(60 * time.Hour)
	h.tell(w, "N1", "delivered", began.Add(20*time.Hour))
	h.taught(w, "F1")
	// A moment's difference between two tellings is no correction.
	h.tell(w, "N1", "never delivered", began.Add(20*time.Hour))
	h.tell(w, "N1", "delivered", began.Add(20*time.Hour+10*time.Minute))
	lesson := h.shipment(id).Lesson.Number
	h.tell(w, "N1", "delivered", began.Add(20*time.Hour+12*time.Minute))
	if got := h.shipment(id).Lesson.Number; got != lesson {
		t.Errorf("two minutes made lesson %d of lesson %d", got, lesson)
	}
	h.accept(&tracker.Receipt{Source: tracker.FromWebhook, Carrier: "test", Body: []byte(
		"N1 delivered " + began.Add(20*time.Hour+10*time.Minute).UTC().Format(time.RFC3339) + " void\n" +
			"N1 delivered " + began.Add(20*time.Hour+12*time.Minute).UTC().Format(time.RFC3339) + " void\n" +
			"N1 delivered " + began.Add(50*time.Hour).UTC().Format(time.RFC3339))})
	if err := w.follow(t.Context(), "test:N1"); err != nil {
		t.Fatal(err)
	}
	if e := h.taught(w, "F2"); e.Why.Sample != 10 {
		t.Errorf("the estimate rests on %d deliveries", e.Why.Sample)
	}
	card := h.scored(w)
	if hours := card.Transit.Quantile(1); card.Delivered != 10 || hours < 48 || hours > 52 {
		t.Errorf("%d are scored, with %.1f hours", card.Delivered, hours)
	}
}

func TestALostParcelThatIsFoundAfter200DaysPoisonsNothing(t *testing.T) {
	h := newHouse(t)
	// The same days every time: how many weekends and holidays there are moves the windows.
	h.clock.advance(time.Until(time.Date(2026, 1, 12, 12, 0, 0, 0, time.UTC)))
	w := h.workers()
	h.register("LOST")
	h.tell(w, "LOST", "picked_up", h.clock.now())
	h.clock.advance(180 * 24 * time.Hour)
	for i := range 20 {
		number := fmt.Sprintf("N%d", i)
		h.register(number)
		h.tell(w, number, "picked_up", h.clock.now())
		h.clock.advance(48 * time.Hour)
		h.tell(w, number, "delivered", h.clock.now())
	}
	before := h.taught(w, "F1")
	h.tell(w, "LOST", "delivered", h.clock.now())
	after := h.taught(w, "F2")
	if moved := after.P50.Sub(before.P50); moved < -24*time.Hour || moved > 24*time.Hour {
		t.Errorf("the middle moved by %s", moved)
	}
	// It counts as one slow parcel of 21: the late end of the window may say so.
	if moved := after.P90.Sub(before.P90); moved > 5*24*time.Hour {
		t.Errorf("the late end moved by %s", moved)
	}
}

func TestADeliveryThatIsReportedLateCountsAtItsTime(t *testing.T) {
	h := newHouse(t)
	w := h.workers()
	h.usual(w, 9)
	h.register("N1")
	began := h.clock.now()
	h.tell(w, "N1", "picked_up", began)
	h.clock.advance(12 * 24 * time.Hour)
	h.tell(w, "N1", "delivered", began.Add(50*time.Hour))
	if e := h.taught(w, "F1"); e.Why.Sample != 10 {
		t.Errorf("the estimate rests on %d deliveries", e.Why.Sample)
	}
	if hours := h.scored(w).Transit.Quantile(1); hours < 48 || hours > 52 {
		t.Errorf("it is scored with %.1f hours", hours)
	}
}
