package simulate

import (
	"context"
	"fmt"
	"time"
)

// Registered is what the server says of a shipment that it was told of.
type Registered struct {
	ID string `json:"id"`
	// PageURL is the public tracking page, RecipientURL the recipient's own with everything on it.
	PageURL      string `json:"page_url"`
	RecipientURL string `json:"recipient_url"`
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
	if err := c.seller(ctx, "/v1/shipments", fmt.Sprintf("simulate-%s-%s-%s", p.Order, p.Number, p.To.Email), shipment, &answer); err != nil {
		return answer, err
	}
	if p.Carrier == Fleet {
		p.Number = answer.ID
	}
	return answer, nil
}

// Subscribe has the recipient told of the shipment by e-mail, and by SMS where there is a phone.
func (c *Client) Subscribe(ctx context.Context, id string, who *Person) error {
	for _, wish := range []struct{ channel, address string }{{"email", who.Email}, {"sms", who.Phone}} {
		if wish.address == "" {
			continue
		}
		body := object{"channel": wish.channel, "address": wish.address, "locale": who.Locale, "recipient": true}
		if err := c.seller(ctx, "/v1/shipments/"+id+"/subscriptions", "", body, nil); err != nil {
			return err
		}
	}
	return nil
}

// Step is a step of an order before any carrier had the parcel: "confirmed", "picked", "packed". At has the shop's offset.
type Step struct {
	Name string
	At   time.Time
}

// Steps tells of the steps of an order.
func (c *Client) Steps(ctx context.Context, order string, steps ...Step) error {
	events := make([]object, len(steps))
	for i, step := range steps {
		events[i] = object{"step": step.Name, "at": step.At.Format(time.RFC3339)}
	}
	return c.seller(ctx, "/v1/orders/"+order+"/events", "", object{"events": events}, nil)
}
