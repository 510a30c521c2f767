package mapping

import (
	"math"
	"strconv"
	"strings"

	"waybill/tracker"
)

// facts reads what a payload says of a carriage beyond its events.
func (r *reader) facts(s *tracker.ReadShipment, n int32) {
	rule := &r.format.Shipment
	var destination site
	s.Facts.Origin, _ = r.location(originPlace, &rule.Origin, n)
	s.Facts.Destination, destination = r.location(destinationPlace, &rule.Destination, n)
	s.Facts.Service = r.one("service", rule.Service, n)
	s.Facts.Pickup = r.one("pickup", rule.Pickup, n)
	s.Facts.WeightGrams = r.weight(&rule.Weight, n)
	s.Facts.Pieces = r.pieces(rule.Pieces, n)
	s.Facts.Papers = r.all("papers", rule.Papers, n)
	s.Facts.Estimate = r.estimate(rule.Estimates, n, destination)
	for i := range rule.Partners {
		r.partners(&rule.Partners[i], n, s)
	}
	r.personal(&s.Personal, rule, n)
}

func (r *reader) personal(p *tracker.Personal, rule *shipmentRule, n int32) {
	for _, field := range []struct {
		name  string
		paths paths
		into  *string
	}{
		{"signed_by", rule.SignedBy, &p.SignedBy},
		{"place", rule.Place, &p.Place},
		{"photo", rule.Photo, &p.PhotoURL},
		{"signature", rule.Signature, &p.SignatureURL},
		{"address", rule.Address, &p.Address},
	} {
		text := r.one(field.name, field.paths, n)
		isLink := field.into == &p.PhotoURL || field.into == &p.SignatureURL
		if text != "" && *field.into == "" && (!isLink || strings.HasPrefix(text, "http")) {
			*field.into = text
		}
	}
}

// estimate is the first of the carrier's estimates that is there, in the time of the destination. Midnight is how
// carriers write a day alone: nobody plans to deliver at that hour.
func (r *reader) estimate(rules []estimateRule, n int32, destination site) tracker.CarrierEstimate {
	if r.evidence != nil {
		r.evidence.estimates(r, rules, n)
	}
	for i := range rules {
		var e tracker.CarrierEstimate
		if e.To, _ = r.stamp(estimateTo, &rules[i].To, n, destination); !e.To.Known() {
			continue
		}
		e.From, _ = r.stamp(estimateFrom, &rules[i].From, n, destination)
		dayAtMidnight(&e.From)
		dayAtMidnight(&e.To)
		if e.From.Precision == tracker.PrecisionDay && e.To.Precision != tracker.PrecisionDay ||
			e.From.Local > e.To.Local {
			e.From = tracker.Stamp{}
		}
		return e
	}
	return tracker.CarrierEstimate{}
}

func dayAtMidnight(s *tracker.Stamp) {
	const day = 24 * 60 * 60
	if s.Known() && s.Local%day == 0 {
		s.Precision = tracker.PrecisionDay
	}
}

func (r *reader) partners(rule *partnerRule, n int32, s *tracker.ReadShipment) {
	carrier := rule.Carrier
	if !rule.Named.none() {
		carrier = rule.Carriers[strings.ToLower(r.one("partners.named", rule.Named, n))]
	}
	if carrier == "" {
		return
	}
	for _, number := range r.all("partners", rule.Number, n) {
		if number = normalNumber(number); number != s.Number {
			s.Partners = append(s.Partners, tracker.LegKey{Carrier: carrier, Number: number})
		}
	}
}

// all is every text that the paths find.
func (r *reader) all(field string, list paths, from int32) []string {
	var texts []string
	if r.evidence != nil {
		r.evidence.find(r, list, from)
	}
	for _, path := range list.list {
		path.each(r.Tree, from, func(n int32) bool {
			if text, ok := r.scalar(n); ok && text != "" {
				if r.trace != nil {
					r.trace.add(field, path.source, list.line, r.where(n), text)
				}
				texts = append(texts, clean(text))
			}
			return true
		})
	}
	return texts
}

func (r *reader) pieces(path paths, n int32) int {
	text, at := r.find("pieces", path, n)
	if text == "" {
		return 0
	}
	count, err := strconv.Atoi(text)
	const most = 100_000
	if err != nil || count < 0 || count > most {
		r.fault(at, "pieces: "+quoted(text)+" is no number of packages")
		return 0
	}
	return count
}

// gramsPer are the units that carriers write.
var gramsPer = map[string]float64{
	"G": 1, "GR": 1, "GRAM": 1, "GRAMS": 1, "K": 1000, "KG": 1000, "KGS": 1000, "KILOGRAM": 1000, "METRIC": 1000,
	"L": 453.59237, "LB": 453.59237, "LBS": 453.59237, "POUND": 453.59237, "POUNDS": 453.59237, "IMPERIAL": 453.59237,
	"OZ": 28.349523125, "OUNCE": 28.349523125, "OUNCES": 28.349523125,
}

func (r *reader) weight(rule *weightRule, n int32) int64 {
	text, at := r.find("weight", rule.Value, n)
	if text == "" {
		return 0
	}
	unit, _ := r.find("weight.unit", rule.Unit, n)
	if unit == "" {
		unit = rule.In
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	grams, known := gramsPer[strings.ToUpper(unit)]
	const most = 1e9 // a thousand tonnes
	if err != nil || !known || !(value >= 0 && value*grams <= most) {
		r.fault(at, "weight: "+quoted(text+" "+unit)+" is no weight")
		return 0
	}
	return int64(math.Round(value * grams))
}
