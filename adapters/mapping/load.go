package mapping

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// engineVersion changes with whatever makes the engine read the same mapping otherwise, so that replay notices.
const engineVersion = "1"

// Carrier is a mapping, compiled and ready to read. It is safe for concurrent use.
type Carrier struct {
	// Code is the carrier's code, the name of its folder.
	Code string
	descriptor
	version string
	// lines are those of the keys of carrier.yaml.
	lines map[string]int
}

// Version names the mapping: it changes whenever the mapping or the engine does.
func (c *Carrier) Version() string { return c.version }

// Load compiles the carrier.yaml of a carrier. file is its name for messages. Every mistake that can be seen without
// a payload is an error, named by file and line; all of them are told at once.
func Load(code, file string, data []byte) (*Carrier, error) {
	c := &Carrier{Code: code}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c.descriptor); err != nil {
		return nil, located(file, err)
	}
	c.noteLines(data)
	if err := c.check(); err != nil {
		return nil, located(file, err)
	}
	sum := sha256.Sum256(append([]byte(engineVersion+"\n"), data...))
	c.version = hex.EncodeToString(sum[:6])
	return c, nil
}

var (
	yamlLine     = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)
	yamlTypeName = regexp.MustCompile(`field (\S+) not found in type \S+`)
)

// located turns the decoder's "line 12: …" into "carrier.yaml:12: …".
func located(file string, err error) error {
	messages := []string{err.Error()}
	if several, ok := errors.AsType[*yaml.TypeError](err); ok {
		messages = several.Errors
	}
	for i, message := range messages {
		message = yamlTypeName.ReplaceAllString(message, `unknown key "$1"`)
		if yamlLine.MatchString(message) {
			messages[i] = yamlLine.ReplaceAllString(message, file+":$1: ")
		} else {
			messages[i] = file + ": " + message
		}
	}
	return errors.New(strings.Join(messages, "\n"))
}

// noteLines notes where keys and formats stand, for what is wrong with the whole of them.
func (c *Carrier) noteLines(data []byte) {
	c.lines = map[string]int{}
	var document yaml.Node
	if yaml.Unmarshal(data, &document) != nil || len(document.Content) == 0 {
		return
	}
	root := document.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		c.lines[key.Value] = key.Line
		if key.Value != "formats" {
			continue
		}
		for j := range min(len(c.Formats), len(value.Content)) {
			c.Formats[j].line = value.Content[j].Line
		}
	}
}

// problems collects what is wrong, each with its line where there is one.
type problems []string

func (p *problems) addf(line int, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if line > 0 {
		message = fmt.Sprintf("line %d: %s", line, message)
	}
	*p = append(*p, message)
}

func (c *Carrier) check() error {
	var p problems
	if c.Name == "" || c.Home == "" || len(c.Countries) == 0 {
		p.addf(1, "name, home and countries must be given")
	}
	if c.TrackingURL != "" && !strings.Contains(c.TrackingURL, "{number}") {
		p.addf(c.lines["tracking_url"], "tracking_url %q needs {number} in the place of the tracking number", c.TrackingURL)
	}
	if !slices.Contains([]string{"credential", "hmac-sha256", "basic", "token", "none"}, c.Webhooks.Verification) {
		p.addf(c.lines["webhooks"], "webhooks.verification %q is none of credential, hmac-sha256, basic, token, none", c.Webhooks.Verification)
	}
	c.checkDates(&p)
	if l := c.Claims; l != nil && (l.AfterDays < 1 || l.ExpressDays < 0 || l.Source == "" || !slices.Contains([]string{"hand_over", "due"}, l.Since)) {
		p.addf(c.lines["claims"], "claims needs after_days above 0, since of hand_over or due, and source")
	}
	c.checkCountries(&p)
	if c.Pull != nil {
		for _, problem := range c.Pull.Check() {
			p.addf(problem.Line, "pull: %s", problem.Text)
		}
	}
	c.checkNumbers(&p)
	used := map[string]bool{}
	names := map[string]bool{}
	for i := range c.Formats {
		f := &c.Formats[i]
		if names[f.Name] {
			p.addf(f.line, "format %q stands twice", f.Name)
		}
		names[f.Name] = true
		c.checkFormat(f, used, &p)
	}
	for name, table := range c.Codes {
		if !used[name] {
			p.addf(table.line, "code table %q is used by no format", name)
		}
	}
	if len(p) > 0 {
		slices.Sort(p)
		return &yaml.TypeError{Errors: p}
	}
	return nil
}

func (c *Carrier) checkDates(p *problems) {
	if _, err := time.Parse(time.RFC3339, c.Added); c.Added != "" && err != nil {
		p.addf(c.lines["added"], "added %q is no moment in the form 2026-01-31T15:04:05Z", c.Added)
	}
	if _, err := time.Parse(time.DateOnly, c.Changed); c.Changed != "" && err != nil {
		p.addf(c.lines["changed"], "changed %q is no day in the form 2026-01-31", c.Changed)
	}
}

func (c *Carrier) checkCountries(p *problems) {
	for _, country := range c.Countries {
		if iso := ISOCountry(country); country != "worldwide" && iso != country {
			p.addf(c.lines["countries"], "country %q is no ISO 3166 code of two letters (or worldwide)", country)
		}
	}
}

func (c *Carrier) checkNumbers(p *problems) {
	for _, form := range c.Numbers {
		pattern, err := regexp.Compile(form.Pattern)
		switch {
		case err != nil:
			p.addf(c.lines["numbers"], "number form %q: %v", form.Name, err)
		case !pattern.MatchString(form.Example):
			p.addf(c.lines["numbers"], "number form %q: its example %q does not match its pattern", form.Name, form.Example)
		}
	}
}

func (c *Carrier) checkFormat(f *formatRule, used map[string]bool, p *problems) {
	where := "format " + f.Name
	switch {
	case f.Name == "" || strings.ContainsFunc(f.Name, unicode.IsUpper):
		p.addf(f.line, "a format needs a name in lower case")
	case f.Syntax != JSON && f.Syntax != XML:
		p.addf(f.line, "%s: syntax %q is neither json nor xml", where, f.Syntax)
	case f.Arrives != "reply" && f.Arrives != "webhook":
		p.addf(f.line, "%s: arrives %q is neither reply nor webhook", where, f.Arrives)
	case f.Recognise.none():
		p.addf(f.line, "%s: recognise names no path", where)
	case f.Shipments.none():
		p.addf(f.line, "%s: shipments names no path", where)
	}
	if f.RecogniseError.none() != (len(f.Errors) == 0) {
		p.addf(f.line, "%s: recognise_error and errors go together", where)
	}
	if f.Shipment.Number.none() && !f.Shipment.NumberAsked {
		p.addf(f.line, "%s: shipment.number is missing", where)
	}
	if f.Events.none() || len(f.Event.Time.Local)+len(f.Event.Time.UTC) == 0 {
		p.addf(f.line, "%s: events and event.time are missing", where)
	}
	if len(f.Dates) == 0 {
		f.Dates = c.Dates
	}
	if len(f.Dates) == 0 {
		p.addf(f.line, "%s: no dates are given, neither here nor for the carrier", where)
	}
	for i := range f.Shipment.Partners {
		if rule := &f.Shipment.Partners[i]; rule.Named.none() == (rule.Carrier == "") || rule.Named.none() != (len(rule.Carriers) == 0) {
			p.addf(f.line, "%s: a partner needs either a carrier, or named with carriers", where)
		}
	}
	c.checkMeaning(f, used, p)
}

// checkMeaning ties the look-ups of a format to the carrier's code tables.
func (c *Carrier) checkMeaning(f *formatRule, used map[string]bool, p *problems) {
	where := "format " + f.Name
	if len(f.Event.Meaning) == 0 {
		p.addf(f.line, "%s: event.meaning names no code table", where)
	}
	for i := range f.Event.Meaning {
		lookup := &f.Event.Meaning[i]
		table, ok := c.Codes[lookup.In]
		if !ok || len(lookup.By) == 0 {
			p.addf(f.line, "%s: meaning looks in %q, which is no code table, or names no key", where, lookup.In)
			continue
		}
		if lookup.Last && len(f.Event.Split) > 0 {
			p.addf(f.line, "%s: which of split events is the last is not known", where)
		}
		lookup.table, used[lookup.In] = &table, true
	}
}
