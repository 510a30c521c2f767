package mapping

import "slices"

// FormatCoverage says what is read of a format, for the documentation.
type FormatCoverage struct {
	Name    string
	Syntax  Syntax
	Arrives string
	// Reads are the facts that the mapping has a rule for, in plain words.
	Reads []string
}

// Coverage tells what is read of each of the carrier's formats. It follows from the rules, so it cannot promise more
// than they do.
func (c *Carrier) Coverage() []FormatCoverage {
	list := make([]FormatCoverage, len(c.Formats))
	for i := range c.Formats {
		f := &c.Formats[i]
		list[i] = FormatCoverage{Name: f.Name, Syntax: f.Syntax, Arrives: f.Arrives, Reads: f.reads()}
	}
	return list
}

func (f *formatRule) reads() []string {
	s, e := &f.Shipment, &f.Event
	var reads []string
	for _, fact := range []struct {
		name string
		has  bool
	}{
		{"events", true},
		{"place", !e.Location.none()},
		{"facility", !e.Location.Facility.none()},
		{"offset", len(e.Time.UTC) > 0 || !e.Time.Offset.none() || f.givesOffset()},
		{"estimate", len(s.Estimates) > 0},
		{"window", slices.ContainsFunc(s.Estimates, func(r estimateRule) bool { return len(r.From.Local) > 0 })},
		{"service", !s.Service.none()},
		{"weight", !s.Weight.Value.none()},
		{"pieces", !s.Pieces.none()},
		{"origin", !s.Origin.none()},
		{"destination", !s.Destination.none()},
		{"pickup point", !s.Pickup.none()},
		{"papers", !s.Papers.none()},
		{"signed by", !s.SignedBy.none() || !e.SignedBy.none()},
		{"left where", !s.Place.none() || !e.Place.none()},
		{"photo", !s.Photo.none()},
		{"signature", !s.Signature.none()},
		{"partner's number", len(s.Partners) > 0},
		{"number's lifecycle", !s.Lifecycle.none()},
		{"errors", len(f.Errors) > 0 || !s.Error.Code.none()},
	} {
		if fact.has {
			reads = append(reads, fact.name)
		}
	}
	return reads
}

// givesOffset reports whether one of the date formats has room for an offset.
func (f *formatRule) givesOffset() bool {
	dates := f.Event.Time.Dates
	if len(dates) == 0 {
		dates = f.Dates
	}
	return !f.Event.Time.LocalZ && slices.ContainsFunc(dates, func(l *Layout) bool {
		return l.source == isoLayout || l.source == epochLayout || l.source == epochMilliLayout ||
			slices.ContainsFunc(l.tokens, func(t token) bool { return t.letter == 'X' })
	})
}

func (r *locationRule) none() bool {
	return r.Text.none() && r.City.none() && r.PostalCode.none() && r.Country.none() && len(r.Parse) == 0
}

// KnownCodes lists the codes of all tables but the carrier's coarser signals, sorted: those that events bear.
func (c *Carrier) KnownCodes() []string {
	var codes []string
	for i := range c.Formats {
		for _, lookup := range c.Formats[i].Event.Meaning {
			if lookup.Fallback || len(lookup.By) > 1 {
				continue
			}
			for code := range lookup.table.entries {
				codes = append(codes, code)
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
