package eval

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"waybill/tracker/eta/transit"
)

// invented is rows of a made-up network, in the order of purchase.
func invented(n int) []Row {
	random := rand.New(rand.NewPCG(8, 8))
	states := []string{"SP", "RJ", "BA"}
	bought := time.Date(2024, 1, 2, 9, 0, 0, 0, time.UTC)
	rows := make([]Row, n)
	for i := range rows {
		bought = bought.Add(time.Duration(random.IntN(3600)) * time.Second)
		handed := bought.Add(time.Duration(6+random.IntN(60)) * time.Hour)
		to := random.IntN(len(states))
		rows[i] = Row{
			Order: strconv.Itoa(i), Purchased: bought, Handed: handed,
			Delivered:  handed.Add(time.Duration(24*(1+to)+random.IntN(120)) * time.Hour),
			Promised:   bought.Truncate(24*time.Hour).AddDate(0, 0, 20),
			Seller:     "s" + strconv.Itoa(random.IntN(20)),
			From:       transit.Place{Country: "BR", Region: "SP", Area: "012"},
			To:         transit.Place{Country: "BR", Region: states[to], Area: strconv.Itoa(random.IntN(900) + 100)},
			DistanceKM: float64(30 + 400*to), Items: 1, WeightGrams: 500,
		}
	}
	return rows
}

func collect(t *testing.T, rows []Row, moment transit.Moment) map[string]Scored {
	t.Helper()
	all := map[string]Scored{}
	err := replay(context.Background(), rows, moment, func(int, int) {}, func(s Scored) { all[s.Row.Order] = s })
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFutureOutcomesDoNotLeak(t *testing.T) {
	for name, moment := range map[string]transit.Moment{"hand-over": transit.Handover, "purchase": transit.Purchase} {
		t.Run(name, func(t *testing.T) {
			rows := invented(1500)
			cut := rows[900].Handed
			honest := collect(t, rows, moment)

			shuffled := append([]Row(nil), rows...)
			random := rand.New(rand.NewPCG(9, 9))
			changed := 0
			for i := range shuffled {
				if r := &shuffled[i]; r.Delivered.After(cut) {
					// Any time after the cut and the hand-over.
					earliest := r.Handed
					if earliest.Before(cut) {
						earliest = cut
					}
					r.Delivered = earliest.Add(time.Duration(1+random.IntN(90*24)) * time.Hour)
					changed++
				}
			}
			other := collect(t, shuffled, moment)
			compared := 0
			for order, s := range honest {
				if s.At.After(cut) {
					continue
				}
				compared++
				if o := other[order]; o.Model != s.Model {
					t.Fatalf("order %s, predicted %s: %v became %v by outcomes after %s", order, s.At, s.Model, o.Model, cut)
				}
				for i, w := range s.Baselines {
					if o := other[order].Baselines[i]; (w == nil) != (o == nil) || w != nil && *w != *o {
						t.Fatalf("order %s: %s became %v from %v", order, BaselineNames[i], o, w)
					}
				}
			}
			if changed < 300 || compared < 300 {
				t.Fatalf("only %d outcomes changed, %d predictions compared", changed, compared)
			}
		})
	}
}

func TestOrderOfFilesDoesNotMatter(t *testing.T) {
	rows := invented(400)
	backwards := append([]Row(nil), rows...)
	for i := range rows {
		backwards[len(rows)-1-i] = rows[i]
	}
	there, back := collect(t, rows, transit.Handover), collect(t, backwards, transit.Handover)
	for order, s := range there {
		if back[order].Model != s.Model {
			t.Fatalf("order %s: %v, and %v from rows read backwards", order, s.Model, back[order].Model)
		}
	}
}

func TestOutcomeOfTheSameMomentComesAfterThePrediction(t *testing.T) {
	rows := invented(2)
	rows[1].Handed = rows[0].Delivered
	all := steps(rows, transit.Handover)
	if got := []bool{all[0].arrival, all[1].arrival, all[2].arrival}; got[0] || got[1] || !got[2] {
		t.Errorf("arrivals: %v", got)
	}
}

func TestAtPurchaseTheHandoverIsUnknown(t *testing.T) {
	row := invented(1)[0]
	row.Due = row.Handed
	q := query(&row, transit.Purchase)
	if !q.At.Equal(row.Purchased) || !q.Due.IsZero() {
		t.Errorf("%+v", q)
	}
}

func TestTrailingQuantilesForget(t *testing.T) {
	b := newBaselines()
	rows := invented(leastTrailing)
	for i := range rows {
		rows[i].To.Region = "RJ"
		rows[i].Handed = rows[i].Purchased
		rows[i].Delivered = rows[i].Handed.Add(48 * time.Hour)
		b.learn(&rows[i], rows[i].Handed)
	}
	last := rows[len(rows)-1].Delivered
	if w := b.predict(&rows[0], last)[2]; w == nil || w[1] != 2 {
		t.Errorf("lane of two days: %v", w)
	}
	if w := b.predict(&rows[0], last.Add(trailing+time.Hour))[2]; w != nil {
		t.Errorf("after 90 days without outcome: %v", w)
	}
	if w := b.predict(&rows[0], last.Add(trailing+time.Hour))[1]; w == nil || w[1] != 2 {
		t.Errorf("of all times: %v", w)
	}
}
