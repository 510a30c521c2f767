package simulate

import (
	"encoding/json"
	"fmt"
	"time"
)

// Post is one body as a carrier sends it.
type Post struct {
	// Carrier is whose account posts it.
	Carrier     string
	ContentType string
	Body        []byte
	// Method and Path say where it goes; empty is where the carrier posts its scans.
	Method, Path string
}

const (
	jsonType = "application/json"
	xmlType  = "application/xml"
)

// object is a JSON object whose shape is the carrier's.
type object = map[string]any

// Tell writes what a carrier tells of a parcel when the scans at fresh (indices of told) are new to it: a webhook of
// the new ones where the carrier has such, else its whole reply. told are all scans that it has told so far, in order.
func Tell(p *Parcel, told []Scan, fresh ...int) ([]Post, error) {
	own, partner := parted(told)
	news := map[bool][]Scan{}
	for _, i := range fresh {
		news[told[i].ByPartner] = append(news[told[i].ByPartner], told[i])
	}
	var posts []Post
	add := func(carrier, contentType string, body []byte, err error) error {
		posts = append(posts, Post{Carrier: carrier, ContentType: contentType, Body: body})
		return err
	}
	var err error
	if len(news[false]) > 0 {
		switch p.Carrier {
		case UPS:
			if scan := news[false][0]; len(news[false]) == 1 && alertable(scan) {
				body, failed := upsAlert(p, scan)
				err = add(UPS, jsonType, body, failed)
			} else {
				body, failed := upsTrack(p, own)
				err = add(UPS, jsonType, body, failed)
			}
		case FedEx:
			body, failed := fedexTrack(p, own)
			err = add(FedEx, jsonType, body, failed)
		case USPS:
			body, kind, failed := uspsReply(p, p.Number, own)
			err = add(USPS, kind, body, failed)
		case DHL:
			body, failed := dhlUnified(p, own)
			err = add(DHL, jsonType, body, failed)
		case Fleet:
			posts, err = tellFleet(p, news[false])
		}
	}
	if err == nil && len(news[true]) > 0 {
		body, kind, failed := uspsReply(p, p.Partner, partner)
		err = add(USPS, kind, body, failed)
	}
	if err != nil {
		return nil, fmt.Errorf("write what %s tells of parcel %d: %w", p.Carrier, p.Index, err)
	}
	return posts, nil
}

// parted gives the carrier's own scans and its partner's.
func parted(scans []Scan) (own, partner []Scan) {
	for _, scan := range scans {
		if scan.ByPartner {
			partner = append(partner, scan)
		} else {
			own = append(own, scan)
		}
	}
	return own, partner
}

// newestFirst is the order in which carriers list scans.
func newestFirst[T any](scans []Scan, write func(Scan) T) []T {
	list := make([]T, len(scans))
	for i := range scans {
		list[len(scans)-1-i] = write(scans[i])
	}
	return list
}

// expected is the latest estimate among scans; zero where none holds any more.
func expected(scans []Scan) time.Time {
	if len(scans) == 0 {
		return time.Time{}
	}
	return scans[len(scans)-1].Expected
}

func has(scans []Scan, kind Kind) bool {
	for i := range scans {
		if scans[i].Kind == kind {
			return true
		}
	}
	return false
}

// local is a moment by the clock of a place.
func (p Place) local(t time.Time) time.Time { return t.In(p.location()) }

func encode(v any) ([]byte, error) { return json.Marshal(v) }
