package detect

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waybill/tracker"
)

func find(found []Candidate, carrier, format string) int {
	return slices.IndexFunc(found, func(c Candidate) bool { return c.Carrier == carrier && c.Format == format })
}

func TestANumberOfEachFormatIsFoundAndOneWithAnotherCheckDigitIsNot(t *testing.T) {
	for _, c := range invented {
		t.Run(c.format+" "+c.number, func(t *testing.T) {
			found := Candidates(c.number)
			at := find(found, c.carrier, c.format)
			if at < 0 {
				t.Fatalf("not found among %+v", found)
			}
			if got := found[at]; got.Confidence <= 0 || got.Confidence >= 1 || got.Courier == "" || got.Facts.Serial == "" || got.Reason == "" {
				t.Errorf("incomplete: %+v", got)
			}
			for _, typed := range []string{strings.ToLower(c.number), " " + strings.Join(strings.Split(c.number, ""), " "), c.number[:5] + "-" + c.number[5:]} {
				if find(Candidates(typed), c.carrier, c.format) < 0 {
					t.Errorf("not found as typed %q", typed)
				}
			}
			if !strings.Contains(found[at].Reason, "check digit") {
				return
			}
			place := checkPlace(c.format, c.number)
			for digit := byte('0'); digit <= '9'; digit++ {
				other := []byte(c.number)
				if other[place] == digit {
					continue
				}
				other[place] = digit
				if find(Candidates(string(other)), c.carrier, c.format) >= 0 {
					t.Errorf("%s is found too", other)
				}
			}
		})
	}
}

// checkPlace is where a format has its check digit.
func checkPlace(format, number string) int {
	switch format {
	case "S10", "Chronopost", "Yanwen":
		return 10
	case "FedEx ASTRA (32)":
		return 27
	}
	return len(number) - 1
}

func TestEveryFormatHasAnInventedNumberAndPlainFields(t *testing.T) {
	for _, f := range formats {
		found := slices.ContainsFunc(invented, func(c struct{ carrier, format, number string }) bool {
			n := tracker.NormaliseNumber(c.number)
			return c.format == f.name && c.carrier == f.carrier && len(n) == len(f.mask) && f.fits(n)
		})
		if !found && f.begins == "" { // one of many lengths, of which the shortest and longest are invented
			t.Errorf("%s %s: no invented number", f.name, f.mask)
		}
		if len(f.mask) > maxNumber || f.confidence <= 0 || f.confidence >= 1 {
			t.Errorf("%s: mask of %d, confidence %v", f.name, len(f.mask), f.confidence)
		}
	}
}

func TestTheLikelyCarrierComesFirst(t *testing.T) {
	for _, c := range []struct {
		name, number string
		hints        []Hint
		want         string
	}{
		{"a 1Z number", "1Z X4X7B3 03 4567 8127", nil, "ups"},
		{"a post's number", "RB000000425GB", nil, "royalmail"},
		{"a French express number is Chronopost's before La Poste's", "XY000000425FR", nil, "chronopost"},
		{"twelve digits that fit FedEx and Purolator", "287809468872", nil, "fedex"},
		{"the same to Canada", "287809468872", []Hint{Country("CA")}, "purolator"},
		{"GLS's eleven digits", "36301917596", nil, "gls"},
		{"eleven digits of a seller with Aramex", "36301917596", []Hint{Carriers("aramex")}, "aramex"},
		{"sixteen digits with a check digit", "1234567000000420", nil, "canadapost"},
		{"sixteen digits without", "0000000000000042", nil, "hermes"},
		{"a number of a UPS Mail Innovations seller", "9274890109527000983902", []Hint{Carriers("ups")}, "ups"},
		{"the same without a hint", "9274890109527000983902", nil, "usps"},
		{"nothing of ours", "HELLO WORLD", nil, ""},
		{"nothing at all", "", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if found := Candidates(c.number, c.hints...); len(found) > 0 {
				got = found[0].Carrier
			}
			if got != c.want {
				t.Errorf("%q first, want %q: %+v", got, c.want, Candidates(c.number, c.hints...))
			}
		})
	}
}

func TestOwnTrackingIDsAreOursAlone(t *testing.T) {
	id := tracker.NewTrackingID()
	for _, typed := range []string{id, strings.ToLower(id), id[:4] + "-" + id[4:8] + " " + id[8:]} {
		found := Candidates(typed)
		if len(found) != 1 || found[0].Carrier != tracker.FleetCarrier || found[0].Confidence != 1 || found[0].Facts.Serial != id {
			t.Errorf("%q: %+v", typed, found)
		}
	}
}

func TestFactsAreReadFromTheNumber(t *testing.T) {
	for _, c := range []struct {
		name, number, carrier string
		want                  Facts
	}{
		{"UPS account and service", "1ZX4X7B30345678127", "ups", Facts{Service: "UPS Ground", Shipper: "X4X7B3", Serial: "4567812"}},
		{"USPS destination", "420606019400100000000000000426", "usps", Facts{Service: "USPS Tracking", PostalCode: "60601", Serial: "0000000000000042"}},
		{"a label of DPD", "008182709980000020033350276C", "dpd", Facts{
			Service: "DPD 8:30", PostalCode: "0081827", Depot: "0998", Serial: "0000020033", Destination: "DE",
		}},
		{"a logistic unit", "00106141412345678908", "epcis", Facts{Shipper: "0614141", Serial: "234567890"}},
		{"the post that gave a number", "RB123456785GB", "royalmail", Facts{Service: "Letter post, registered", Serial: "12345678", Country: "GB", Post: "Royal Mail"}},
		{"a post that is in no list", "RB123456785CF", "s10_cf", Facts{Service: "Letter post, registered", Serial: "12345678", Country: "CF", Post: "Post of CF"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := Candidates(c.number)
			if len(found) == 0 || found[0].Carrier != c.carrier || found[0].Facts != c.want {
				t.Errorf("got %+v, want %s %+v", found, c.carrier, c.want)
			}
		})
	}
}

func TestThePostOfTheDestinationFollowsToo(t *testing.T) {
	found := Candidates("RB123456785GB", Country("us"))
	if len(found) != 2 || found[0].Carrier != "royalmail" || found[1].Carrier != "usps" {
		t.Errorf("got %+v, want royalmail, then usps", found)
	}
	if alone := Candidates("RB123456785GB", Country("GB")); len(alone) != 1 {
		t.Errorf("a domestic item has %d posts", len(alone))
	}
}

func TestThePostalCodeOfANumberAgreesOrNot(t *testing.T) {
	const number = "420606019400100000000000000426"
	plain, same, other := Candidates(number), Candidates(number, PostalCode("60601-1234")), Candidates(number, PostalCode("10001"))
	if !(same[0].Confidence > plain[0].Confidence && plain[0].Confidence > other[0].Confidence) {
		t.Errorf("confidences %v, %v, %v", same[0].Confidence, plain[0].Confidence, other[0].Confidence)
	}
}

func TestCandidatesAreInOrderWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(formats).Draw(t, "format")
		number := []byte(f.mask)
		for i, c := range number {
			switch c {
			case '#':
				number[i] = rapid.ByteRange('0', '9').Draw(t, "digit")
			case '@', '*':
				number[i] = rapid.ByteRange('A', 'Z').Draw(t, "letter")
			}
		}
		inOrder(t, Candidates(string(number), Country("US"), PostalCode("60601"), Carriers("usps")))
	})
}

func inOrder(t interface{ Errorf(string, ...any) }, found []Candidate) {
	for i, c := range found {
		if c.Confidence < 0 || c.Confidence > 1 || i > 0 && c.Confidence > found[i-1].Confidence {
			t.Errorf("confidence %v at %d of %+v", c.Confidence, i, found)
		}
	}
}

func FuzzCandidates(f *testing.F) {
	for _, c := range invented {
		f.Add(c.number, "US", "60601")
	}
	f.Add("\xff\x00Ä", "", "é")
	f.Add(strings.Repeat("1", 1000), "X", "")
	f.Fuzz(func(t *testing.T, number, country, postal string) {
		found := Candidates(number, Country(country), PostalCode(postal))
		inOrder(t, found)
		if len(number) > maxInput && found != nil {
			t.Errorf("%d bytes are taken for a number", len(number))
		}
	})
}

func BenchmarkCandidates(b *testing.B) {
	for name, number := range map[string]string{
		"1Z": "1ZX4X7B30345678127", "12 digits": "287809468872", "IMpb": "420606019400100000000000000426", "S10": "RB123456785GB",
		"typed": "9400 1000 0000 0000 0004 26", "none": "ABCDEFGHIJKLMNOP",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Candidates(number)
			}
		})
	}
}
