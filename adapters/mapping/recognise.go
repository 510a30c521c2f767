package mapping

// Format is one format of a carrier.
type Format struct {
	carrier *Carrier
	rule    *formatRule
	asked   string
	// evidence collects what the payload shows of the mapping; nil but for those who test it.
	evidence *Evidence
}

// Asked is the format of an answer to a question about a tracking number; "" is a payload that nobody asked for.
func (f Format) Asked(number string) Format {
	f.asked = number
	return f
}

// Carrier is the mapping that the format belongs to.
func (f Format) Carrier() *Carrier { return f.carrier }

// Name is the format's name ("ups-track-v1"); the zero Format has none.
func (f Format) Name() string {
	if f.rule == nil {
		return ""
	}
	return f.rule.Name
}

// Arrives is "reply" or "webhook".
func (f Format) Arrives() string { return f.rule.Arrives }

// Recognise finds the format of a payload among the carrier's. weight says how sure it is, by the signs of the format
// that were found: Guess where only some were, enough where the carrier is known; 0 is none, and then the Format is
// the zero one.
func (c *Carrier) Recognise(t *Tree, syntax Syntax) (format Format, weight int) {
	for i := range c.Formats {
		rule := &c.Formats[i]
		if rule.Syntax != syntax {
			continue
		}
		if w := rule.recognise(t); w > weight {
			format, weight = Format{carrier: c, rule: rule}, w
		}
	}
	return format, weight
}

// Guess is the weight of a format of whose signs only some are there, as in a damaged payload.
const Guess = 1

// certain is the weight of a format whose own signs are all there; those of error answers, which look alike
// everywhere, weigh less.
const certain = 100

// recognise weighs a format: all signs of one group must be there, or one sign of an error answer.
func (f *formatRule) recognise(t *Tree) int {
	weight := 0
	for _, group := range f.Recognise.groups {
		weight = max(weight, group.weigh(t))
	}
	if weight > 0 {
		return weight
	}
	for _, sign := range f.RecogniseError.list {
		if sign.first(t, 0) != none {
			weight += 1 + len(sign.steps)
		}
	}
	if weight > 0 {
		return weight
	}
	for _, group := range f.Recognise.groups {
		for _, sign := range group.list {
			if sign.first(t, 0) != none {
				return Guess
			}
		}
	}
	return 0
}

// weigh weighs a group of signs, 0 where one is missing.
func (p paths) weigh(t *Tree) int {
	weight := certain
	for _, sign := range p.list {
		if sign.first(t, 0) == none {
			return 0
		}
		weight += 1 + len(sign.steps)
	}
	return weight
}

// FormatNames lists the carrier's formats, errors too.
func (c *Carrier) FormatNames() []string {
	names := make([]string, len(c.Formats))
	for i := range c.Formats {
		names[i] = c.Formats[i].Name
	}
	return names
}
