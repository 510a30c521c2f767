package x12

import (
	"slices"
	"strconv"
	"strings"

	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// reading is one 214 while it is read.
type reading struct {
	*Reader
	b       *edi.Builder
	release string
	where   string
	// number is the shipment's, as B10 has it; facts are those of the whole set.
	number string
	facts  tracker.Facts
	// party is whose address is being read: "origin", "destination", or another's.
	party string
	loop  loop
	// begun: its first loop has begun. signer is who signed, where the set says so before that.
	begun  bool
	signer string
	// first is the place of the set's first shipment in the reading; places finds them by their numbers.
	first  int
	places map[string]int
}

// loop is one LX loop, or what stands before the first: its packages and its events.
type loop struct {
	numbers []string
	events  []tracker.Event
	facts   tracker.Facts
	signer  string
	// told is the place of the event that remarks and exceptions are of, counted from 1; 0 where there is none.
	told int
	// open is the status whose place is still to come; clock is its time code.
	open  bool
	clock string
	// estimated: the carrier's own estimate was read, which an appointment does not replace.
	estimated bool
}

func (r *Reader) set(b *edi.Builder, release string, s *set) {
	rd := reading{Reader: r, b: b, release: release, where: "set " + s.header.at(2), first: len(b.Shipments)}
	for _, seg := range s.segments {
		rd.segment(seg)
	}
	rd.endLoop()
	if rd.number != "" && len(b.Shipments) == rd.first {
		b.Shipments = append(b.Shipments, tracker.ReadShipment{Number: rd.number})
	}
	for i := rd.first; i < len(b.Shipments); i++ {
		b.Shipments[i].Facts = withSet(b.Shipments[i].Facts, &rd.facts)
		if signer := &b.Shipments[i].Personal.SignedBy; *signer == "" {
			*signer = rd.signer
		}
	}
	for _, code := range s.envelopeErrors() {
		b.Faultf(rd.where, "%s", map[string]string{
			setNoTrailer: "the trailer SE is missing", setControl: "SE02 is not the control number of ST02",
			setCount: "SE01 is not the number of segments",
		}[code])
	}
	for _, e := range s.check() {
		if len(e.elements) == 0 {
			b.Faultf(rd.where, "the segment %s is missing", e.id)
		}
		for _, element := range e.elements {
			b.Faultf(e.where(s), "element %d %s", element.position, element.what)
		}
	}
}

// withSet completes a shipment's facts by those of the whole set.
func withSet(f tracker.Facts, set *tracker.Facts) tracker.Facts {
	f.Origin, f.Destination = set.Origin, set.Destination
	if f.WeightGrams == 0 {
		f.WeightGrams = set.WeightGrams
	}
	if f.Pieces == 0 {
		f.Pieces = set.Pieces
	}
	if !f.Estimate.Known() {
		f.Estimate = set.Estimate
	}
	return f
}

func (r *reading) segment(seg segment) {
	switch seg.at(0) {
	case "B10":
		for _, n := range []int{1, 2, 6} {
			if r.number = edi.Number(seg.at(n)); r.number != "" {
				return
			}
		}
	case "LX":
		r.endLoop()
		r.begun = true
	case "N1":
		switch seg.at(1) {
		case "SH", "SF":
			r.party = "origin"
		case "CN", "ST":
			r.party = "destination"
		default:
			r.party = ""
		}
	case "N4":
		r.address(place(seg.at(1), seg.at(2), seg.at(3), seg.at(4)))
	case "L11", "N9": // N9 in releases before 003070, with its elements the other way round
		r.reference(seg)
	case "MAN":
		r.mark(seg)
	case "AT7":
		r.status(seg)
	case "Q5":
		r.oldStatus(seg)
	case "MS1":
		r.place(seg)
	case "AT8":
		r.weight(seg)
	case "K1":
		r.remark(seg)
	case "Q7":
		r.exception(seg)
	}
}

func (r *reading) address(l tracker.Location) {
	mapping.Locate(&l)
	switch r.party {
	case "origin":
		if r.facts.Origin.IsZero() {
			r.facts.Origin = l
		}
	case "destination":
		if r.facts.Destination.IsZero() {
			r.facts.Destination = l
		}
	}
	r.party = ""
}

// reference takes a tracking number (2I) within a loop for that of the loop's package, and one before the loops for
// the shipment's where B10 gave none.
func (r *reading) reference(seg segment) {
	number, qualifier := seg.at(1), seg.at(2)
	if seg.at(0) == "N9" {
		number, qualifier = qualifier, number
	}
	if qualifier == "2I" {
		r.loopNumber(number)
	}
}

// mark takes the number on a package: one that the carrier gave (CP) or an SSCC (GM).
func (r *reading) mark(seg segment) {
	for n := 1; n+1 < len(seg); n += 3 {
		if q := seg.at(n); q == "CP" || q == "GM" {
			r.loopNumber(seg.at(n + 1))
		}
	}
}

// mostNumbers is how many packages of a loop are read: as many as 004010 allows MAN in it.
const mostNumbers = 9999

func (r *reading) loopNumber(number string) {
	if number = edi.Number(number); number != "" && len(r.loop.numbers) < mostNumbers && !slices.Contains(r.loop.numbers, number) {
		r.loop.numbers = append(r.loop.numbers, number)
	}
}

func (r *reading) weight(seg segment) {
	facts := &r.loop.facts
	kilograms := 0.0
	switch seg.at(2) {
	case "L":
		kilograms = 0.45359237
	case "K":
		kilograms = 1
	case "G":
		kilograms = 0.001
	case "E":
		kilograms = 1000
	}
	if weight, err := strconv.ParseFloat(seg.at(3), 64); err == nil && weight > 0 && weight*kilograms < 1e9 {
		facts.WeightGrams = int64(weight*kilograms*1000 + 0.5)
	}
	if pieces, err := strconv.Atoi(seg.at(4)); err == nil && pieces > 0 {
		facts.Pieces = pieces
	}
}

// endLoop makes shipments of a loop: one for each number in it, else the set's own. What a loop without a status says
// is the whole set's.
func (r *reading) endLoop() {
	r.closeStatus()
	l := r.loop
	r.loop = loop{}
	if len(l.events) == 0 && len(l.numbers) == 0 {
		r.facts = withSet(l.facts, &r.facts)
		return
	}
	numbers := l.numbers
	if len(numbers) == 0 {
		numbers = []string{r.number}
	}
	for _, number := range numbers {
		if number == "" {
			r.b.Faultf(r.where, "a status belongs to no number: neither B10 nor its loop has one")
			continue
		}
		r.add(number, &l)
	}
}

// add joins the loops of one number in one shipment.
func (r *reading) add(number string, l *loop) {
	if i, known := r.places[number]; known {
		shipment := &r.b.Shipments[i]
		shipment.Events = append(shipment.Events, l.events...)
		shipment.Facts = withSet(l.facts, &shipment.Facts)
		if l.signer != "" {
			shipment.Personal.SignedBy = l.signer
		}
		return
	}
	if r.places == nil {
		r.places = map[string]int{}
	}
	r.places[number] = len(r.b.Shipments)
	r.b.Shipments = append(r.b.Shipments, tracker.ReadShipment{
		Number: number, Events: slices.Clone(l.events), Facts: l.facts, Personal: tracker.Personal{SignedBy: l.signer},
	})
}

// canada are the codes of its provinces; X12's states without a country are else those of the United States.
const canada = " AB BC MB NB NL NF NS NT NU ON PE PQ QC SK YT "

func place(city, state, postal, country string) tracker.Location {
	l := tracker.Location{City: city, State: state, PostalCode: postal, Country: country}
	if country == "" && len(state) == 2 {
		l.Country = "US"
		if strings.Contains(canada, " "+state+" ") {
			l.Country = "CA"
		}
	}
	return l
}
