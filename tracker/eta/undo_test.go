package eta

import (
	"errors"
	"testing"
	"time"

	"waybill/tracker"
)

// correct has a parcel that was learnt be told otherwise, as workers do it: what it taught is taken back, and what its
// scans say now is learnt where it has come.
func correct(t *testing.T, m *Model, s *tracker.Shipment, p parcel, now time.Time) error {
	t.Helper()
	p.shipment = s
	tracking := p.tracking(now)
	if err := m.Unlearn(t.Context(), tracking); err != nil {
		return err
	}
	s.Learnt, s.Lesson = false, tracker.Lesson{Number: s.Lesson.Number}
	lesson, ended := tracker.LessonOf(&tracking.View, s.Lesson.Number+1, now)
	if !ended {
		return nil
	}
	if err := m.Learn(t.Context(), tracking); err != nil {
		return err
	}
	s.Learnt, s.Lesson, s.Forecasts = true, lesson, nil
	return nil
}

func TestACorrectedOutcomeTeachesAsIfItHadNeverBeenWrong(t *testing.T) {
	wrong, right := journeys("p", 1, -200, 30)[0], journeys("p", 1, -200, 30)[0]
	right.scans[3].hour += 70
	open := parcel{id: "p0", scans: right.scans[:3]}
	for name, c := range map[string]struct {
		corrections []parcel
		want        parcel
		folded      bool
	}{
		"its time is corrected":                  {[]parcel{right}, right, true},
		"its time is corrected before it counts": {[]parcel{right}, right, false},
		"it is retracted":                        {[]parcel{open}, open, true},
		"it is retracted, and comes later":       {[]parcel{open, right}, right, true},
		"it was right after all":                 {[]parcel{right, wrong}, wrong, true},
	} {
		t.Run(name, func(t *testing.T) {
			onStores(t, name == "it is retracted, and comes later", func(t *testing.T, store tracker.Store) {
				reference := newModel(inMemory(), monday)
				m := newModel(store, monday)
				for _, p := range journeys("other", 12, -400, 40) {
					travel(t, reference, p)
					travel(t, m, p)
				}
				travel(t, reference, c.want)
				fold(t, reference, monday)
				s := travel(t, m, wrong)
				if c.folded {
					fold(t, m, monday)
				}
				for _, p := range c.corrections {
					if s.Learnt {
						if err := correct(t, m, s, p, monday); err != nil {
							t.Fatal(err)
						}
					} else {
						if err := m.Learn(t.Context(), parcel{id: p.id, scans: p.scans, shipment: s}.tracking(monday)); err != nil {
							t.Fatal(err)
						}
					}
					if c.folded {
						fold(t, m, monday.Add(undoAfter))
					}
				}
				fold(t, m, monday.Add(undoAfter))
				compare(t, withoutNothing(sums(t, m)), withoutNothing(sums(t, reference)))
				if got, want := learnt(t, m), learnt(t, reference); got != want {
					t.Errorf("%d are learnt, want %d", got, want)
				}
			})
		})
	}
}

// onStores runs a test on both stores, or on SQLite alone: starting a MongoDB takes seconds.
func onStores(t *testing.T, both bool, test func(t *testing.T, store tracker.Store)) {
	t.Helper()
	if both {
		onBothStores(t, test)
		return
	}
	test(t, inMemory())
}

// withoutNothing leaves out groups of which nothing is left.
func withoutNothing(sums map[string]float64) map[string]float64 {
	for key, sum := range sums {
		if sum < 1e-9 {
			delete(sums, key)
		}
	}
	return sums
}

func TestWhatIsTakenBackOftenIsTakenBackOnce(t *testing.T) {
	onBothStores(t, func(t *testing.T, store tracker.Store) {
		m := newModel(store, monday)
		for _, p := range journeys("other", 3, -400, 40) {
			travel(t, m, p)
		}
		p := journeys("p", 1, -200, 30)[0]
		s := travel(t, m, p)
		fold(t, m, monday)
		again := *s
		crashed := &crashing{Store: store, at: 1}
		if err := correct(t, newModel(crashed, monday), s, parcel{id: p.id, scans: p.scans[:3]}, monday); !errors.Is(err, errCrash) {
			t.Fatalf("the crash went unnoticed: %v", err)
		}
		for range 3 { // as after crashes before the shipment was marked
			try := again
			if err := correct(t, m, &try, parcel{id: p.id, scans: p.scans[:3]}, monday); err != nil {
				t.Fatal(err)
			}
			fold(t, m, monday.Add(undoAfter))
			if try.Forecasts == nil {
				t.Error("the predictions are not back on the shipment")
			}
		}
		if n := learnt(t, m); n != 3 {
			t.Errorf("%d are learnt, want those 3 that have come", n)
		}
	})
}
