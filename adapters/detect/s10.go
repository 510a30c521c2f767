package detect

// s10Length is that of an item identifier of the Universal Postal Union's
// standard S10: two letters of the service, eight digits, a check digit, the
// country of the post that gave the number.
const s10Length = 13

// s10 gives the posts that follow a number of the postal union: that of its
// origin, and that of the destination (a country code or "") where it is known, since both scan it
// under the same number.
func s10(n, destination string) []Candidate {
	if !isS10(n) || !postal(n) {
		return nil
	}
	origin := n[11:]
	c := Candidate{
		Courier: "S10 International Standard", Format: "S10", Confidence: 0.95,
		Reason: "check digit of the postal union and the country of a post fit",
		Facts:  Facts{Service: s10Service(n), Serial: n[2:10], Country: origin},
	}
	c.Carrier, c.Facts.Post = post(origin)
	if destination == "" || destination == origin {
		return []Candidate{c}
	}
	to := c
	to.Carrier, _ = post(destination)
	to.Confidence = 0.5
	to.Reason = "the post of the destination follows it under the same number"
	return []Candidate{c, to}
}

func isS10(n string) bool {
	for i := range len(n) {
		letter := n[i] >= 'A'
		if wants := i < 2 || i > 10; letter != wants {
			return false
		}
	}
	return isCountry(n[11:])
}

// s10Service is the kind of mail that the first letter stands for (S10b,
// annex on service indicators); "" where it is reserved.
func s10Service(n string) string {
	switch n[0] {
	case 'E':
		return "EMS"
	case 'C':
		return "Parcel post"
	case 'H':
		return "E-commerce parcel"
	case 'L':
		return "Letter post, tracked"
	case 'M':
		return "Letter post, M bag"
	case 'Q':
		return "International business reply"
	case 'R':
		return "Letter post, registered"
	case 'U':
		return "Letter post"
	case 'V':
		return "Letter post, insured"
	case 'A', 'B', 'D', 'G', 'N', 'P', 'Z':
		return "Domestic or bilateral"
	}
	return ""
}
