package transit

import (
	"math"
	"strconv"
)

// Key names a group of parcels in a table: a hash, so that the state is small
// and holds no shipper's name.
type Key uint64

// keyOf hashes by FNV-1a, each part with its end.
func keyOf(parts ...string) Key {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, part := range parts {
		for i := range len(part) {
			h = (h ^ uint64(part[i])) * prime
		}
		h = (h ^ 0xff) * prime // no byte of UTF-8
	}
	return Key(h)
}

// keys are the groups that a query belongs to.
type keys struct {
	effects [effects]Key
	paces   [paces]Key
}

func keysOf(q *Query) keys {
	from, to := q.Origin.Country+"-"+q.Origin.region(), q.Destination.Country+"-"+q.Destination.region()
	start := from + q.Origin.Area
	carrier := q.Carrier
	network, shipper := keyOf(carrier), keyOf(q.Shipper)
	return keys{
		effects: [effects]Key{
			effectNetwork:   keyOf(),
			effectDistance:  keyOf(band(q)),
			effectService:   keyOf(carrier, q.Service),
			effectLane:      keyOf(carrier, from, to),
			effectPostcode:  keyOf(carrier, from, to, q.Destination.Area),
			effectShipper:   shipper,
			effectOrigin:    keyOf(carrier, start),
			effectOriginTo:  keyOf(carrier, start, to),
			effectHandling:  shipper,
			effectHandlings: keyOf(),
			effectWeek:      network,
			effectFortnight: network,
			effectMonth:     network,
		},
		paces: [paces]Key{
			paceNetwork:     network,
			paceDestination: keyOf(carrier, "to", to),
			paceOrigin:      keyOf(carrier, "from", from),
		},
	}
}

// band is a step of the distance's logarithm, "" where it is unknown.
func band(q *Query) string {
	logKM, known := q.distance()
	if !known {
		return ""
	}
	return strconv.Itoa(int(math.Floor(2 * logKM)))
}
