package storetest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/returns"
	"waybill/tracker/seal"
)

// noParcels registers nothing: returns that wait for their seller need no parcel.
type noParcels struct{ scansKept }

func (*noParcels) Register(context.Context, []tracker.NewShipment) ([]*tracker.Shipment, []error) {
	return nil, []error{errors.New("no parcel is to be made")}
}

// RunReturns holds returns against a store: of many who send the same things back at once, no more come back than were sent.
func RunReturns(t *testing.T, open func(t *testing.T) tracker.Store) {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 12, 30, 0, 0, time.UTC)
	d := &returns.Desk{Store: open(t), Keys: keys, Ingest: &noParcels{}, Now: func() time.Time { return now }}
	s := &tracker.Shipment{ID: tracker.NewTrackingID(), Tenant: "acme", Items: []tracker.Item{{SKU: "TEA", Quantity: 3}}}
	s.View.Milestone, s.View.Since = tracker.Delivered, tracker.StampAt(now)
	var mu sync.Mutex
	var all sync.WaitGroup
	taken, refused := 0, 0
	for range 8 {
		all.Go(func() {
			_, err := d.Ask(t.Context(), s, &tracker.ReturnRules{Days: 1}, returns.Wish{
				By: tracker.ByCustomer, Method: tracker.ReturnDropOff, Items: []tracker.ReturnItem{{SKU: "TEA", Quantity: 1, Reason: "late"}},
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				taken++
			case errors.Is(err, returns.ErrInput):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if taken != 3 || refused != 5 {
		t.Errorf("of three things %d came back, %d were refused", taken, refused)
	}
}
