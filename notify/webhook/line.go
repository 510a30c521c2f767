package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/tracker"
)

// endpointsServed is how many endpoints of a seller are told of a change.
const endpointsServed = 1000

// EndpointsOf are a seller's endpoints.
func EndpointsOf(ctx context.Context, store tracker.Store, tenant string) ([]*tracker.Endpoint, error) {
	return tracker.LoadList[tracker.Endpoint](ctx, store, tracker.ListOfTenant(tenant), tracker.Page{Limit: endpointsServed})
}

// Line puts a change, which is stored, in line at the endpoints that want it, and has those looked at. Deliveries that are
// there already were put there before.
func Line(
	ctx context.Context, store tracker.Store, change *tracker.WebhookChange, endpoints []*tracker.Endpoint, causedAt, now time.Time,
) error {
	deliveries := Deliveries(change, endpoints)
	if len(deliveries) == 0 {
		return nil
	}
	writes := make([]tracker.Write, len(deliveries))
	wanted := map[string]bool{}
	for i, d := range deliveries {
		d.CausedAt = causedAt
		wanted[d.Endpoint] = true
		var err error
		if writes[i], err = tracker.Encode(d); err != nil {
			return err
		}
	}
	results, err := store.Apply(ctx, writes)
	if err != nil {
		return fmt.Errorf("put webhooks of shipment %s in line: %w", change.Shipment, err)
	}
	for i, result := range results {
		if result != nil && !errors.Is(result, tracker.ErrConflict) {
			return fmt.Errorf("put webhook %s in line: %w", writes[i].Row.Key, result)
		}
	}
	var awake []string
	for _, e := range endpoints {
		if wanted[e.ID] && e.Disabled == "" {
			awake = append(awake, e.ID)
		}
	}
	return Wake(ctx, store, now, awake...)
}
