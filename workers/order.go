package workers

import (
	"context"
	"errors"

	"waybill/tracker"
)

// order brings the latest step of an order to its shipments, and then takes the effect off the order.
func (w *Workers) order(ctx context.Context, key string) error {
	order, err := tracker.Load[tracker.Order](ctx, w.Store, key)
	if errors.Is(err, tracker.ErrNotFound) || (err == nil && order.Effect == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	list := tracker.ListOfOrder(order.Tenant, order.Number)
	const pageSize = 100
	for page := (tracker.Page{Limit: pageSize}); ; {
		shipments, err := tracker.LoadList[tracker.Shipment](ctx, w.Store, list, page)
		if err != nil {
			return err
		}
		for _, s := range shipments {
			if _, err := w.refresh(ctx, s.ID); err != nil {
				return err
			}
		}
		if len(shipments) < pageSize {
			break
		}
		page.After = tracker.CursorOf(shipments[pageSize-1])
	}
	order.Effect = nil
	if err := tracker.Save(ctx, w.Store, order); !errors.Is(err, tracker.ErrConflict) {
		return err
	}
	return nil // written meanwhile, and thereby due again
}
