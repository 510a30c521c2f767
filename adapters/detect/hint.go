package detect

import (
	"slices"
	"strings"
)

// Hint is something known beside the number that makes some carriers likelier.
type Hint func(*known)

// known gathers the hints.
type known struct {
	country  string
	postal   string
	carriers []string
}

// Country hints at the destination, as an ISO 3166-1 alpha-2 code; anything
// else is no hint.
func Country(code string) Hint {
	return func(k *known) {
		if c := strings.ToUpper(code); isCountry(c) {
			k.country = c
		}
	}
}

// PostalCode hints at the destination's postal code.
func PostalCode(code string) Hint {
	return func(k *known) { k.postal = strings.ReplaceAll(code, " ", "") }
}

// Carriers hints at the carriers that the seller ships with, by code.
func Carriers(codes ...string) Hint {
	return func(k *known) { k.carriers = append(k.carriers, codes...) }
}

func gather(hints []Hint) (k known) {
	for _, h := range hints {
		h(&k)
	}
	return k
}

// rank moves confidences by what is known: a hint that agrees takes half of the
// doubt away, one that disagrees a share of the confidence.
func (k *known) rank(found []Candidate) {
	for i := range found {
		c := &found[i]
		if slices.Contains(k.carriers, c.Carrier) {
			c.agree("the seller ships with it")
		} else if len(k.carriers) > 0 {
			c.Confidence *= 0.8
		}
		if zip := c.Facts.PostalCode; zip != "" && len(k.postal) >= 5 {
			if strings.HasSuffix(zip, k.postal) || strings.HasPrefix(zip, k.postal[:5]) {
				c.agree("it holds the postal code")
			} else {
				c.Confidence *= 0.7
			}
		}
		if at := homes[c.Carrier]; k.country != "" && at != "" {
			if strings.Contains(at, k.country) {
				c.agree("it delivers in " + k.country)
			} else {
				c.Confidence *= 0.8
			}
		}
	}
}

func (c *Candidate) agree(why string) {
	c.Confidence += (1 - c.Confidence) / 2
	c.Reason += "; " + why
}

// homes are the countries in which a carrier delivers itself, where these are few.
var homes = map[string]string{
	"auspost": "AU", "bpost": "BE", "canadapost": "CA", "canpar": "CA", "chronopost": "FR", "dhl_parcel_de": "DE",
	"gofo": "US", "hermes": "GB DE", "laposte": "FR", "lasership": "US", "old_dominion": "US CA MX", "postnl": "NL BE",
	"purolator": "CA US", "royalmail": "GB", "speedee": "US", "usps": "US PR VI GU", "yodel": "GB IE",
}
