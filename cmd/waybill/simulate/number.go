package simulate

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// newNumber invents a tracking number of the carrier's form with a right check digit. The fleet's parcels travel by
// our own tracking ID, which the server gives at registration.
func newNumber(rng *rand.Rand, carrier string) string {
	switch carrier {
	case UPS:
		body := "WBD" + digits(rng, 3) + "03" + digits(rng, 7)
		return "1Z" + body + upsCheck(body)
	case FedEx:
		body := "7" + digits(rng, 10)
		return body + fedexCheck(body)
	case USPS:
		return uspsNumber("94001", digits(rng, 16))
	case DHL:
		body := "4" + digits(rng, 8)
		return body + dhlCheck(body)
	}
	return ""
}

// partnerNumber is under what the post delivers what UPS hands over to it.
func partnerNumber(rng *rand.Rand) string { return uspsNumber("92612", digits(rng, 16)) }

func uspsNumber(service, serial string) string {
	body := service + serial
	return body + mod10(body)
}

func digits(rng *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(strconv.Itoa(rng.IntN(10)))
	}
	return b.String()
}

// upsCheck: letters count as (ASCII - 3) mod 10, every second character twice.
func upsCheck(body string) string {
	sum := 0
	for i, c := range []byte(body) {
		value := int(c - '0')
		if c >= 'A' {
			value = int(c-3) % 10
		}
		sum += value * (1 + i%2)
	}
	return strconv.Itoa((10 - sum%10) % 10)
}

// fedexCheck: weights 3, 1, 7 in turn, modulo 11, and 10 stands as 0.
func fedexCheck(body string) string {
	weights := [...]int{3, 1, 7}
	sum := 0
	for i, c := range []byte(body) {
		sum += int(c-'0') * weights[i%3]
	}
	return strconv.Itoa(sum % 11 % 10)
}

// mod10 is GS1's: from the right 3, 1, 3 and so on.
func mod10(body string) string {
	sum := 0
	for i := range len(body) {
		value := int(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			value *= 3
		}
		sum += value
	}
	return strconv.Itoa((10 - sum%10) % 10)
}

// dhlCheck is the waybill of DHL Express: the remainder by 7.
func dhlCheck(body string) string {
	remainder := 0
	for _, c := range []byte(body) {
		remainder = (remainder*10 + int(c-'0')) % 7
	}
	return strconv.Itoa(remainder)
}
