package propose

import (
	"regexp"
	"strings"
	"unicode"
)

// eventFields are where an event's parts seem to stand.
type eventFields struct {
	code, text *field
	// time is the whole time or its day, clock the time of day where that stands apart; offset where that does.
	time, clock, offset *field
	forms               []string
	place               map[string]*field
	score               int
}

// fieldsOfEvents chooses the fields of values that may be events.
func fieldsOfEvents(values []*value, forms []form) *eventFields {
	e := &eventFields{place: map[string]*field{}}
	all := fieldsOf(values)
	e.chooseTime(all, forms)
	if e.time == nil {
		return e
	}
	taken := map[*field]bool{e.time: true, e.clock: true, e.offset: true}
	for _, part := range placeMembers {
		best := pick(all, func(f *field) int {
			if taken[f] || !fitsPlace(part.part, f) {
				return 0
			}
			// The name itself weighs more than those around it: "location.name" is a place, "country.code" a country.
			score := 2 * weigh(f.own, part.hints)
			if around := strings.TrimSuffix(f.words, f.own); score == 0 && around != "" {
				score = weigh(around, part.hints) - 1
			}
			return score
		})
		if best != nil {
			e.place[part.part], taken[best] = best, true
		}
	}
	e.code = pick(all, func(f *field) int { return codeScore(f, taken) })
	if e.code != nil {
		taken[e.code] = true
	}
	e.text = pick(all, func(f *field) int { return textScore(f, taken) })
	if e.text == nil && e.code != nil && !e.code.every(isCode) {
		e.code, e.text = nil, e.code
	}
	e.score = len(e.place)
	for _, f := range []*field{e.code, e.text} {
		if f != nil {
			e.score += 3
		}
	}
	return e
}

// pick is the field of the highest score above none, of equal ones the first.
func pick(all []*field, score func(*field) int) *field {
	var best *field
	most := 0
	for _, f := range all {
		if s := score(f); s > most {
			best, most = f, s
		}
	}
	return best
}

// chooseTime finds the event's time: in one field, or in one of the day and one of the time of day.
func (e *eventFields) chooseTime(all []*field, forms []form) {
	most := 0
	for _, f := range all {
		times, timed, names := timesIn(forms, f.values)
		if times == 0 || times*10 < f.filled()*7 || f.filled()*2 < len(f.values) {
			continue
		}
		bare := isNumber(f)
		score := 4 + weigh(f.words, timeHints)
		if bare && !strings.Contains(f.words, "date") && !strings.Contains(f.words, "time") {
			continue // a serial number that looks like a day
		}
		clock := (*field)(nil)
		if timed > 0 {
			score += 4
		} else if clock = clockBeside(f, all, forms); clock != nil {
			score += 3
			_, _, names = timesIn(forms, joined(f, clock))
		}
		if score > most {
			most, e.time, e.clock, e.forms = score, f, clock, names
		}
	}
	if e.time == nil {
		return
	}
	e.offset = pick(all, func(f *field) int {
		if f != e.time && f.every(offsetLike.MatchString) && weigh(f.words, []hint{{1, "offset zone gmt utc timezone"}}) > 0 {
			return f.filled()
		}
		return 0
	})
}

// clockBeside is the time of day that goes with a day.
func clockBeside(day *field, all []*field, forms []form) *field {
	return pick(all, func(f *field) int {
		if f == day || !f.every(clock.MatchString) {
			return 0
		}
		name := weigh(f.words, []hint{{4, "time hour heure uhr zeit clock hms"}, {-2, "utc gmt zone offset"}})
		if name <= 0 {
			return 0
		}
		// Of several times of day, the one named like the day.
		name += common(day.path, f.path)
		times, timed, _ := timesIn(forms, joined(day, f))
		if timed == 0 || times*10 < f.filled()*7 {
			return 0
		}
		return name
	})
}

// common counts the letters that two paths begin with alike, a few at most.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return min(n, 12)
}

func joined(day, clock *field) []string {
	list := make([]string, len(day.values))
	for i := range list {
		list[i] = strings.TrimSpace(day.values[i] + " " + clock.values[i])
	}
	return list
}

func isNumber(f *field) bool {
	return f.every(func(s string) bool { return strings.Trim(s, "0123456789") == "" })
}

var code = regexp.MustCompile(`^[\p{L}\p{N}_./:-]{1,48}$`)

// isCode reports whether a text looks like a code: one word, no sentence.
func isCode(s string) bool { return code.MatchString(s) }

func isFlag(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

func hasLetters(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func codeScore(f *field, taken map[*field]bool) int {
	if taken[f] || !f.every(isCode) || f.every(isFlag) || f.filled()*2 < len(f.values) {
		return 0
	}
	score := 2*weigh(f.own, codeHints) + weigh(strings.TrimSuffix(f.words, f.own), codeHints[1:])
	long := f.every(func(s string) bool { return len(s) > 8 && strings.Trim(s, "0123456789-") == "" })
	if long {
		score -= 10
	}
	if f.own == "code" {
		score += 7 // the code of the thing itself
	}
	if n := f.filled(); n > 3 && distinct(f.values) == 1 {
		score -= 4
	}
	return score - strings.Count(f.path, ".")
}

func textScore(f *field, taken map[*field]bool) int {
	if taken[f] || !f.every(hasLetters) || f.every(isFlag) || f.filled()*2 < len(f.values) {
		return 0
	}
	score := 2*weigh(f.own, textHints) + weigh(strings.TrimSuffix(f.words, f.own), textHints[:3])
	spaced, length := 0, 0
	for _, v := range f.values {
		if strings.Contains(v, " ") {
			spaced++
		}
		length += len(v)
	}
	if spaced*2 > f.filled() {
		score += 3
	}
	if f.filled() > 0 && length/f.filled() > 20 {
		score++
	}
	return score - strings.Count(f.path, ".")
}

func distinct(values []string) int {
	seen := map[string]bool{}
	for _, v := range values {
		if v != "" {
			seen[v] = true
		}
	}
	return len(seen)
}

// fitsPlace reports whether the values can be this part of a place.
func fitsPlace(part string, f *field) bool {
	switch part {
	case "country":
		return f.every(func(s string) bool { return hasLetters(s) && len(s) <= 40 })
	case "state":
		return f.every(func(s string) bool { return len(s) <= 30 })
	case "postal_code":
		return f.every(func(s string) bool { return len(s) <= 12 })
	case "city":
		return f.every(hasLetters)
	case "lat", "lon":
		return f.every(func(s string) bool { return strings.Trim(s, "-.0123456789") == "" && strings.Contains(s, ".") })
	case "text", "facility":
		return f.every(func(s string) bool { return len(s) <= 120 && (hasLetters(s) || part == "facility") })
	}
	return true
}
