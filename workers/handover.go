package workers

import (
	"context"
	"fmt"
	"strings"

	"waybill/adapters/detect"
	"waybill/tracker"
)

const (
	foundInPayload = "payload"
	foundByPost    = "destination_post"
	// maxLegs bounds the legs of a shipment, should payloads name each other's numbers without end.
	maxLegs = 12
)

// handOver has a shipment follow the carriages that go on where one of its legs ends: a partner's number that a
// payload named, and the destination's post for a number that tells of it. It reports whether legs were added.
func (w *Workers) handOver(ctx context.Context, t *tracker.Tracking) (added bool, err error) {
	s := t.Shipment
	has := make(map[tracker.LegKey]bool, len(s.Legs))
	for _, leg := range s.Legs {
		has[leg.LegKey] = true
	}
	add := func(key tracker.LegKey, found string) {
		if err != nil || has[key] || len(s.Legs) >= maxLegs {
			return
		}
		has[key], added = true, true
		if err = w.Ingest.AddLeg(ctx, s, key, found); err != nil {
			err = fmt.Errorf("follow shipment %s on leg %s: %w", s.ID, key, err)
		}
	}
	for _, leg := range t.Legs {
		for _, partner := range leg.Partners {
			add(partner, foundInPayload)
		}
	}
	for _, carriage := range t.Carriages {
		if carrier, ok := destinationPost(carriage.LegKey, destinationOf(s, carriage)); ok {
			add(tracker.LegKey{Carrier: carrier, Number: carriage.Number}, foundByPost)
		}
	}
	return added, err
}

// destinationOf is the country a leg is bound for: as the seller told it, else as the carrier did.
func destinationOf(s *tracker.Shipment, carriage tracker.Carriage) string {
	if s.Destination.Country != "" {
		return s.Destination.Country
	}
	return carriage.Generation.Facts.Destination.Country
}

// destinationPost is the carrier by which the destination's post scans a number that the origin's post gave: posts
// keep each other's S10 numbers. Posts without an adapter of ours could tell nothing, and are left out.
func destinationPost(leg tracker.LegKey, country string) (carrier string, ok bool) {
	origin, ok := s10(detect.Candidates(leg.Number), "")
	if !ok || country == "" || origin.Carrier != leg.Carrier || origin.Facts.Country == strings.ToUpper(country) {
		return "", false
	}
	post, ok := s10(detect.Candidates(leg.Number, detect.Country(country)), origin.Carrier)
	return post.Carrier, ok && !strings.HasPrefix(post.Carrier, "s10_")
}

// s10 is the first post among candidates that is not the one excepted.
func s10(candidates []detect.Candidate, except string) (detect.Candidate, bool) {
	for _, c := range candidates {
		if c.Format == "S10" && c.Carrier != except {
			return c, true
		}
	}
	return detect.Candidate{}, false
}
