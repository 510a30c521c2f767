// Package vocabulary translates between the status model and the words of the field: those of other tracking
// systems (EasyPost, AfterShip, 17TRACK, Karrio, Amazon …) and of the industry's code lists (X12, EDIFACT, EPCIS, UPU).
//
// A vocabulary is a table of three columns in tables/: its code, our substatus, and a direction. Without a direction
// a line holds both ways; "in" is for reading alone, "out" for writing alone. Of several lines that could be written
// for one substatus the first is. A substatus without a line of its own is written as the plain one of its milestone.
// "-" for a substatus is a code that is known and says nothing of where a parcel stands.
package vocabulary

import (
	"embed"
	"fmt"
	"path"
	"sort"
	"strings"

	"waybill/tracker"
)

//go:embed tables/*.tsv
var tables embed.FS

// Vocabulary is one system's words.
type Vocabulary struct {
	in  map[string]tracker.Substatus
	out map[tracker.Substatus]string
}

// Load reads all vocabularies, by name ("easypost", "x12_1650").
func Load() (map[string]*Vocabulary, error) {
	entries, err := tables.ReadDir("tables")
	if err != nil {
		return nil, err
	}
	all := make(map[string]*Vocabulary, len(entries))
	for _, entry := range entries {
		text, err := tables.ReadFile(path.Join("tables", entry.Name()))
		if err != nil {
			return nil, err
		}
		v, err := parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", entry.Name(), err)
		}
		all[strings.TrimSuffix(entry.Name(), ".tsv")] = v
	}
	return all, nil
}

func parse(text string) (*Vocabulary, error) {
	v := &Vocabulary{in: map[string]tracker.Substatus{}, out: map[tracker.Substatus]string{}}
	for i, line := range strings.Split(text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := v.add(strings.Split(line, "\t")); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return v, nil
}

func (v *Vocabulary) add(columns []string) error {
	if len(columns) != 2 && len(columns) != 3 {
		return fmt.Errorf("%d columns; a line has a code, a substatus and at most a direction", len(columns))
	}
	code, substatus, direction := columns[0], tracker.Substatus(columns[1]), ""
	if len(columns) == 3 {
		direction = columns[2]
	}
	if direction != "" && direction != "in" && direction != "out" {
		return fmt.Errorf("direction %q is neither in nor out", direction)
	}
	if substatus == "-" {
		substatus, direction = "", "in"
	} else if substatus.Milestone() == tracker.NoMilestone {
		return fmt.Errorf("substatus %q is not in the status model", substatus)
	}
	if direction != "out" {
		if _, twice := v.in[code]; twice {
			return fmt.Errorf("code %q stands twice for reading", code)
		}
		v.in[code] = substatus
	}
	if _, have := v.out[substatus]; direction != "in" && !have {
		v.out[substatus] = code
	}
	return nil
}

// Read gives the substatus that a code means; it is empty where the code says nothing of where a parcel stands.
// known is false for a code that the vocabulary does not have.
func (v *Vocabulary) Read(code string) (substatus tracker.Substatus, known bool) {
	substatus, known = v.in[code]
	return substatus, known
}

// Write gives the code for a substatus; ok is false where the vocabulary has no word even for its milestone.
func (v *Vocabulary) Write(substatus tracker.Substatus) (code string, ok bool) {
	if code, ok = v.out[substatus]; ok {
		return code, true
	}
	code, ok = v.out[substatus.Milestone().Plain()]
	return code, ok
}

// Codes lists the codes that can be read, sorted.
func (v *Vocabulary) Codes() []string {
	codes := make([]string, 0, len(v.in))
	for code := range v.in {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return codes
}
