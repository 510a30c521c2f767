package simulate

import (
	"context"
	"fmt"
	"time"
)

// Registered is what the server says of a shipment that it was told of.
type Registered struct {
	ID string `json:"id"`
	// TrackingURL is the public page.
	TrackingURL string `json:"tracking_url"`
}

// Register makes the parcel known to the seller's Waybill. A parcel of the fleet gets its number by it.
func (c *Client) Register(ctx context.Context, p *Parcel) (Registered, error) {
	items := make([]object, len(p.Items))
	for i, item := range p.Items {
		items[i] = object{"sku": item.SKU, "title": item.Title, "quantity": item.Quantity}
	}
	shipment := object{
		"order": p.Order, "service": p.Service, "items": items,
		"promise": object{"to": p.Promise.UTC().Format(time.RFC3339)},
		"recipient": object{
			"name": p.To.Name, "email": p.To.Email, "phone": p.To.Phone,
			"address": object{
				"lines": []string{p.To.Street}, "city": p.Home.City, "state": p.Home.State, "postal_code": p.Home.Postal,
				"country": p.Home.Country,
			},
		},
		"origin": object{"city": p.From.City, "state": p.From.State, "postal_code": p.From.Postal, "country": p.From.Country},
		"zone":   p.Home.Zone,
		"locale": p.To.Locale,
	}
	if p.Carrier != Fleet {
		shipment["carrier"], shipment["tracking_number"] = p.Carrier, p.Number
	}
	var answer Registered
	if err := c.seller(ctx, "/v1/shipments", fmt.Sprintf("demo-%s-%s", p.Order, p.To.Email), shipment, &answer); err != nil {
		return answer, err
	}
	if p.Carrier == Fleet {
		p.Number = answer.ID
	}
	return answer, nil
}

// Step tells of a step of the parcel's order before any carrier had it.
func (c *Client) Step(ctx context.Context, order, step string, at time.Time) error {
	return c.seller(ctx, "/v1/orders/"+order+"/events", "", object{"event": step, "at": at.UTC().Format(time.RFC3339)}, nil)
}
