package simulate

import (
	"fmt"
	"time"
)

// fedexCodes are FedEx's event type, its words, exception code and words, and the status derived from them.
var fedexCodes = map[Kind][5]string{
	Label:       {"OC", "Shipment information sent to FedEx", "", "", "IN"},
	PickedUp:    {"PU", "Picked up", "", "", "PU"},
	Arrived:     {"AR", "Arrived at FedEx hub", "", "", "IT"},
	Departed:    {"DP", "Departed FedEx location", "", "", "IT"},
	CustomsIn:   {"CP", "Clearance in progress", "", "", "IT"},
	CustomsHeld: {"CD", "Clearance delay - Import", "75", "Additional documentation needed", "CD"},
	CustomsOut:  {"CC", "International shipment release - Import", "", "", "IT"},
	Storm:       {"DY", "Delay", "79", "Local weather delay", "DY"},
	Local:       {"FD", "At destination sort facility", "", "", "IT"},
	OnVehicle:   {"OD", "On FedEx vehicle for delivery", "", "", "OD"},
	NobodyHome:  {"DE", "Delivery exception", "08", "Customer not available or business closed", "DE"},
	AtCounter:   {"HP", "Ready for recipient pickup", "", "", "HL"},
	Delivered:   {"DL", "Delivered", "", "", "DL"},
	Collected:   {"DL", "Delivered", "", "", "DL"},
	Refused:     {"DE", "Delivery exception", "07", "Shipment refused by recipient", "DE"},
	SentBack:    {"RS", "Returning package to shipper", "", "", "RS"},
	Returned:    {"DL", "Delivered", "", "", "DL"},
}

// fedexTrack is a reply of the Track API, version 1.
func fedexTrack(p *Parcel, scans []Scan) ([]byte, error) {
	last := fedexScan(scans[len(scans)-1])
	result := object{
		"trackingNumberInfo": object{
			"trackingNumber": p.Number, "carrierCode": "FDXE",
			"trackingNumberUniqueId": fmt.Sprintf("%d~%s~FX", 2460000000+p.Index, p.Number),
		},
		"serviceDetail": object{"description": p.Product, "type": "FEDEX"},
		"latestStatusDetail": object{
			"code": last["eventType"], "derivedCode": last["derivedStatusCode"], "description": last["eventDescription"],
			"scanLocation": last["scanLocation"],
		},
		"originLocation":                object{"locationContactAndAddress": object{"address": fedexAddress(p.From)}},
		"lastUpdatedDestinationAddress": fedexAddress(p.Home),
		"packageDetails": object{"count": "1", "weightAndDimensions": object{
			"weight": []object{{"unit": "KG", "value": weight(p)}},
		}},
		"scanEvents": newestFirst(scans, fedexScan),
	}
	if by := expected(scans); !by.IsZero() {
		from := p.Home.local(by).Add(-11 * time.Hour)
		result["estimatedDeliveryTimeWindow"] = object{"window": object{
			"begins": from.Format(time.RFC3339), "ends": p.Home.local(by).Format(time.RFC3339),
		}}
	}
	if has(scans, Delivered) {
		result["deliveryDetails"] = object{"receivedByName": p.To.Name, "locationDescription": "Front Desk", "deliveryAttempts": "0"}
	}
	return encode(object{
		"transactionId": fmt.Sprintf("6a0e52b1-0000-4000-8000-%012d", p.Index),
		"output": object{"completeTrackResults": []object{
			{"trackingNumber": p.Number, "trackResults": []object{result}},
		}},
	})
}

func fedexScan(scan Scan) object {
	code := fedexCodes[scan.Kind]
	address := fedexAddress(scan.Place)
	if scan.Kind == Label {
		address = object{"residential": false}
	}
	return object{
		"date": scan.Place.local(scan.At).Format(time.RFC3339), "eventType": code[0], "eventDescription": code[1],
		"exceptionCode": code[2], "exceptionDescription": code[3], "derivedStatusCode": code[4], "scanLocation": address,
	}
}

func fedexAddress(at Place) object {
	return object{
		"city": at.City, "stateOrProvinceCode": at.State, "postalCode": at.Postal, "countryCode": at.Country, "residential": false,
	}
}
