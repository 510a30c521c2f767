package tracker

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waybill/tracker/seal"
)

// drawEvent draws from few values each, so that identities collide and fields differ.
func drawEvent(t *rapid.T) Event {
	e := Event{
		Kind:      rapid.SampledFrom([]string{"PU", "DP", "AR", "OD", "DL", "ZZ"}).Draw(t, "kind"),
		Substatus: rapid.SampledFrom([]Substatus{"", "picked_up", "on_the_way", "out_for_delivery", "delivered", "delivered_signed", "returning", "label_created"}).Draw(t, "substatus"),
		Code:      rapid.SampledFrom([]string{"", "PU", "DL"}).Draw(t, "code"),
		Text:      rapid.SampledFrom([]string{"", "Departed", "Departed facility", "Zugestellt"}).Draw(t, "text"),
		Lifecycle: rapid.SampledFrom([]string{"", "", "", "A", "B"}).Draw(t, "lifecycle"),
		Ref:       rapid.SampledFrom([]string{"", "r1", "r2"}).Draw(t, "ref"),
		Voids:     rapid.SampledFrom([]string{"", "", "", "", "r1"}).Draw(t, "voids"),
		Location:  rapid.SampledFrom([]Location{{}, {City: "Lyon"}, {City: "Lyon", Country: "FR"}, {City: "Lyon", Country: "FR", Point: &Point{45.7, 4.8}}}).Draw(t, "place"),
	}
	switch rapid.IntRange(0, 9).Draw(t, "form") {
	case 0:
		e.RawTime = rapid.SampledFrom([]string{"", "30 February"}).Draw(t, "raw")
	case 1:
		e.Time = Stamp{Local: int64(rapid.IntRange(20000, 20003).Draw(t, "day")) * 86400, Precision: PrecisionDay}
	default:
		e.Time = Stamp{
			Local:     20000*86400 + int64(rapid.IntRange(0, 40).Draw(t, "minute"))*7200 + int64(rapid.IntRange(0, 2).Draw(t, "second")),
			Precision: rapid.SampledFrom([]Precision{PrecisionMinute, PrecisionSecond}).Draw(t, "precision"),
			Source:    rapid.SampledFrom([]ZoneSource{ZoneUnknown, ZoneFromCarrier, ZoneFromPayload}).Draw(t, "source"),
			Offset:    int16(rapid.IntRange(-1, 1).Draw(t, "offset") * 60), //nolint:gosec // small
		}
	}
	return e
}

func encoded(t *rapid.T, value any) []byte {
	b, err := docEncoding.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Rule 2 rests on this: merging is commutative, associative and idempotent.
func TestMergeIsAUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []Event {
			list := rapid.SliceOfN(rapid.Custom(drawEvent), 0, 12).Draw(t, name)
			merged, _ := mergeEvents(nil, list)
			return merged
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		union := func(x, y []Event) []Event { merged, _ := mergeEvents(x, y); return merged }
		if !bytes.Equal(encoded(t, union(a, b)), encoded(t, union(b, a))) {
			t.Fatal("the order of two sets matters")
		}
		if !bytes.Equal(encoded(t, union(union(a, b), c)), encoded(t, union(a, union(b, c)))) {
			t.Fatal("the grouping of three sets matters")
		}
		if again, changed := mergeEvents(union(a, b), a); changed || !bytes.Equal(encoded(t, again), encoded(t, union(a, b))) {
			t.Fatal("what is known already changes the set")
		}
	})
}

// Rule 2: any order, any duplicates, any batching of a leg's receipts gives the same bytes.
func TestALegDependsOnItsReceiptsAlone(t *testing.T) {
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	type told struct {
		receipt Receipt
		read    ReadShipment
	}
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		receipts := make([]told, rapid.IntRange(1, 8).Draw(t, "receipts"))
		for i := range receipts {
			receipts[i] = told{
				Receipt{ID: NewID(start.Add(time.Duration(i) * time.Minute)), Source: FromWebhook, ReceivedAt: start.Add(time.Duration(i) * time.Minute)},
				ReadShipment{
					Events: rapid.SliceOfN(rapid.Custom(drawEvent), 0, 6).Draw(t, "events"),
					Facts: Facts{
						Service:     rapid.SampledFrom([]string{"", "Ground", "Air"}).Draw(t, "service"),
						WeightGrams: int64(rapid.IntRange(0, 2).Draw(t, "weight")),
						Pickup:      rapid.SampledFrom([]string{"", "Kiosk", "Locker 7"}).Draw(t, "pickup"),
					},
					Partners: rapid.SampledFrom([][]LegKey{nil, {{"usps", "1"}}, {{"usps", "1"}, {"royalmail", "2"}}}).Draw(t, "partners"),
					Personal: rapid.SampledFrom([]Personal{{}, {SignedBy: "Lee"}, {SignedBy: "Leeson", Place: "porch"}, {PickupCode: "4711"}, {PickupCode: "0815", Place: "locker"}}).Draw(t, "personal"),
				},
			}
		}
		build := func(order []int) *Leg {
			leg := &Leg{LegKey: LegKey{"ups", "1Z"}}
			for _, i := range order {
				receipt, read := receipts[i].receipt, receipts[i].read
				read.Events = append([]Event(nil), read.Events...)
				if _, err := leg.Absorb(&receipt, read, keys, start); err != nil {
					t.Fatal(err)
				}
			}
			return leg
		}
		straight := make([]int, len(receipts))
		for i := range straight {
			straight[i] = i
		}
		shuffled := append(append([]int(nil), straight...), rapid.SliceOfN(rapid.IntRange(0, len(receipts)-1), 0, 5).Draw(t, "again")...)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) //nolint:gosec // an order, no secret
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })

		a, b := build(straight), build(shuffled)
		personalA, errA := a.Personal(keys)
		personalB, errB := b.Personal(keys)
		if errA != nil || errB != nil || personalA != personalB {
			t.Fatalf("personal data differs: %v %v %v %v", personalA, personalB, errA, errB)
		}
		a.Sealed, b.Sealed = nil, nil // sealing has random nonces
		if !bytes.Equal(encoded(t, a), encoded(t, b)) {
			t.Fatalf("order %v gives another leg:\n%+v\n%+v", shuffled, a, b)
		}
		if !bytes.Equal(encoded(t, a.Generations()), encoded(t, b.Generations())) {
			t.Fatal("the generations differ")
		}
	})
}

func TestALegHoldsABoundedNumberOfEvents(t *testing.T) {
	var all []Event
	for i := range 2 * MaxLegEvents {
		all = append(all, at(i, "arrived_at_facility"))
	}
	forth, _ := mergeEvents(nil, all)
	var back []Event
	for i := len(all) - 1; i >= 0; i -= 100 {
		back, _ = mergeEvents(back, all[i-99:i+1])
	}
	if len(forth) != MaxLegEvents || len(back) != MaxLegEvents {
		t.Fatalf("%d and %d events, want %d", len(forth), len(back), MaxLegEvents)
	}
	for i := range forth {
		if forth[i] != back[i] {
			t.Fatalf("what stays depends on the order of arrival, at %d", i)
		}
	}
	if forth[0] != all[0] || forth[MaxLegEvents-1] != all[len(all)-1] {
		t.Error("the first and the last event must stay")
	}
}

func TestTwoTellingsOfOneScan(t *testing.T) {
	webhook := Event{Kind: "departure", Time: Stamp{Local: 1_700_000_000, Precision: PrecisionSecond, Source: ZoneFromPayload, Offset: -240}, Code: "DP", Text: "Departed", Substatus: "on_the_way", Receipt: "b"}
	poll := webhook
	poll.Time = Stamp{Local: 1_700_000_000 - 1_700_000_000%60, Precision: PrecisionMinute}
	poll.Text, poll.Location, poll.Substatus, poll.Receipt = "Departed from facility", Location{City: "Reno", State: "NV"}, "departed_facility", "a"
	got, _ := mergeEvents([]Event{webhook}, []Event{poll})
	if len(got) != 1 {
		t.Fatalf("%d events, want one", len(got))
	}
	want := webhook
	want.Text, want.Location, want.Substatus, want.Receipt = "Departed from facility", poll.Location, "departed_facility", "a"
	if got[0] != want {
		t.Errorf("got %+v\nwant %+v", got[0], want)
	}
}
