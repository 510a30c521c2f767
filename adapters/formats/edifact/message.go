package edifact

import (
	"slices"
	"strconv"

	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// reading is one message while it is read. Segments belong to the innermost group that is open: the message's head, a
// consignment (CNI), or a status (STS) within it.
type reading struct {
	*Reader
	b                *edi.Builder
	where, directory string
	// first is the place of the message's first shipment in the reading. places finds them by their numbers where they are
	// more than few: a message may have thousands.
	first  int
	places map[string]int
	// broken: the message breaks off, and with it perhaps what its last status says.
	broken bool
	// cancels: the message takes an earlier one back.
	cancels bool
	// document is the message's own number, the last resort for a consignment without one.
	document  string
	head      group
	headFacts tracker.Facts
	consigned *consignment
	status    *status
	// signing: the party being read is who accepted the goods.
	signing bool
}

// group holds what any of the three levels may state.
type group struct {
	references []reference
	place      tracker.Location
	times      times
}

// reference is an RFF: a number with its qualifier (1153).
type reference struct{ qualifier, number string }

// consignment is a CNI group while it is read.
type consignment struct {
	group
	number string
	// equipped is the number of the equipment or goods.
	equipped string
	facts    tracker.Facts
	personal tracker.Personal
	statuses []*status
}

func (r *reading) segment(s segment) {
	switch s.tag() {
	case "BGM":
		r.document = s.at(2, 0)
		r.cancels = s.at(3, 0) == "1"
	case "CNI":
		r.endConsignment()
		r.consigned = &consignment{number: edi.Number(s.at(2, 0)), facts: r.headFacts}
	case "STS":
		r.startStatus(s)
	case "RFF":
		if g := r.group(); len(g.references) < most {
			if g.references == nil {
				g.references = make([]reference, 0, usual)
			}
			g.references = append(g.references, reference{s.at(1, 0), edi.Number(s.at(1, 1))})
		}
	case "DTM":
		r.time(s)
	case "LOC":
		r.location(s)
	case "NAD":
		r.party(s)
	case "CTA":
		if r.signing && r.consigned != nil && s.at(2, 1) != "" {
			r.consigned.personal.SignedBy = s.at(2, 1)
		}
	case "TDT":
		if r.status != nil {
			r.status.leg = true
		}
	default:
		r.goods(s)
	}
}

// most is how many references and times of a group are read; the directories allow 99 or fewer.
const most = 99

// usual is how many there mostly are, and few how many shipments are looked through one by one.
const usual, few = 6, 16

// group is the innermost one that is open.
func (r *reading) group() *group {
	switch {
	case r.status != nil:
		return &r.status.group
	case r.consigned != nil:
		return &r.consigned.group
	}
	return &r.head
}

// consignmentOpen is the consignment that is being read; a status may stand in a message without CNI.
func (r *reading) consignmentOpen() *consignment {
	if r.consigned == nil {
		r.consigned = &consignment{facts: r.headFacts}
	}
	return r.consigned
}

// goods reads what is carried: weight, packages, equipment, texts.
func (r *reading) goods(s segment) {
	switch s.tag() {
	case "FTX":
		if r.status != nil && r.status.remark == "" && s.at(1, 0) != "DTM" {
			r.status.remark = s.at(4, 0)
		}
		return
	case "EQD":
		if c := r.consigned; c != nil && c.equipped == "" {
			c.equipped = edi.Number(s.at(2, 0))
		}
		return
	}
	if r.consigned == nil {
		return
	}
	if s.tag() == "GIN" && r.consigned.equipped == "" { // of the numbers of goods the first names what has no number else
		r.consigned.equipped = edi.Number(s.at(2, 0))
	}
	measure(&r.consigned.facts, s)
}

// measure reads how many packages there are and what they weigh.
func measure(facts *tracker.Facts, s segment) {
	switch s.tag() {
	case "GID":
		if n, err := strconv.Atoi(s.at(2, 0)); err == nil && n > 0 && facts.Pieces == 0 {
			facts.Pieces = n
		}
	case "CNT":
		switch s.at(1, 0) {
		case "7":
			facts.WeightGrams = grams(s.at(1, 1), s.at(1, 2))
		case "11":
			if n, err := strconv.Atoi(s.at(1, 1)); err == nil && n > 0 {
				facts.Pieces = n
			}
		}
	case "MEA":
		if facts.WeightGrams == 0 && (s.at(1, 0) == "WT" || s.at(1, 0) == "AAE" && s.at(2, 0) == "G") {
			facts.WeightGrams = grams(s.at(3, 1), s.at(3, 0))
		}
	}
}

func grams(value, unit string) int64 {
	each := 0.0
	switch unit {
	case "KGM", "":
		each = 1000
	case "GRM":
		each = 1
	case "TNE":
		each = 1e6
	case "LBR":
		each = 453.59237
	}
	weight, err := strconv.ParseFloat(value, 64)
	if err != nil || weight <= 0 || weight*each > 1e12 {
		return 0
	}
	return int64(weight*each + 0.5)
}

// identifying are the qualifiers of RFF that name what is carried, the carrier's own first.
var identifying = []string{
	"CW", "CN", "AAM", "AWB", "HWB", "BM", "MB", "BN", "FF", "SRN", "UCN", "CRN", "EQ", "CU", "CR", "DQ",
}

func (g *group) number() string {
	best, number := len(identifying), ""
	for _, given := range g.references {
		if rank := slices.Index(identifying, given.qualifier); rank >= 0 && rank < best && given.number != "" {
			best, number = rank, given.number
		}
	}
	return number
}

// endConsignment makes shipments of what was read: one where CNI numbers it, else one for each number that its
// statuses bear.
func (r *reading) endConsignment() {
	c := r.consigned
	r.consigned, r.status, r.signing = nil, nil, false
	if c == nil {
		return
	}
	if r.cancels {
		r.b.Faultf(r.where, "it takes an earlier message back (1225 is 1); what that one told is not undone")
		return
	}
	common := firstOf(c.number, c.group.number(), r.head.number(), c.equipped, edi.Number(r.document))
	if len(c.statuses) == 0 && common != "" {
		r.add(common, c, nil)
	}
	for i, s := range c.statuses {
		s.cut = r.broken && i == len(c.statuses)-1
		number := firstOf(c.number, s.group.number(), common)
		if number == "" {
			r.b.Faultf(r.where, "a status belongs to no number: CNI, RFF, EQD and BGM have none")
			continue
		}
		r.add(number, c, s)
	}
}

func firstOf(list ...string) string {
	if i := slices.IndexFunc(list, func(s string) bool { return s != "" }); i >= 0 {
		return list[i]
	}
	return ""
}

// add adds a status to the shipment of a number.
func (r *reading) add(number string, c *consignment, s *status) {
	shipment := r.shipment(number, c)
	if s == nil {
		return
	}
	destination := shipment.Facts.Destination
	if e := estimate(mapping.Locate(&destination), &s.times); e.Known() {
		shipment.Facts.Estimate = e
	}
	if event, ok := r.event(c, s); ok {
		shipment.Events = append(shipment.Events, event)
	}
}

// shipment is the message's shipment of a number, made where there is none yet.
func (r *reading) shipment(number string, c *consignment) *tracker.ReadShipment {
	if i := r.find(number); i >= 0 {
		return &r.b.Shipments[i]
	}
	r.b.Shipments = append(r.b.Shipments, tracker.ReadShipment{Number: number, Facts: c.facts, Personal: c.personal})
	if r.places != nil {
		r.places[number] = len(r.b.Shipments) - 1
	}
	shipment := &r.b.Shipments[len(r.b.Shipments)-1]
	destination := shipment.Facts.Destination
	shipment.Facts.Estimate = estimate(mapping.Locate(&destination), &r.head.times, &c.times)
	return shipment
}

// find is the place of the message's shipment of a number, -1 where there is none.
func (r *reading) find(number string) int {
	if r.places == nil && len(r.b.Shipments)-r.first > few {
		r.places = make(map[string]int, len(r.b.Shipments)-r.first)
		for i := r.first; i < len(r.b.Shipments); i++ {
			r.places[r.b.Shipments[i].Number] = i
		}
	}
	if r.places != nil {
		if i, known := r.places[number]; known {
			return i
		}
		return -1
	}
	for i := r.first; i < len(r.b.Shipments); i++ {
		if r.b.Shipments[i].Number == number {
			return i
		}
	}
	return -1
}
