package mapping

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// ISOCountry is the ISO 3166-1 alpha-2 code of a country that is given as its code of two or three letters or by its
// name in a language that carriers write; what is none of these comes back as it is.
func ISOCountry(country string) string {
	country = strings.TrimSpace(country)
	switch len(country) {
	case 0:
		return ""
	case 2:
		upper := strings.ToUpper(country)
		if upper == "UK" {
			return "GB"
		}
		if countryCodes()[upper] {
			return upper
		}
		return country
	case 3:
		if region, err := language.ParseRegion(country); err == nil && region.IsCountry() {
			return region.String()
		}
	}
	if code, ok := countryNames()[strings.ToLower(country)]; ok {
		return code
	}
	return country
}

// countryCodes are the codes of two letters.
var countryCodes = sync.OnceValue(func() map[string]bool {
	codes := map[string]bool{}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string([]rune{a, b})
			if region, err := language.ParseRegion(code); err == nil && region.IsCountry() {
				codes[code] = true
			}
		}
	}
	return codes
})

// countryNames finds codes by name in small letters, in the languages that carriers write.
var countryNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{
		// Names that carriers write and Unicode's tables have otherwise.
		"usa": "US", "united states of america": "US", "great britain": "GB", "england": "GB", "scotland": "GB",
		"great britain and northern ireland": "GB",
		"republic of ireland":                "IE", "holland": "NL", "the netherlands": "NL", "korea": "KR", "korea, republic of": "KR",
		"south korea": "KR", "republic of korea": "KR", "russian federation": "RU", "czech republic": "CZ", "viet nam": "VN",
		"hong kong": "HK", "macau": "MO", "macao": "MO", "taiwan": "TW", "china, people's republic": "CN", "china, peoples republic": "CN",
		"people's republic of china": "CN", "turkey": "TR", "ivory coast": "CI", "burma": "MM", "slovak republic": "SK",
		"korea, south": "KR", "hong kong sar, china": "HK", "united states": "US",
	}
	for _, speech := range []language.Tag{
		language.English, language.German, language.French, language.Spanish, language.Italian, language.Dutch,
		language.Polish, language.Portuguese,
	} {
		addCountries(names, display.Regions(speech))
	}
	return names
})

func addCountries(names map[string]string, namer display.Namer) {
	for _, code := range slices.Sorted(maps.Keys(countryCodes())) {
		region, err := language.ParseRegion(code)
		if err != nil || region.Canonicalize().String() != code { // DD was Germany too
			continue
		}
		if name := strings.ToLower(namer.Name(region)); name != "" && names[name] == "" {
			names[name] = code
		}
	}
}
