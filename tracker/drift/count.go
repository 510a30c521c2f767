package drift

// Count is one of the things that are counted. The numbers are stored: new ones go before counts, none is reused.
type Count uint8

// What is counted. Payloads, Unreadable to Unknown count payloads; Shipments, Pushed, Late and what is lacking count
// shipments in payloads that tell of events.
const (
	Payloads Count = iota
	Shipments
	Events
	// Unreadable payloads are in quarantine; of Faulty ones parts could not be read; Refused are error answers alone.
	Unreadable
	Faulty
	Refused
	// Unknown payloads have a code that the mapping does not know.
	Unknown
	// Pushed shipments were told of by the carrier itself, Late ones only lateAfter after their newest event.
	Pushed
	Late
	// LacksTime and the following: what the newest event, or the payload beside it, lacks.
	LacksTime
	LacksOffset
	LacksLocation
	LacksCode
	LacksText
	LacksEstimate
	LacksDestination
	LacksService
	LacksWeight
	// Posts are payloads that the carrier sent itself; Asked and Failed are our own requests to the carrier's API.
	Posts
	Asked
	Failed
	// LagMinute and the following are lags of pushed shipments: how many are at most a minute behind, five, and so on; the last is all beyond.
	LagMinute
	LagMinutes
	LagQuarter
	LagHour
	LagHours
	LagDay
	LagBeyond

	counts
)

// lags are the bounds of the counts of lags, in seconds.
var lags = [...]int64{60, 300, 900, 3600, 4 * 3600, 24 * 3600}

// lateAfter is how far behind a pushed event is late, in seconds.
const lateAfter = 6 * 3600

// Counts are the counts of an hour.
type Counts [counts]uint32

// add adds another hour's counts. A count that is full stays full.
func (c *Counts) add(other *Counts) {
	for i, n := range other {
		if sum := c[i] + n; sum >= c[i] {
			c[i] = sum
		} else {
			c[i] = ^uint32(0)
		}
	}
}

// Kind is a way in which payloads drift.
type Kind struct {
	// Name is how alerts, metrics and the API call it.
	Name string
	// Hits are counted among Trials.
	Hits, Trials Count
	// Account: it is judged over all formats of an account, since what cannot be read has none.
	Account bool
	// Usual: it is judged only where payloads usually are free of it, as of fields that they usually have.
	Usual bool
}

// Kinds are the ways in which payloads drift.
var Kinds = []Kind{
	{Name: "unreadable", Hits: Unreadable, Trials: Payloads, Account: true},
	{Name: "faulty", Hits: Faulty, Trials: Payloads, Account: true},
	{Name: "refused", Hits: Refused, Trials: Payloads, Account: true},
	{Name: "unknown_codes", Hits: Unknown, Trials: Payloads},
	{Name: "late", Hits: Late, Trials: Pushed},
	{Name: "missing_time", Hits: LacksTime, Trials: Shipments, Usual: true},
	{Name: "missing_offset", Hits: LacksOffset, Trials: Shipments, Usual: true},
	{Name: "missing_location", Hits: LacksLocation, Trials: Shipments, Usual: true},
	{Name: "missing_code", Hits: LacksCode, Trials: Shipments, Usual: true},
	{Name: "missing_text", Hits: LacksText, Trials: Shipments, Usual: true},
	{Name: "missing_estimate", Hits: LacksEstimate, Trials: Shipments, Usual: true},
	{Name: "missing_destination", Hits: LacksDestination, Trials: Shipments, Usual: true},
	{Name: "missing_service", Hits: LacksService, Trials: Shipments, Usual: true},
	{Name: "missing_weight", Hits: LacksWeight, Trials: Shipments, Usual: true},
}

// kindOf finds a kind by its name.
func kindOf(name string) (Kind, bool) {
	for _, k := range Kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}
