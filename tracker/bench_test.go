package tracker

import (
	"fmt"
	"testing"
	"time"

	"waybill/tracker/seal"
)

// journeyOf is a leg with the scans of a usual journey.
func journeyOf(n int) *Leg {
	leg := &Leg{LegKey: LegKey{"ups", "1Z999AA10123456784"}, CreatedAt: journeyStart, Followers: []Follower{{Shipment: "WB2345679ABCDEFGH", Tenant: "acme", Since: journeyStart}}}
	kinds := []Substatus{"label_created", "picked_up", "departed_facility", "arrived_at_facility", "customs_started", "customs_cleared"}
	for i := range n {
		e := at(3*i, kinds[i%len(kinds)])
		e.Code, e.Text, e.Receipt = "DP", "Departed from facility", NewID(journeyStart)
		e.Location = Location{City: fmt.Sprintf("City %d", i), State: "NY", Country: "US", Point: &Point{40.7, -74}}
		leg.Events, _ = mergeEvents(leg.Events, []Event{e})
		leg.Receipts = append(leg.Receipts, e.Receipt)
	}
	return leg
}

// BenchmarkScanOntoLeg is the work of one scan beside the store: the leg is decoded, takes the scan in, is folded and
// encoded. The floor is the decoding and encoding alone.
func BenchmarkScanOntoLeg(b *testing.B) {
	keys, err := seal.New(make([]byte, seal.KeySize))
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range []int{3, 12, 100} {
		write, err := Encode(journeyOf(n))
		if err != nil {
			b.Fatal(err)
		}
		receipt := &Receipt{ID: NewID(time.Now()), Source: FromWebhook, ReceivedAt: journeyStart}
		round := func(absorb bool) error {
			leg, err := Decode[Leg](write.Row)
			if err != nil {
				return err
			}
			if absorb {
				if _, err := leg.Absorb(receipt, ReadShipment{Events: []Event{at(3*n, "out_for_delivery")}}, keys, journeyStart); err != nil {
					return err
				}
			}
			_, err = Encode(leg)
			return err
		}
		for name, absorb := range map[string]bool{"floor": false, "scan": true} {
			b.Run(fmt.Sprintf("%d_events/%s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := round(absorb); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkFold folds the events of a leg anew, as every look-up does.
func BenchmarkFold(b *testing.B) {
	leg := journeyOf(12)
	s := shipmentOn(leg)
	b.ReportAllocs()
	for b.Loop() {
		Compose(s, Carriages(s, []*Leg{leg}), nil, DefaultPatience, journeyStart)
	}
}
