package tracker

import (
	"fmt"
	"time"
)

// Return is a customer's wish to send something back, and what became of it.
//
//	key    "<outbound shipment>-R<n>": the nth of its shipment, so that two at once cannot both have the last item
//	lists  "all", "tenant:<tenant>", "shipment:<outbound>", "state:<tenant>/<state>"
//	due    while its parcel is to be made, or somebody is still to be told of a step
type Return struct {
	ID     string `cbor:"1,keyasint"`
	Tenant string `cbor:"2,keyasint"`
	// Outbound is the shipment with which it came; Shipment the parcel that goes back, once it was approved.
	Outbound string       `cbor:"3,keyasint"`
	Order    string       `cbor:"4,keyasint,omitempty"`
	Shipment string       `cbor:"5,keyasint,omitempty"`
	State    ReturnState  `cbor:"6,keyasint"`
	Items    []ReturnItem `cbor:"7,keyasint"`
	Method   ReturnMethod `cbor:"8,keyasint"`
	// PaidBy is who pays for the way back: "seller" or "customer".
	PaidBy string `cbor:"9,keyasint"`
	// Why is why the seller refused it, as the customer is told.
	Why string `cbor:"10,keyasint,omitempty"`
	// Received are the items that came back.
	Received []ReceivedItem `cbor:"11,keyasint,omitempty"`
	Steps    []ReturnStep   `cbor:"12,keyasint"`
	// Told is of how many steps the seller's endpoints and the customer were told; ToldAt when the rest is tried next.
	Told   int       `cbor:"13,keyasint,omitempty"`
	ToldAt time.Time `cbor:"14,keyasint,omitempty"`

	meta
}

// ReturnState is how far a return is. That its parcel is under way is the shipment's to tell.
type ReturnState string

// The states.
const (
	ReturnRequested ReturnState = "requested"
	ReturnApproved  ReturnState = "approved"
	ReturnRefused   ReturnState = "refused"
	ReturnReceived  ReturnState = "received"
	ReturnWithdrawn ReturnState = "withdrawn"
)

// ReturnMethod is how the parcel gets on its way.
type ReturnMethod string

// The methods: the customer brings it to a pickup point, or a courier fetches it.
const (
	ReturnDropOff ReturnMethod = "drop_off"
	ReturnPickUp  ReturnMethod = "pick_up"
)

// ReturnItem is what goes back, and why.
type ReturnItem struct {
	SKU      string `cbor:"1,keyasint,omitempty" json:"sku,omitempty"`
	Quantity int    `cbor:"2,keyasint" json:"quantity"`
	Title    string `cbor:"3,keyasint,omitempty" json:"title,omitempty"`
	Reason   string `cbor:"4,keyasint" json:"reason"`
}

// ReceivedItem is what came back, and how.
type ReceivedItem struct {
	SKU       string `cbor:"1,keyasint,omitempty" json:"sku,omitempty"`
	Quantity  int    `cbor:"2,keyasint" json:"quantity"`
	Condition string `cbor:"3,keyasint" json:"condition"`
}

// ReturnStep is a state that was reached, and who brought it there: "customer", "rule", or a key or user.
type ReturnStep struct {
	State ReturnState `cbor:"1,keyasint"`
	At    time.Time   `cbor:"2,keyasint"`
	By    string      `cbor:"3,keyasint"`
}

// ReturnRules are what a seller takes back.
type ReturnRules struct {
	// Days after the delivery within which something may be sent back; 0 is never.
	Days int `cbor:"1,keyasint" json:"days" minimum:"0" maximum:"3650" doc:"Within how many days after the delivery; 0 takes nothing back." example:"30"`
	// Reasons the customer chooses from.
	Reasons []string `cbor:"2,keyasint,omitempty" json:"reasons,omitempty" maxItems:"10" doc:"Those the customer may choose from; all where absent." example:"[\"does_not_fit\",\"damaged\"]"`
	// Except are SKUs that do not come back.
	Except []string `cbor:"3,keyasint,omitempty" json:"except_skus,omitempty" maxItems:"1000"`
	// PaidBy is who pays, unless the reason is the seller's fault.
	PaidBy string `cbor:"4,keyasint,omitempty" json:"paid_by,omitempty" enum:"seller,customer" doc:"Who pays; of what is damaged or wrong always the seller. seller where absent."`
	// Approve has returns within the rules approved at once.
	Approve bool           `cbor:"5,keyasint,omitempty" json:"approve,omitempty" doc:"Approve at once what keeps the rules; else you decide each."`
	Methods []ReturnMethod `cbor:"6,keyasint,omitempty" json:"methods,omitempty" maxItems:"2" enum:"drop_off,pick_up" doc:"drop_off where absent."`
	// Address is where returns go.
	Address Address `cbor:"7,keyasint,omitempty" json:"address,omitzero" doc:"Where returns go."`
}

// ReturnReasons are all reasons, in the order in which they are offered.
func ReturnReasons() []string {
	return []string{"does_not_fit", "not_as_described", "changed_mind", "damaged", "wrong_item", "late", "something_else"}
}

// ReturnConditions are how an item can come back.
func ReturnConditions() []string { return []string{"as_new", "opened", "used", "damaged", "missing"} }

// ReturnKey is the key of the nth return of a shipment.
func ReturnKey(outbound string, n int) string { return fmt.Sprintf("%s-R%d", outbound, n) }

// ListOfReturns is a seller's returns in a state.
func ListOfReturns(tenant string, state ReturnState) string {
	return "state:" + tenant + "/" + string(state)
}

func (r *Return) place() place {
	p := place{table: Returns, key: r.ID, lists: []string{
		ListAll, ListOfTenant(r.Tenant), ListOfShipment(r.Outbound), ListOfReturns(r.Tenant, r.State),
	}}
	if len(r.Steps) > 0 {
		p.order = r.Steps[0].At
	}
	if r.Told < len(r.Steps) {
		p.due = dueAt(r.ToldAt)
	}
	return p
}
