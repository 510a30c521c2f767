package tracker

import "fmt"

// ListOfEndpoint is the deliveries to an endpoint.
func ListOfEndpoint(id string) string { return "endpoint:" + id }

// ListOfLine is the deliveries to an endpoint whose turn comes next, ListOfAgain those of the past that were asked for
// again.
func ListOfLine(id string) string { return "line:" + id }

// ListOfAgain is said at ListOfLine.
func ListOfAgain(id string) string { return "again:" + id }

// ListOfRetrying is the deliveries to an endpoint that wait for another attempt.
func ListOfRetrying(id string) string { return "retrying:" + id }

// ListOfFailed is the deliveries to an endpoint that failed for good.
func ListOfFailed(id string) string { return "failed:" + id }

// WebhookChangeKey is the key of a change. It holds the shipment and its sequence number, so that no two different
// states of a shipment are ever told under one number.
func WebhookChangeKey(shipment string, seq int64) string {
	return fmt.Sprintf("%s/%010d", shipment, seq)
}

// WebhookDeliveryKey is the key of a delivery.
func WebhookDeliveryKey(endpoint, event string) string { return endpoint + "/" + event }

func (e *Endpoint) place() place {
	p := place{table: Webhooks, key: e.ID, order: e.CreatedAt, lists: []string{ListAll, ListOfTenant(e.Tenant)}}
	p.due = dueAt(e.Notice)
	if e.Disabled == "" {
		p.due = dueAt(e.Notice, e.UpdatedAt) // any change of it has its line looked at
	}
	return p
}

// Key is the change's own.
func (c *WebhookChange) Key() string {
	if id, n := c.Apart(); id != "" {
		return WebhookChangeKey(c.Shipment+"/"+id, n)
	}
	return WebhookChangeKey(c.Shipment, c.View.Seq)
}

func (c *WebhookChange) place() place {
	return place{table: WebhookChanges, key: c.Key(), order: c.At, lists: []string{ListOfTenant(c.Tenant)}}
}

func (d *WebhookDelivery) place() place {
	p := place{
		table: WebhookDeliveries, key: WebhookDeliveryKey(d.Endpoint, d.Event), order: d.CreatedAt,
		lists: []string{ListOfEndpoint(d.Endpoint)},
	}
	switch d.State {
	case WebhookPending:
		line := ListOfLine(d.Endpoint)
		if d.Replayed {
			line = ListOfAgain(d.Endpoint)
		}
		p.lists = append(p.lists, line)
	case WebhookRetrying:
		p.lists = append(p.lists, ListOfRetrying(d.Endpoint))
		p.due = dueAt(d.NextAt)
	case WebhookSending:
		p.due = dueAt(d.NextAt)
	case WebhookFailed:
		p.lists = append(p.lists, ListOfFailed(d.Endpoint))
	case WebhookDelivered:
	}
	return p
}
