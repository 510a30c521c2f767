package web

import (
	"time"

	"waybill/tracker"
)

// Returns are what a customer sent back, and what can still be.
type Returns struct {
	List             []ReturnLine
	Offered          []ReturnOffer
	Reasons, Methods []string
	// Until is the last moment to ask.
	Until time.Time
}

// Any reports whether there is something to show.
func (r *Returns) Any() bool { return r != nil && len(r.List)+len(r.Offered) > 0 }

// ReturnLine is one return.
type ReturnLine struct {
	ID, State, Method, PaidBy, Refused, Shipment string
	Items                                        []tracker.ReturnItem
}

// ReturnOffer is an item that can be sent back: its place in the shipment, and how many of it.
type ReturnOffer struct {
	Place, Most int
	Title, SKU  string
}

// Choices are the quantities that can be chosen.
func (o ReturnOffer) Choices() []int {
	list := make([]int, min(o.Most, 100))
	for i := range list {
		list[i] = i + 1
	}
	return list
}
