package simulate

import "strings"

// upsCodes are UPS's activity type, code, status code and words.
var upsCodes = map[Kind][4]string{
	Label:       {"M", "MP", "003", "Shipper created a label, UPS has not received the package yet. "},
	PickedUp:    {"P", "PU", "038", "Pickup Scan"},
	Arrived:     {"I", "AR", "005", "Arrived at Facility"},
	Departed:    {"I", "DP", "005", "Departed from Facility"},
	CustomsIn:   {"I", "CC", "012", "Your package is being processed for clearance."},
	CustomsHeld: {"X", "G5", "058", "A missing commercial invoice is causing a delay. We are working to obtain this information."},
	CustomsOut:  {"X", "SR", "014", "Your package was released by the customs agency."},
	Storm:       {"X", "A4", "032", "Severe weather conditions have delayed delivery."},
	HandedOver:  {"I", "ZP", "025", "Package transferred to post office"},
	Local:       {"I", "DS", "005", "Destination Scan"},
	OnVehicle:   {"I", "OT", "021", "Out For Delivery Today"},
	NobodyHome:  {"X", "48", "022", "The receiver was not available for delivery. We'll make a second attempt the next business day."},
	AtCounter:   {"I", "ZW", "040", "The package is ready for pickup at a UPS Access Point."},
	Delivered:   {"D", "FS", "011", "DELIVERED "},
	Collected:   {"D", "2Q", "011", "DELIVERED BY LOCAL UPS ACCESS POINT"},
	Refused:     {"X", "RF", "064", "The receiver does not want the product and refused the delivery."},
	SentBack:    {"RS", "RS", "035", "Returning to Sender"},
	Returned:    {"D", "RT", "067", "Returned to Sender"},
}

const (
	upsDay  = "20060102"
	upsTime = "150405"
)

// alertable: Track Alert tells of any activity, but not of the partner's number, which the reply alone has.
func alertable(scan Scan) bool { return scan.Kind != HandedOver }

// upsAlert is a Track Alert webhook: one activity.
func upsAlert(p *Parcel, scan Scan) ([]byte, error) {
	code, local := upsCodes[scan.Kind], scan.Place.local(scan.At)
	alert := object{
		"trackingNumber":    p.Number,
		"localActivityDate": local.Format(upsDay), "localActivityTime": local.Format(upsTime),
		"gmtActivityDate": scan.At.UTC().Format(upsDay), "gmtActivityTime": scan.At.UTC().Format(upsTime),
		"activityLocation": object{
			"city": scan.Place.City, "stateProvince": scan.Place.State, "postalCode": scan.Place.Postal, "country": scan.Place.Country,
		},
		"activityStatus": object{"type": code[0], "code": code[1], "descriptionCode": code[2], "description": code[3]},
	}
	if !scan.Expected.IsZero() {
		alert["scheduledDeliveryDate"] = p.Home.local(scan.Expected).Format(upsDay)
		alert["deliveryTimeDescription"] = "end of day"
	}
	return encode(alert)
}

// upsTrack is a reply of the Track API, version 1: the package with all activities.
func upsTrack(p *Parcel, scans []Scan) ([]byte, error) {
	parcel := object{
		"trackingNumber": p.Number,
		"activity":       newestFirst(scans, upsActivity),
		"packageAddress": []object{upsAddress("ORIGIN", p.From), upsAddress("DESTINATION", p.Home)},
		"packageCount":   1,
		"service":        object{"code": "003", "description": p.Product},
		"weight":         object{"unitOfMeasurement": "KGS", "weight": weight(p)},
	}
	if has(scans, HandedOver) {
		parcel["alternateTrackingNumber"] = []object{{"number": p.Partner, "type": "USPS_PIC"}}
	}
	if by := expected(scans); !by.IsZero() {
		parcel["deliveryDate"] = []object{{"type": "SDD", "date": p.Home.local(by).Format(upsDay)}}
		parcel["deliveryTime"] = object{"type": "EDW", "startTime": "090000", "endTime": p.Home.local(by).Format(upsTime)}
	}
	if has(scans, Delivered) {
		parcel["deliveryInformation"] = object{"location": "Front Door", "receivedBy": strings.ToUpper(p.To.Name)}
	}
	return encode(object{"trackResponse": object{"shipment": []object{
		{"inquiryNumber": p.Number, "package": []object{parcel}},
	}}})
}

func upsActivity(scan Scan) object {
	code, local := upsCodes[scan.Kind], scan.Place.local(scan.At)
	address := object{"countryCode": scan.Place.Country, "country": scan.Place.Country}
	if scan.Kind != Label {
		address["city"], address["stateProvince"] = scan.Place.City, scan.Place.State
		address["postalCode"] = scan.Place.Postal
	}
	return object{
		"location": object{"address": address},
		"status":   object{"type": code[0], "code": code[1], "statusCode": code[2], "description": code[3]},
		"date":     local.Format(upsDay), "time": local.Format(upsTime), "gmtOffset": local.Format("-07:00"),
		"gmtDate": scan.At.UTC().Format(upsDay), "gmtTime": scan.At.UTC().Format("15:04:05"),
	}
}

func upsAddress(kind string, at Place) object {
	return object{"type": kind, "address": object{
		"city": at.City, "stateProvince": at.State, "postalCode": at.Postal, "countryCode": at.Country,
	}}
}

// weight is plausible and always the same for a parcel.
func weight(p *Parcel) string {
	return []string{"0.4", "0.9", "1.3", "2.2", "3.8"}[p.Index%5]
}
