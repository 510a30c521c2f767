// Package fleet reads the scans of the in-house fleet and the milestones that sellers post for their own parcels: one
// scan as a JSON object, several as a JSON list, or any number as NDJSON (one object a line).
package fleet

import "waybill/tracker"

// Version changes with whatever makes Read read the same scan otherwise.
const Version = "fleet-2"

// Format is the format's name in readings.
const Format = "fleet-scan-v1"

// Scan is one scan. Code, Action (or kind gps) and At are needed, all else may be left out.
type Scan struct {
	// ID is the device's own id of the scan. With Device it names the scan for a later correction.
	ID string `json:"id,omitempty"`
	// Kind is how it was scanned: barcode, rfid or gps. A gps scan without an action is a position.
	Kind string `json:"kind,omitempty"`
	// Of is what was scanned: package (a tracking ID of ours), container, or unknown.
	Of string `json:"of,omitempty"`
	// Code is what was read off it: our tracking ID, a container's code, anything.
	Code string `json:"code"`
	// Action is what was done; see Actions.
	Action string `json:"action,omitempty"`
	// At is when: RFC 3339 with the offset of the place ("2026-11-23T14:05:00+01:00"). A local time without an
	// offset is taken for the time of the place.
	At string `json:"at"`
	// Device is the scanner, Seq its count, by which a reader of the log finds gaps.
	Device string `json:"device,omitempty"`
	Seq    int64  `json:"seq,omitempty"`
	// Facility is our own code of the depot or vehicle.
	Facility string    `json:"facility,omitempty"`
	Location *Location `json:"location,omitempty"`
	// Reason is a substatus of the status model that says why: "recipient_unavailable" with attempt_failed.
	Reason string `json:"reason,omitempty"`
	// Note is shown as the event's text.
	Note  string `json:"note,omitempty"`
	Proof *Proof `json:"proof,omitempty"`
	// Pickup is where the parcel waits to be collected, or is bound for.
	Pickup *Pickup `json:"pickup,omitempty"`
	// EstimatedDelivery is a day or an RFC 3339 time by which delivery is now expected.
	EstimatedDelivery string `json:"estimated_delivery,omitempty"`
	// Voids is the id of an earlier scan of the same device that was made in error.
	Voids string `json:"voids,omitempty"`
}

// Location is where a scan was made. Lat and Lon are degrees, WGS 84.
type Location struct {
	Text       string   `json:"text,omitempty"`
	City       string   `json:"city,omitempty"`
	State      string   `json:"state,omitempty"`
	PostalCode string   `json:"postal_code,omitempty"`
	Country    string   `json:"country,omitempty"`
	Lat        *float32 `json:"lat,omitempty"`
	Lon        *float32 `json:"lon,omitempty"`
}

// Proof is the proof of a delivery. It is kept apart from the event, sealed.
type Proof struct {
	SignedBy     string `json:"signed_by,omitempty"`
	Place        string `json:"place,omitempty"`
	PhotoURL     string `json:"photo_url,omitempty"`
	SignatureURL string `json:"signature_url,omitempty"`
}

// Pickup is a pickup point or locker. Code is what opens it, or is asked for there: it is kept sealed, and told to the
// recipient alone.
type Pickup struct {
	Name  string `json:"name,omitempty"`
	Hours string `json:"hours,omitempty"`
	Code  string `json:"code,omitempty"`
}

// Action is something that is done to a parcel, with what it means and the text it shows without a note.
type Action struct {
	Name      string
	Substatus tracker.Substatus
	Text      string
}

// position is the action of a gps scan that names none: it moves the van on the map and is no event.
const position = "position"

// Actions lists all actions, in the order of a journey.
func Actions() []Action {
	return []Action{
		{"label_created", "label_created", "Label created"},
		{"pickup_scheduled", "pickup_scheduled", "Pickup scheduled"},
		{"picked_up", "picked_up", "Picked up"},
		{"accepted", "accepted", "Accepted at the depot"},
		{"arrived", "arrived_at_facility", "Arrived at the depot"},
		{"sorted", "processed_at_facility", "Sorted"},
		{"unloaded", "processed_at_facility", "Unloaded"},
		{"departed", "departed_facility", "Left the depot"},
		{"in_transit", "on_the_way", "On the way"},
		{"handed_over", "handed_to_partner", "Handed to another carrier"},
		{"received", "received_from_partner", "Received from another carrier"},
		{"redirected", "redirected", "Redirected"},
		{"loaded", "loaded_on_vehicle", "Loaded for delivery"},
		{"out_for_delivery", "out_for_delivery", "Out for delivery"},
		{"arriving", "arriving_soon", "Arriving soon"},
		{"attempt_failed", "attempt_failed", "Delivery attempted"},
		{"at_pickup_point", "at_pickup_point", "Ready at the pickup point"},
		{"in_locker", "in_locker", "Ready in a locker"},
		{"collected", "collected_by_recipient", "Collected"},
		{"delivered", "delivered", "Delivered"},
		{"held", "held", "Held"},
		{"delayed", "delayed", "Delayed"},
		{"damaged", "damaged", "Damaged"},
		{"lost", "lost", "Lost"},
		{"exception", "exception", "Something went wrong"},
		{"returning", "returning", "On the way back to the sender"},
		{"returned", "returned", "Returned to the sender"},
		{"cancelled", "cancelled", "Cancelled"},
	}
}

// actionsByName is Actions by name.
var actionsByName = func() map[string]Action {
	byName := map[string]Action{}
	for _, a := range Actions() {
		byName[a.Name] = a
	}
	return byName
}()
