package simulate

import (
	"strings"
	"time"
)

// dhlCodes are DHL's status code, its status and its words; the words alone say what happened in transit.
var dhlCodes = map[Kind][3]string{
	Label:       {"pre-transit", "PRE-TRANSIT", "The shipper has told DHL of the shipment electronically"},
	PickedUp:    {"transit", "TRANSIT", "Shipment picked up"},
	Arrived:     {"transit", "TRANSIT", "Arrived at DHL sort facility"},
	Departed:    {"transit", "TRANSIT", "Departed from DHL facility"},
	CustomsIn:   {"transit", "TRANSIT", "Customs clearance status updated"},
	CustomsHeld: {"transit", "TRANSIT", "Clearance event: further documents are required"},
	CustomsOut:  {"transit", "TRANSIT", "Clearance processing completed"},
	Storm:       {"transit", "TRANSIT", "Shipment is on hold: severe weather"},
	Local:       {"transit", "TRANSIT", "Arrived at DHL delivery facility"},
	OnVehicle:   {"transit", "TRANSIT", "Shipment is out with courier for delivery"},
	NobodyHome:  {"failure", "FAILURE", "Delivery attempted; recipient not home"},
	AtCounter:   {"transit", "TRANSIT", "Shipment is ready for pickup at a DHL ServicePoint"},
	Delivered:   {"delivered", "DELIVERED", "Delivered"},
	Collected:   {"delivered", "DELIVERED", "Collected by the recipient"},
	Refused:     {"failure", "FAILURE", "Recipient refused the shipment"},
	SentBack:    {"failure", "FAILURE", "Return to sender has begun"},
	Returned:    {"failure", "FAILURE", "Returned to shipper"},
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
