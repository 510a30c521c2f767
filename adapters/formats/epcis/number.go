package epcis

import (
	"net/url"
	"slices"
	"strings"
)

// digitalLink is the canonical resolver, under which GS1 keys without a name of their own are written.
const digitalLink = "https://id.gs1.org/"

// Number is the number of an object: of a logistic unit its SSCC of 18 digits, of any other GS1 key its canonical GS1
// Digital Link, so that the same object has the same number as a URN and as a link of anybody's domain. Other
// identifiers stay as they are.
func Number(epc string) string {
	epc = strings.TrimSpace(epc)
	if rest, found := strings.CutPrefix(epc, "urn:epc:id:"); found {
		if number := fromURN(rest); number != "" {
			return number
		}
		return epc
	}
	if strings.HasPrefix(epc, "http://") || strings.HasPrefix(epc, "https://") {
		if number := fromLink(epc); number != "" {
			return number
		}
	}
	return epc
}

// fromURN reads "sscc:0614141.1234567890" and the like, by the EPC Tag Data Standard: the company prefix, then the
// reference, whose first digit is the indicator or extension that the key has in front, then the serial number.
func fromURN(urn string) string {
	scheme, body, _ := strings.Cut(urn, ":")
	parts := strings.Split(body, ".")
	if len(parts) < 2 || !areDigits(parts[0]) {
		return ""
	}
	prefix, reference, serial := parts[0], parts[1], strings.Join(parts[2:], ".")
	switch scheme {
	case "sscc":
		return withCheck(indicated(prefix, reference), 17)
	case "sgtin":
		gtin := withCheck(indicated(prefix, reference), 13)
		if gtin == "" || serial == "" {
			return ""
		}
		return digitalLink + "01/" + gtin + "/21/" + serial
	case "grai":
		if grai := withCheck(prefix+reference, 12); grai != "" {
			return digitalLink + "8003/0" + grai + serial
		}
	case "giai":
		return digitalLink + "8004/" + prefix + strings.Join(parts[1:], ".")
	case "ginc":
		return digitalLink + "401/" + prefix + strings.Join(parts[1:], ".")
	case "gsin":
		if gsin := withCheck(prefix+reference, 16); gsin != "" {
			return digitalLink + "402/" + gsin
		}
	}
	return ""
}

// indicated puts the first digit of the reference in front of the company prefix.
func indicated(prefix, reference string) string {
	if reference == "" {
		return ""
	}
	return reference[:1] + prefix + reference[1:]
}

// fromLink reads a GS1 Digital Link of any domain by the application identifiers in its path.
func fromLink(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	value := func(ai string) string {
		// Identifiers and values alternate, up to the end of the path.
		for i := len(parts) - 2; i >= 0; i -= 2 {
			if parts[i] == ai {
				return parts[i+1]
			}
		}
		return ""
	}
	if sscc := value("00"); len(sscc) == 18 && areDigits(sscc) {
		return sscc
	}
	if gtin, serial := value("01"), value("21"); len(gtin) == 14 && areDigits(gtin) && serial != "" {
		return digitalLink + "01/" + gtin + "/21/" + serial
	}
	for _, ai := range []string{"8003", "8004", "401", "402"} {
		if key := value(ai); key != "" {
			return digitalLink + ai + "/" + key
		}
	}
	return ""
}

// withCheck appends GS1's check digit to a key of that many digits; "" for what is no such key.
func withCheck(digits string, length int) string {
	if len(digits) != length || !areDigits(digits) {
		return ""
	}
	sum := 0
	for i, c := range slices.Backward([]byte(digits)) {
		weight := 1
		if (length-i)%2 == 1 {
			weight = 3
		}
		sum += weight * int(c-'0')
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}

func areDigits(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool { return c < '0' || c > '9' })
}
