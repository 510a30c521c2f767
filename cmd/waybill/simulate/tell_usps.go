package simulate

import (
	"encoding/xml"
	"strings"
	"time"
)

// uspsCodes are the post's event code, its words and the category it counts as.
var uspsCodes = map[Kind][3]string{
	Label:      {"MA", "Shipping Label Created, USPS Awaiting Item", "Pre-Shipment"},
	PickedUp:   {"03", "USPS picked up item", "Accepted"},
	Arrived:    {"10", "Arrived at USPS Regional Facility", "In Transit"},
	Departed:   {"EF", "Departed USPS Regional Facility", "In Transit"},
	Storm:      {"NT", "In Transit to Next Facility, Arriving Late", "In Transit"},
	Local:      {"07", "Arrived at Post Office", "In Transit"},
	OnVehicle:  {"OF", "Out for Delivery", "Out for Delivery"},
	NobodyHome: {"02", "Notice Left (No Authorized Recipient Available)", "Delivery Attempt"},
	AtCounter:  {"16", "Available for Pickup", "Available for Pickup"},
	Delivered:  {"01", "Delivered, In/At Mailbox", "Delivered"},
	Collected:  {"01", "Delivered, Individual Picked Up at Post Office", "Delivered"},
	Refused:    {"04", "Refused", "Alert"},
	SentBack:   {"09", "Return to Sender Processed", "Return to Sender"},
	Returned:   {"01", "Delivered, To Original Sender", "Delivered"},
}

// uspsReply is a reply of either of the post's interfaces: an account may have moved to the newer one or not.
func uspsReply(p *Parcel, number string, scans []Scan) (body []byte, contentType string, err error) {
	if p.Index%2 == 0 {
		body, err = uspsV3(p, number, scans)
		return body, jsonType, err
	}
	body, err = uspsWebTools(p, number, scans)
	return body, xmlType, err
}

// trackInfo is a reply of Web Tools' TrackV2.
type trackInfo struct {
	XMLName xml.Name   `xml:"TrackResponse"`
	ID      webToolsID `xml:"TrackInfo"`
}

type webToolsID struct {
	ID                   string          `xml:"ID,attr"`
	Class                string          `xml:"Class"`
	DestinationCity      string          `xml:"DestinationCity"`
	DestinationState     string          `xml:"DestinationState"`
	DestinationZip       string          `xml:"DestinationZip"`
	ExpectedDeliveryDate string          `xml:"ExpectedDeliveryDate,omitempty"`
	OriginCity           string          `xml:"OriginCity"`
	OriginState          string          `xml:"OriginState"`
	OriginZip            string          `xml:"OriginZip"`
	Service              string          `xml:"Service"`
	Status               string          `xml:"Status"`
	StatusCategory       string          `xml:"StatusCategory"`
	Summary              webToolsEvent   `xml:"TrackSummary"`
	Details              []webToolsEvent `xml:"TrackDetail"`
}

type webToolsEvent struct {
	Time    string `xml:"EventTime"`
	Date    string `xml:"EventDate"`
	Event   string `xml:"Event"`
	City    string `xml:"EventCity"`
	State   string `xml:"EventState"`
	ZIP     string `xml:"EventZIPCode"`
	Country string `xml:"EventCountry"`
	Agent   bool   `xml:"AuthorizedAgent"`
	Code    string `xml:"EventCode"`
}

const uspsDate = "January 2, 2006"

func uspsWebTools(p *Parcel, number string, scans []Scan) ([]byte, error) {
	events := newestFirst(scans, webTools)
	latest := uspsCodes[scans[len(scans)-1].Kind]
	info := webToolsID{
		ID: number, Class: p.Product, Service: "USPS Tracking", Status: latest[1], StatusCategory: latest[2],
		DestinationCity: strings.ToUpper(p.Home.City), DestinationState: p.Home.State, DestinationZip: p.Home.Postal,
		OriginCity: strings.ToUpper(p.From.City), OriginState: p.From.State, OriginZip: p.From.Postal,
		Summary: events[0], Details: events[1:],
	}
	if by := expected(scans); !by.IsZero() {
		info.ExpectedDeliveryDate = p.Home.local(by).Format(uspsDate)
	}
	body, err := xml.Marshal(trackInfo{ID: info})
	return append([]byte(xml.Header), body...), err
}

func webTools(scan Scan) webToolsEvent {
	code, local := uspsCodes[scan.Kind], scan.Place.local(scan.At)
	return webToolsEvent{
		Time: local.Format("3:04 pm"), Date: local.Format(uspsDate), Event: code[1], Code: code[0],
		City: strings.ToUpper(scan.Place.City), State: scan.Place.State, ZIP: scan.Place.Postal,
	}
}

// uspsV3 is a reply of the Tracking API, version 3, as its public specification has it.
func uspsV3(p *Parcel, number string, scans []Scan) ([]byte, error) {
	latest := uspsCodes[scans[len(scans)-1].Kind]
	reply := object{
		"trackingNumber": number, "mailClass": p.Product, "status": latest[1], "statusCategory": latest[2],
		"originCity": p.From.City, "originState": p.From.State, "originZIP": p.From.Postal,
		"destinationCity": p.Home.City, "destinationState": p.Home.State, "destinationZIP": p.Home.Postal,
		"trackingEvents": newestFirst(scans, uspsEvent),
	}
	if by := expected(scans); !by.IsZero() {
		reply["deliveryDateExpectation"] = object{"expectedDeliveryDate": p.Home.local(by).Format("2006-01-02")}
	}
	return encode(reply)
}

func uspsEvent(scan Scan) object {
	code := uspsCodes[scan.Kind]
	return object{
		"eventType": code[1], "eventCode": code[0],
		"eventTimestamp": scan.Place.local(scan.At).Format("2006-01-02T15:04:05"),
		"GMTTimestamp":   scan.At.UTC().Format(time.RFC3339),
		"eventCity":      scan.Place.City, "eventState": scan.Place.State, "eventZIP": scan.Place.Postal, "eventCountry": nil,
	}
}
