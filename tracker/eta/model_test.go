package eta

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker"
	"waybill/tracker/sqlite"
)

// monday is a Monday morning in Lyon.
var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func openStore(t testing.TB) tracker.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "waybill.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// parcel is a tracking from Germany to France whose scans happened at hours after monday.
type parcel struct {
	id       string
	carrier  string
	service  tracker.ServiceLevel
	scans    []scan
	estimate tracker.CarrierEstimate
	first    *tracker.Estimate
}

type scan struct {
	substatus tracker.Substatus
	hour      float64
}

func (p parcel) tracking(now time.Time) *tracker.Tracking {
	if p.carrier == "" {
		p.carrier = "ups"
	}
	if p.service == "" {
		p.service = tracker.Standard
	}
	key := tracker.LegKey{Carrier: p.carrier, Number: "N1"}
	s := &tracker.Shipment{
		ID: p.id, Service: p.service, Zone: "Europe/Paris", Origin: tracker.Location{Country: "DE"},
		Destination: tracker.Location{Country: "FR"}, Legs: []tracker.ShipmentLeg{{LegKey: key}}, CreatedAt: monday,
	}
	s.View.FirstEstimate = p.first
	leg := &tracker.Leg{LegKey: key, CreatedAt: monday}
	for _, e := range p.scans {
		at := monday.Add(time.Duration(e.hour * float64(time.Hour)))
		leg.Events = append(leg.Events, tracker.Event{Kind: string(e.substatus), Substatus: e.substatus, Time: tracker.StampAt(at)})
	}
	leg.Claims = []tracker.Claims{{AsOf: monday.Add(1000 * time.Hour).Unix(), Facts: tracker.Facts{Estimate: p.estimate}}}
	t := &tracker.Tracking{Shipment: s, Legs: []*tracker.Leg{leg}}
	t.Carriages = tracker.Carriages(s, t.Legs)
	t.View = tracker.Compose(s, t.Carriages, nil, tracker.DefaultPatience, now)
	return t
}

func estimate(t testing.TB, m *Model, p parcel, now time.Time) *tracker.Estimate {
	t.Helper()
	e, err := m.Estimate(context.Background(), p.tracking(now), now)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func fixed(now time.Time) func() time.Time { return func() time.Time { return now } }

func TestAFreshInstallGuessesAndSaysSo(t *testing.T) {
	m := NewModel(openStore(t), fixed(monday))
	e := estimate(t, m, parcel{scans: []scan{{"picked_up", 0}}}, monday)
	if e == nil || !strings.Contains(e.Reason, "a first guess") || e.Source != sourceModel || e.Zone != "Europe/Paris" {
		t.Fatalf("the estimate is %+v", e)
	}
	if days := e.P50.Sub(monday).Hours() / 24; days < 2 || days > 9 {
		t.Errorf("the first guess from DE to FR is %.1f days", days)
	}
	express := estimate(t, m, parcel{scans: []scan{{"picked_up", 0}}, service: tracker.Express}, monday)
	if !express.P50.Before(e.P50) {
		t.Errorf("express, %s, is not before standard, %s", express.P50, e.P50)
	}
}

func TestWhatIsUnderWayIsEstimated(t *testing.T) {
	m := NewModel(openStore(t), fixed(monday))
	for _, c := range []struct {
		substatus tracker.Substatus
		want      bool
	}{
		{"awaiting_information", false},
		{"label_created", true},
		{"picked_up", true},
		{"out_for_delivery", true},
		{"recipient_unavailable", true},
		{"in_locker", false},
		{"delivered", false},
		{"delayed_by_weather", true},
		{"lost", false},
		{"refused", false},
		{"returning", false},
		{"returned", false},
		{"cancelled", false},
	} {
		t.Run(string(c.substatus), func(t *testing.T) {
			e := estimate(t, m, parcel{scans: []scan{{c.substatus, 0}}}, monday)
			if (e != nil) != c.want {
				t.Errorf("the estimate is %+v, want one: %v", e, c.want)
			}
		})
	}
}

func TestTheLastMile(t *testing.T) {
	m := NewModel(openStore(t), fixed(monday))
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	day := func(d, hour int) time.Time { return time.Date(2026, time.November, d, hour, 0, 0, 0, paris) }
	for _, c := range []struct {
		name     string
		scan     scan
		now      time.Time
		from, to time.Time
	}{
		{"on the vehicle", scan{"out_for_delivery", 0}, day(23, 11), day(23, 11), day(23, 20)},
		{"loaded before dawn", scan{"out_for_delivery", -5}, day(23, 6), day(23, 8), day(23, 20)},
		{"on the vehicle since yesterday", scan{"out_for_delivery", 0}, day(24, 7), day(24, 8), day(24, 20)},
		{"on the vehicle, but evening has come", scan{"out_for_delivery", 0}, day(23, 21), day(24, 8), day(24, 20)},
		{"a failed attempt on Saturday", scan{"recipient_unavailable", 5 * 24}, day(28, 12), day(30, 8), day(30, 20)},
		{"on the vehicle on a Sunday", scan{"out_for_delivery", 6 * 24}, day(29, 11), day(29, 11), day(29, 20)},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := estimate(t, m, parcel{scans: []scan{{"picked_up", -48}, c.scan}}, c.now)
			if !e.P10.Equal(c.from) || !e.P90.Equal(c.to) || e.P50.Before(e.P10) || e.P50.After(e.P90) {
				t.Errorf("it is %s to %s, want %s to %s", e.P10.In(paris), e.P90.In(paris), c.from, c.to)
			}
		})
	}
}

func TestTheCarriersOwnEstimateIsTaken(t *testing.T) {
	store := openStore(t)
	m := NewModel(store, fixed(monday))
	wednesday, err := tracker.ParseStamp("2026-11-25")
	if err != nil {
		t.Fatal(err)
	}
	p := parcel{scans: []scan{{"picked_up", 0}}, estimate: tracker.CarrierEstimate{To: wednesday}}
	e := estimate(t, m, p, monday)
	if e.Source != sourceCarrier || e.P10.Format(time.RFC3339) != "2026-11-25T07:00:00Z" || e.P90.Format(time.RFC3339) != "2026-11-25T19:00:00Z" {
		t.Fatalf("the estimate is %+v", e)
	}
	if passed := estimate(t, m, p, monday.AddDate(0, 0, 3)); passed.Source != sourceModel || passed.P10.Before(monday.AddDate(0, 0, 3)) {
		t.Errorf("an estimate that has passed is followed by %+v", passed)
	}
	for i := range 60 { // carrier "ups" comes a day later than it first says
		late := parcel{
			id: fmt.Sprintf("late%d", i), scans: []scan{{"picked_up", -100}, {"delivered", -24}},
			first: &tracker.Estimate{P50: monday.Add(-48 * time.Hour), Source: sourceCarrier},
		}
		if err := m.Learn(t.Context(), late.tracking(monday)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Fold(t.Context(), monday); err != nil {
		t.Fatal(err)
	}
	later := monday.Add(time.Minute)
	e = estimate(t, m, p, later)
	if e.Source != sourceBlend || e.P90.Format(time.DateOnly) != "2026-11-26" {
		t.Errorf("after sixty deliveries a day late the estimate is %+v", e)
	}
}

func TestEstimatesAreOrderedAndNeverInThePast(t *testing.T) {
	m := NewModel(openStore(t), fixed(monday))
	substatuses := []tracker.Substatus{"label_created", "picked_up", "arrived_at_facility", "out_for_delivery", "recipient_unavailable", "delayed"}
	rapid.Check(t, func(rt *rapid.T) {
		p := parcel{scans: []scan{
			{"picked_up", rapid.Float64Range(-300, 0).Draw(rt, "picked up")},
			{rapid.SampledFrom(substatuses).Draw(rt, "substatus"), rapid.Float64Range(-100, 5).Draw(rt, "hour")},
		}}
		if rapid.Bool().Draw(rt, "the carrier says when") {
			to := monday.Add(time.Duration(rapid.IntRange(-100, 200).Draw(rt, "when")) * time.Hour)
			p.estimate = tracker.CarrierEstimate{To: tracker.StampAt(to)}
		}
		now := monday.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(rt, "now")) * time.Minute)
		e := estimate(t, m, p, now)
		if e == nil {
			return
		}
		if e.P10.Before(now) || e.P50.Before(e.P10) || e.P90.Before(e.P50) {
			rt.Fatalf("at %s the estimate is %s, %s, %s", now, e.P10, e.P50, e.P90)
		}
	})
}

func TestAWaitingParcelIsNeverExpectedSooner(t *testing.T) {
	m := NewModel(openStore(t), fixed(monday))
	rapid.Check(t, func(rt *rapid.T) {
		p := parcel{scans: []scan{{"picked_up", 0}}}
		first := rapid.IntRange(0, 40*24*60).Draw(rt, "first look, minutes")
		second := first + rapid.IntRange(1, 20*24*60).Draw(rt, "second look, minutes later")
		a := estimate(t, m, p, monday.Add(time.Duration(first)*time.Minute))
		b := estimate(t, m, p, monday.Add(time.Duration(second)*time.Minute))
		if a == nil || b == nil {
			return // given up as expired
		}
		if b.P10.Before(a.P10) || b.P50.Before(a.P50) || b.P90.Before(a.P90) {
			rt.Fatalf("after %d minutes %s, %s, %s; after %d minutes %s, %s, %s",
				first, a.P10, a.P50, a.P90, second, b.P10, b.P50, b.P90)
		}
	})
}

func TestOnHolidaysNobodyDelivers(t *testing.T) {
	m := NewModel(openStore(t), fixed(monday))
	christmasEve := time.Date(2026, time.December, 24, 10, 0, 0, 0, time.UTC) // a Thursday; Boxing Day is none in France
	days := christmasEve.Sub(monday).Hours()
	e := estimate(t, m, parcel{scans: []scan{{"picked_up", days - 48}, {"recipient_unavailable", days}}}, christmasEve.Add(time.Hour))
	if got := e.P10.Format(time.DateOnly); got != "2026-12-26" {
		t.Errorf("after an attempt on Christmas Eve it comes on %s", got)
	}
}
