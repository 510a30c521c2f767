package places

import (
	"strings"

	"waybill/adapters/places/internal/table"
)

// none stands for a country or region that is not known.
const none = -1

// area is the country and region of a query, as indexes of the table.
type area struct{ country, region int }

// resolve finds country and region, from the city's line where it names them.
func (x *index) resolve(q Query) area {
	a := area{none, none}
	line := q.City
	a.country = x.country(q.Country)
	if q.Country == "" {
		head, tail := cutLast(line)
		if c := x.country(tail); head != "" && c != none {
			a.country, line = c, head
		}
	}
	if a.country == none {
		return a
	}
	a.region = x.regionOf(a.country, q.State)
	if code := x.country(q.State); a.country == x.countries["us"] && a.region == none && code != none && isTerritory(q.State) {
		return area{code, none}
	}
	if a.region == none && a.country == x.countries["ca"] {
		a.region = x.regionOf(a.country, province(q.PostalCode))
	}
	for a.region == none && line != "" {
		head, tail := cutLast(line)
		if head != "" {
			a.region = x.regionOf(a.country, tail)
		}
		line = head
	}
	return a
}

func (x *index) country(name string) int { return lookup(x.countries, name) }

func (x *index) regionOf(country int, name string) int { return lookup(x.regions[country], name) }

func lookup(m map[string]int, name string) int {
	var buf [table.MaxKey]byte
	if i, ok := m[string(table.AppendKey(buf[:0], name))]; ok && name != "" {
		return i
	}
	return none
}

// area is the zone by postal code, region or country, the first that has one.
func (x *index) area(a area, postal string) (zone uint16, exact bool) {
	if a.country == none {
		return 0, false
	}
	c := x.Countries[a.country]
	if c.Exact {
		return c.Zone, true
	}
	if a.region != none && x.Regions[a.region].Exact {
		return x.Regions[a.region].Zone, true
	}
	if a.country == x.countries["us"] {
		if z := x.zip(postal); z != 0 {
			return z, true
		}
	}
	if a.region != none {
		return x.Regions[a.region].Zone, false
	}
	return c.Zone, false
}

// zip is the zone of a US ZIP code, 0 where its prefix spans several.
func (x *index) zip(code string) uint16 {
	code = strings.TrimSpace(code)
	if len(code) < 5 {
		return 0
	}
	n := 0
	for _, c := range []byte(code[:5]) {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return x.ZIP3[n/100]
}

// province is the Canadian province of a postal code, "" for X, which is
// shared by the Northwest Territories and Nunavut.
func province(code string) string {
	if code == "" {
		return ""
	}
	switch code[0] | 0x20 {
	case 'a':
		return "NL"
	case 'b':
		return "NS"
	case 'c':
		return "PE"
	case 'e':
		return "NB"
	case 'g', 'h', 'j':
		return "QC"
	case 'k', 'l', 'm', 'n', 'p':
		return "ON"
	case 'r':
		return "MB"
	case 's':
		return "SK"
	case 't':
		return "AB"
	case 'v':
		return "BC"
	case 'y':
		return "YT"
	}
	return ""
}

// isTerritory tells the US territories, which US carriers write as states and
// ISO 3166 counts as countries.
func isTerritory(state string) bool {
	switch strings.ToUpper(state) {
	case "PR", "VI", "GU", "AS", "MP":
		return true
	}
	return false
}

// cutLast cuts a line before its last part: at a comma, or at a dash with a
// space on both sides ("LEIPZIG - GERMANY"). A line of one part gives no head.
func cutLast(line string) (head, tail string) {
	comma, dash := strings.LastIndexByte(line, ','), strings.LastIndex(line, " - ")
	switch {
	case comma < 0 && dash < 0:
		return "", line
	case comma > dash:
		return line[:comma], line[comma+1:]
	default:
		return line[:dash], line[dash+len(" - "):]
	}
}
