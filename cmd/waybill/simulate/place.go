package simulate

import (
	"math"
	"time"
)

// Place is a city that parcels pass through.
type Place struct {
	City, State, Postal, Country string
	// Zone is the IANA name.
	Zone     string
	Lat, Lon float64
}

// the zones that many places share
const (
	eastern = "America/New_York"
	central = "America/Chicago"
	pacific = "America/Los_Angeles"
	berlin  = "Europe/Berlin"
	paris   = "Europe/Paris"
)

// customers are the places that orders go to. Each is a real city with a postal code of its centre.
var customers = []Place{
	{"New York", "NY", "10013", "US", eastern, 40.7143, -74.0060},
	{"Boston", "MA", "02110", "US", eastern, 42.3584, -71.0598},
	{"Atlanta", "GA", "30303", "US", eastern, 33.7490, -84.3880},
	{"Chicago", "IL", "60606", "US", central, 41.8500, -87.6500},
	{"Austin", "TX", "78701", "US", central, 30.2672, -97.7431},
	{"Denver", "CO", "80202", "US", "America/Denver", 39.7392, -104.9847},
	{"San Francisco", "CA", "94103", "US", pacific, 37.7749, -122.4194},
	{"Seattle", "WA", "98101", "US", pacific, 47.6062, -122.3321},
	{"Honolulu", "HI", "96813", "US", "Pacific/Honolulu", 21.3069, -157.8583},
	{"London", "", "EC1A 1BB", "GB", "Europe/London", 51.5085, -0.1257},
	{"Berlin", "", "10115", "DE", berlin, 52.5244, 13.4105},
	{"Hamburg", "", "20095", "DE", berlin, 53.5753, 10.0153},
	{"Paris", "", "75011", "FR", paris, 48.8534, 2.3488},
	{"Lyon", "", "69002", "FR", paris, 45.7485, 4.8467},
	{"Madrid", "", "28013", "ES", "Europe/Madrid", 40.4165, -3.7026},
	{"Warsaw", "", "00-001", "PL", "Europe/Warsaw", 52.2298, 21.0118},
	{"Sydney", "NSW", "2000", "AU", "Australia/Sydney", -33.8678, 151.2073},
	{"Auckland", "", "1010", "NZ", "Pacific/Auckland", -36.8485, 174.7635},
	{"Singapore", "", "018956", "SG", "Asia/Singapore", 1.2897, 103.8501},
	{"Tokyo", "", "100-0001", "JP", "Asia/Tokyo", 35.6895, 139.6917},
	{"Mumbai", "", "400001", "IN", "Asia/Kolkata", 19.0728, 72.8826},
	{"Dubai", "", "00000", "AE", "Asia/Dubai", 25.0657, 55.1713},
}

// warehouses are where the shop sends from.
var warehouses = []Place{
	{"Edison", "NJ", "08817", "US", eastern, 40.5187, -74.4121},
	{"Dallas", "TX", "75207", "US", central, 32.7831, -96.8067},
	{"Leipzig", "", "04103", "DE", berlin, 51.3396, 12.3713},
	{"Melbourne", "VIC", "3000", "AU", "Australia/Melbourne", -37.8140, 144.9633},
}

// hubs are the sorting centres of each carrier; the fleet drives straight.
var hubs = map[string][]Place{
	UPS: {
		{"Louisville", "KY", "40213", "US", "America/Kentucky/Louisville", 38.2542, -85.7594},
		{"Ontario", "CA", "91761", "US", pacific, 34.0633, -117.6509},
		{"Koeln", "", "51147", "DE", berlin, 50.9333, 6.9500},
	},
	FedEx: {
		{"Memphis", "TN", "38118", "US", central, 35.1495, -90.0490},
		{"Oakland", "CA", "94621", "US", pacific, 37.8044, -122.2708},
		{"Roissy-en-France", "", "95700", "FR", paris, 49.0036, 2.5164},
	},
	USPS: {
		{"Elk Grove Village", "IL", "60007", "US", central, 42.0039, -87.9703},
		{"Jersey City", "NJ", "07305", "US", eastern, 40.7282, -74.0776},
		{"City of Industry", "CA", "91715", "US", pacific, 34.0198, -117.9587},
	},
	DHL: {
		{"Leipzig", "", "04435", "DE", berlin, 51.3396, 12.3713},
		{"Cincinnati", "OH", "45202", "US", eastern, 39.1271, -84.5144},
		{"Hong Kong", "", "999077", "HK", "Asia/Hong_Kong", 22.2783, 114.1747},
	},
}

// location is the zone, loaded. Every zone above is known: a test loads them all.
func (p Place) location() *time.Location {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		panic("simulate: the zone of " + p.City + " is not in the table: " + err.Error())
	}
	return zone
}

// kilometres is the distance over the ground (haversine).
func (p Place) kilometres(q Place) float64 {
	const radius, rad = 6371.0, math.Pi / 180
	dLat, dLon := (q.Lat-p.Lat)*rad, (q.Lon-p.Lon)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * radius * math.Asin(math.Sqrt(h))
}

// nearestHub is the carrier's hub next to a place.
func nearestHub(carrier string, to Place) Place {
	best := hubs[carrier][0]
	for _, hub := range hubs[carrier][1:] {
		if hub.kilometres(to) < best.kilometres(to) {
			best = hub
		}
	}
	return best
}
