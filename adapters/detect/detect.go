// Package detect names the carriers that a tracking number may belong to.
//
// A number alone is a question: several carriers' formats may fit it. All of
// them are given, the likely first, each with a confidence and a reason. A
// number whose check digit or length is wrong is not of that format.
//
// The formats are one table (formats.go), the check digits small functions
// (check.go); what the digits of the postal union mean is in s10.go.
package detect

import (
	"slices"

	"waybill/tracker"
)

// maxNumber bounds a number in characters, without spaces; the longest format has 39.
const maxNumber = 40

// maxInput bounds a number as typed, in bytes: with a space after each digit.
const maxInput = 128

// Candidate is a carrier that a number may belong to.
type Candidate struct {
	// Carrier is the code of the adapter, "ups"; for a post without an adapter
	// "s10_" and its country, "s10_ee".
	Carrier string
	// Courier is the carrier's name, "United States Postal Service"; numbers
	// of the postal union have "S10 International Standard".
	Courier string
	// Format names the carrier's format, "USPS IMpb C".
	Format string
	// Confidence is how likely the carrier is, of 0 to 1: a rank, not a
	// measured probability.
	Confidence float64
	// Reason says in words what spoke for it.
	Reason string
	// Facts are what the number itself says.
	Facts Facts
}

// Facts are the parts of a number, as digits where no words are known; a part
// that the format does not have is empty.
type Facts struct {
	// Service is "UPS Ground", "EMS", or the carrier's code.
	Service string `json:"service,omitempty" doc:"The service level, in words or as the carrier's code." example:"UPS Ground"`
	// Shipper is the shipper's account or mailer ID with the carrier; of an SSCC the beginning of the company prefix.
	Shipper string `json:"shipper,omitempty" doc:"The shipper's account, mailer ID or company prefix." example:"999AA1"`
	// Depot is the carrier's depot that took the parcel in.
	Depot string `json:"depot,omitempty" doc:"The depot that took the parcel in." example:"0998"`
	// Serial is what tells the shipper's parcels apart.
	Serial string `json:"serial,omitempty" doc:"What tells the shipper's parcels apart." example:"1234567"`
	// PostalCode is the destination's.
	PostalCode string `json:"postal_code,omitempty" doc:"The destination's, as the number has it." example:"60601"`
	// Destination is its country, ISO 3166-1 alpha-2.
	Destination string `json:"destination,omitempty" doc:"The destination's country: two letters." example:"DE"`
	// Country is that of the post that gave the number, ISO 3166-1 alpha-2.
	Country string `json:"country,omitempty" doc:"The country of the post that gave the number: two letters." example:"GB"`
	// Post is the name of that post, "Royal Mail".
	Post string `json:"post,omitempty" doc:"The post that gave the number." example:"Royal Mail"`
}

// Candidates lists the carriers that a number fits, best first; none where it
// is no known format. Spaces, hyphens and lower case are accepted. One of our
// own tracking IDs has the carrier tracker.FleetCarrier and no rival.
func Candidates(number string, hints ...Hint) []Candidate {
	if len(number) > maxInput {
		return nil
	}
	n := tracker.NormaliseNumber(number)
	if id, ok := tracker.ParseTrackingID(n); ok {
		return []Candidate{{
			Carrier: tracker.FleetCarrier, Courier: "Own tracking ID", Format: "Own tracking ID", Confidence: 1,
			Reason: "check character of our own tracking IDs", Facts: Facts{Serial: id},
		}}
	}
	if len(n) == 0 || len(n) > maxNumber || !alphanumeric(n) {
		return nil
	}
	var found []Candidate
	for _, f := range byLength[len(n)] {
		if f.fits(n) {
			if found == nil {
				found = make([]Candidate, 0, 4)
			}
			found = append(found, f.candidate(n))
		}
	}
	known := gather(hints)
	if len(n) == s10Length {
		found = append(found, s10(n, known.country)...)
	}
	known.rank(found)
	slices.SortStableFunc(found, func(a, b Candidate) int {
		switch {
		case a.Confidence > b.Confidence:
			return -1
		case a.Confidence < b.Confidence:
			return 1
		}
		return 0
	})
	return found
}

// alphanumeric tells digits and capitals alone.
func alphanumeric(n string) bool {
	for i := range len(n) {
		if c := n[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
