package simulate

import (
	"strings"
	"time"
)

// dhlCodes are DHL's status code, its status and its words.
var dhlCodes = map[Kind][3]string{
	Label:       {"pre-transit", "SHIPMENT INFORMATION RECEIVED", "The instruction data for this shipment have been provided by the sender to DHL electronically"},
	PickedUp:    {"transit", "PICKED UP", "Shipment picked up"},
	Arrived:     {"transit", "ARRIVED", "Arrived at DHL Sort Facility"},
	Departed:    {"transit", "DEPARTED", "Shipment has departed from a DHL facility"},
	CustomsIn:   {"transit", "CUSTOMS", "Processed for clearance"},
	CustomsHeld: {"failure", "CUSTOMS", "Clearance event: further documents are required"},
	CustomsOut:  {"transit", "CUSTOMS", "Clearance processing complete"},
	Storm:       {"failure", "DELAYED", "Shipment is on hold: severe weather"},
	Local:       {"transit", "ARRIVED", "Arrived at DHL Delivery Facility"},
	OnVehicle:   {"transit", "OUT FOR DELIVERY", "Shipment is out with courier for delivery"},
	NobodyHome:  {"failure", "NOT HOME", "Delivery attempted; recipient not home"},
	AtCounter:   {"transit", "AWAITING COLLECTION", "Shipment is ready for collection at a DHL ServicePoint"},
	Delivered:   {"delivered", "DELIVERED", "Delivered"},
	Collected:   {"delivered", "DELIVERED", "Collected by the recipient"},
	Refused:     {"failure", "REFUSED", "Recipient refused delivery"},
	SentBack:    {"failure", "RETURNED", "Returned to shipper"},
	Returned:    {"delivered", "DELIVERED", "Returned shipment delivered to the shipper"},
}

// dhlUnified is a reply of Shipment Tracking - Unified.
func dhlUnified(p *Parcel, scans []Scan) ([]byte, error) {
	events := newestFirst(scans, dhlEvent)
	details := object{
		"product":             object{"productName": p.Product},
		"totalNumberOfPieces": 1, "weight": object{"value": weight(p), "unitText": "kg"},
	}
	if has(scans, Delivered) {
		details["proofOfDelivery"] = object{
			"timestamp": scans[len(scans)-1].At.UTC().Format(time.RFC3339), "signed": object{"@type": "Person", "name": p.To.Name},
		}
	}
	shipment := object{
		"id": p.Number, "service": dhlService(p.Service), "origin": dhlPlace(p.From), "destination": dhlPlace(p.Home),
		"status": events[0], "details": details, "events": events,
	}
	if by := expected(scans); !by.IsZero() {
		shipment["estimatedTimeOfDelivery"] = p.Home.local(by).Format(time.RFC3339)
		shipment["estimatedTimeOfDeliveryRemark"] = "By End of Day"
	}
	return encode(object{"shipments": []object{shipment}, "possibleAdditionalShipmentsUrl": []string{}})
}

func dhlEvent(scan Scan) object {
	code := dhlCodes[scan.Kind]
	return object{
		"timestamp": scan.Place.local(scan.At).Format("2006-01-02T15:04:05"), "location": dhlPlace(scan.Place),
		"statusCode": code[0], "status": code[1], "description": code[2],
	}
}

func dhlPlace(at Place) object {
	return object{"address": object{
		"countryCode": at.Country, "postalCode": at.Postal, "addressLocality": strings.ToUpper(at.City),
	}}
}

// dhlService is DHL's division.
func dhlService(service string) string {
	if service == "express" {
		return "express"
	}
	return "ecommerce"
}
