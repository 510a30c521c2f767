package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"waybill/adapters/fleet"
)

const ndjsonType = "application/x-ndjson"

// fleetAction is what the shop's own people do: how it is scanned, the action, and what it means more closely.
type fleetAction struct{ kind, action, reason string }

var fleetActions = map[Kind]fleetAction{
	Label:      {"barcode", "label_created", ""},
	PickedUp:   {"barcode", "accepted", ""},
	Departed:   {"rfid", "departed", ""},
	Local:      {"rfid", "arrived", "arrived_at_delivery_facility"},
	Sorted:     {"barcode", "sorted", ""},
	Loaded:     {"barcode", "loaded", ""},
	OnVehicle:  {"barcode", "out_for_delivery", ""},
	OnTheRoad:  {"gps", "position", ""},
	StopsAway:  {"gps", "arriving", ""},
	NobodyHome: {"barcode", "attempt_failed", "recipient_unavailable"},
	AtCounter:  {"barcode", "at_pickup_point", ""},
	Delivered:  {"barcode", "delivered", ""},
	Collected:  {"barcode", "collected", ""},
	Refused:    {"barcode", "exception", "refused"},
	SentBack:   {"barcode", "returning", ""},
	Returned:   {"barcode", "returned", ""},
}

// tellFleet writes what the fleet tells: the scans of the parcel, and what the van that brings it says of itself.
func tellFleet(p *Parcel, news []Scan) ([]Post, error) {
	var scans []Scan
	var posts []Post
	for i := range news {
		if _, ofParcel := fleetActions[news[i].Kind]; ofParcel {
			scans = append(scans, news[i])
		}
		if news[i].Van != (VanMove{}) {
			post, err := vanPost(p, &news[i])
			if err != nil {
				return nil, err
			}
			posts = append(posts, post)
		}
	}
	if len(scans) == 0 {
		return posts, nil
	}
	body, err := fleetScans(p, scans)
	return append(posts, Post{Carrier: Fleet, ContentType: ndjsonType, Body: body}), err
}

// fleetScans are scans of one parcel, one a line.
func fleetScans(p *Parcel, scans []Scan) ([]byte, error) {
	var body bytes.Buffer
	for i := range scans {
		line, err := json.Marshal(fleetScan(p, &scans[i]))
		if err != nil {
			return nil, err
		}
		body.Write(append(line, '\n'))
	}
	return body.Bytes(), nil
}

func fleetScan(p *Parcel, scan *Scan) fleet.Scan {
	does := fleetActions[scan.Kind]
	lat, lon := float32(scan.Place.Lat), float32(scan.Place.Lon)
	s := fleet.Scan{
		ID: fmt.Sprintf("%d-%d", p.Index, scan.At.Unix()), Kind: does.kind, Of: "package", Code: p.Number,
		Action: does.action, Reason: does.reason, At: scan.Place.local(scan.At).Format(time.RFC3339),
		Device: "handheld-" + strings.ToLower(p.Home.Country), Facility: strings.ToUpper(scan.Place.City),
		Location: &fleet.Location{
			City: scan.Place.City, State: scan.Place.State, PostalCode: scan.Place.Postal, Country: scan.Place.Country,
			Lat: &lat, Lon: &lon,
		},
	}
	if !scan.Expected.IsZero() {
		s.EstimatedDelivery = p.Home.local(scan.Expected).Format(time.RFC3339)
	}
	if scan.Kind == StopsAway {
		s.Note = fmt.Sprintf("%d stops away", scan.Stops)
	}
	if scan.Kind == Delivered {
		s.Proof = &fleet.Proof{SignedBy: p.To.Name, Place: "front door"}
	}
	return s
}
