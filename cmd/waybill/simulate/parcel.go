package simulate

import "time"

// The carriers that are played, by the codes of the adapters.
const (
	UPS   = "ups"
	FedEx = "fedex"
	USPS  = "usps"
	DHL   = "dhl"
	Fleet = "fleet"
)

// Kind is what happened at a scan. How a carrier says it is the Telling's business.
type Kind string

// The kinds.
const (
	Label       Kind = "label"
	PickedUp    Kind = "picked_up"
	Arrived     Kind = "arrived"
	Departed    Kind = "departed"
	CustomsIn   Kind = "customs_started"
	CustomsHeld Kind = "customs_held"
	CustomsOut  Kind = "customs_cleared"
	Storm       Kind = "delayed_by_weather"
	HandedOver  Kind = "handed_to_partner"
	Local       Kind = "at_delivery_facility"
	Sorted      Kind = "sorted"
	Loaded      Kind = "loaded"
	OnVehicle   Kind = "out_for_delivery"
	OnTheRoad   Kind = "on_the_road"
	StopsAway   Kind = "stops_away"
	NobodyHome  Kind = "nobody_home"
	// VanPlanned and VanStop are told of the van that brings it, not of the parcel.
	VanPlanned Kind = "van_planned"
	VanStop    Kind = "van_stop"
	AtCounter  Kind = "at_pickup_point"
	Delivered  Kind = "delivered"
	Collected  Kind = "collected"
	Refused    Kind = "refused"
	SentBack   Kind = "sent_back"
	Returned   Kind = "returned"
)

// ends tells what a parcel's story ends with.
func (k Kind) ends() bool { return k == Delivered || k == Collected || k == Returned }

// Parcel is one shipment and its whole journey.
type Parcel struct {
	// Index is which of a seed's parcels it is.
	Index int
	// Carrier and Number; a fleet's parcel has no number before it is registered.
	Carrier, Number string
	// Partner is the number under which the post delivers it, where UPS hands it over.
	Partner string
	// Service is our service level ("express"), Product the carrier's name for it.
	Service, Product string
	Order            string
	Items            []Item
	To               Person
	From, Home       Place
	// Promise is by when the shop promised it.
	Promise time.Time
	// Van is the round of the van that brings it; nil where that is not told.
	Van *Van
	// Scans are its journey in the order in which things happen.
	Scans []Scan
}

// Scan is one thing that happens to a parcel.
type Scan struct {
	At    time.Time
	Kind  Kind
	Place Place
	// ByPartner: the partner scanned it, under the partner's number.
	ByPartner bool
	// Expected is when the carrier now expects to deliver; zero where it says nothing.
	Expected time.Time
	// Stops is how many stops away the van is, for StopsAway.
	Stops int
	// Van is what the van tells when it happens, beside the scan.
	Van VanMove
	// Delay is how much later than it happened the carrier tells of it: late and out-of-order scans.
	Delay time.Duration
	// Twice: it is told a second time, as carriers do.
	Twice bool
}

// EndsAt is the moment of the last scan.
func (p *Parcel) EndsAt() time.Time { return p.Scans[len(p.Scans)-1].At }
