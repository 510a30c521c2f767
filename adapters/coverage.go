package adapters

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waybill/adapters/mapping"
)

// Coverage tells how much of a carrier's mapping its examples show, and payloads at hand.
type Coverage struct {
	Carrier string `json:"carrier"`
	// Examples and Payloads count the carrier's own and those at hand that are its.
	Examples int `json:"examples"`
	Payloads int `json:"payloads"`
	// Codes tells of each code table what the examples bear, InPayloads what those at hand bear.
	Codes      []mapping.CodeUse `json:"codes"`
	InPayloads []mapping.CodeUse `json:"codes_in_payloads,omitempty"`
	// UnknownCodes stand in the payloads at hand and in no table.
	UnknownCodes []string `json:"unknown_codes,omitempty"`
	// Unshown are the rules that no example needs, as file:line: message; Unexercised those that neither an example
	// nor a payload at hand needs.
	Unshown     []string `json:"unshown"`
	Unexercised []string `json:"unexercised,omitempty"`
}

// Payload is a payload at hand.
type Payload struct {
	// Name is where it was found, Carrier whose it is, by its content.
	Name, Carrier string
	Body          []byte
}

// PayloadsIn finds the payloads of known formats below a folder; expectations beside them are passed, and what is no
// payload of any carrier.
func (r *Registry) PayloadsIn(folder string) ([]Payload, error) {
	var list []Payload
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(file, expectedSuffix) {
			return err
		}
		body, err := os.ReadFile(file) //nolint:gosec // the caller's own folder
		if err != nil {
			return err
		}
		if carrier, _, ok := r.Recognise(body); ok {
			list = append(list, Payload{file, carrier, body})
		}
		return nil
	})
	return list, err
}

// Coverage tells how much of a carrier is shown. payloads are those at hand, of any carrier.
func (r *Registry) Coverage(carrier string, payloads []Payload) (Coverage, error) {
	out := Coverage{Carrier: carrier, Codes: []mapping.CodeUse{}, Unshown: []string{}}
	examples, err := r.RunExamples(carrier)
	if err != nil {
		return out, err
	}
	out.Examples = len(examples)
	if standard, ok := r.standards[carrier]; ok {
		return out, r.standardCoverage(&out, standard.Codes(), payloads)
	}
	all := r.current.Load()
	evidence, _, err := evidenceOf(all.carriers[carrier], all.folders[carrier])
	if err != nil {
		return out, err
	}
	out.Codes = evidence.Codes()
	out.Unshown = append(out.Unshown, lines(carrier, evidence.Unshown())...)
	if payloads == nil {
		return out, nil
	}
	theirs := all.carriers[carrier].Evidence()
	for _, p := range payloads {
		if p.Carrier != carrier {
			continue
		}
		out.Payloads++
		// What cannot be read shows nothing; `adapters read` says why.
		_, _ = theirs.Collect(p.Body, nil)
		_, _ = evidence.Collect(p.Body, nil)
		out.UnknownCodes = append(out.UnknownCodes, r.ReadDocument("", carrier, p.Body).UnknownCodes...)
	}
	out.InPayloads, out.Unexercised = theirs.Codes(), lines(carrier, evidence.Unshown())
	slices.Sort(out.UnknownCodes)
	out.UnknownCodes = slices.Compact(out.UnknownCodes)
	return out, nil
}

// standardCoverage counts the codes of an industry's format, whose rules are those of its standard.
func (r *Registry) standardCoverage(out *Coverage, known []string, payloads []Payload) error {
	all := r.current.Load()
	files, err := examplePayloads(out.Carrier, all.folders[out.Carrier])
	if err != nil {
		return err
	}
	bodies := make([][]byte, 0, len(files))
	for _, file := range files {
		body, err := fs.ReadFile(all.folders[out.Carrier], file)
		if err != nil {
			return err
		}
		bodies = append(bodies, body)
	}
	out.Codes = []mapping.CodeUse{r.standardCodes(out.Carrier, known, bodies)}
	if payloads == nil {
		return nil
	}
	var theirs [][]byte
	for _, p := range payloads {
		if p.Carrier == out.Carrier {
			theirs = append(theirs, p.Body)
			out.UnknownCodes = append(out.UnknownCodes, r.ReadDocument("", p.Carrier, p.Body).UnknownCodes...)
		}
	}
	out.Payloads, out.InPayloads = len(theirs), []mapping.CodeUse{r.standardCodes(out.Carrier, known, theirs)}
	return nil
}

func (r *Registry) standardCodes(carrier string, known []string, bodies [][]byte) mapping.CodeUse {
	met := map[string]bool{}
	for _, body := range bodies {
		for _, shipment := range r.ReadDocument("", carrier, body).Shipments {
			for _, event := range shipment.Events {
				code, _, _ := strings.Cut(event.Code, "/") // a status with its reason
				met[code], met[event.Code] = true, true
			}
		}
	}
	use := mapping.CodeUse{Table: r.standards[carrier].Name, Known: len(known), Unmet: []string{}}
	for _, code := range known {
		if met[code] {
			use.Met++
		} else {
			use.Unmet = append(use.Unmet, code)
		}
	}
	return use
}
