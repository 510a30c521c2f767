// Package adapters turns carriers' payloads into events. A carrier is a folder under carriers/, read by package
// mapping; our own fleet's scans are read by package fleet. The list of carriers, docs/carriers.md and the README's
// table are generated from those folders.
package adapters

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"waybill/adapters/formats"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

//go:generate go run ./internal/generate

// Registry knows every carrier. It implements tracker.Reader and is safe for concurrent use.
type Registry struct {
	carriers map[string]*mapping.Carrier
	// standards are the industry's formats, which have a description among the carriers and a reader of their own.
	standards map[string]formats.Format
	// codes are those of the carriers, sorted.
	codes []string
	// files hold the carriers' folders, for their examples.
	files fs.FS
	trees sync.Pool
}

var _ tracker.Reader = (*Registry)(nil)

// New compiles all carriers that are built in.
func New() (*Registry, error) { return load(builtIn, carrierCodes) }

// load compiles the carriers of these codes from their folders below carriers/.
func load(files fs.FS, codes []string) (*Registry, error) {
	r := &Registry{carriers: make(map[string]*mapping.Carrier, len(codes)), codes: slices.Clone(codes), files: files}
	var err error
	if r.standards, err = formats.All(); err != nil {
		return nil, fmt.Errorf("prepare the industry's formats: %w", err)
	}
	r.trees.New = func() any { return new(mapping.Tree) }
	slices.Sort(r.codes)
	for _, code := range codes {
		file := path.Join("carriers", code, "carrier.yaml")
		data, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("read the mapping of carrier %q: %w", code, err)
		}
		if r.carriers[code], err = mapping.Load(code, file, data); err != nil {
			return nil, fmt.Errorf("carrier %q cannot be used:\n%w", code, err)
		}
	}
	for _, c := range r.carriers {
		for _, other := range c.AlsoReads {
			if r.carriers[other] == nil {
				return nil, fmt.Errorf("carriers/%s/carrier.yaml: also_reads names %q, which is no carrier", c.Code, other)
			}
		}
	}
	return r, nil
}

// Codes lists the carriers, sorted; the in-house fleet is not among them.
func (r *Registry) Codes() []string { return slices.Clone(r.codes) }

// Carrier is the description of a carrier, nil where there is none of that code.
func (r *Registry) Carrier(code string) *mapping.Carrier { return r.carriers[code] }

// TrackingURL is the carrier's own page for a number, "" where it has none.
func (r *Registry) TrackingURL(key tracker.LegKey) string {
	c := r.carriers[key.Carrier]
	if c == nil {
		return ""
	}
	return strings.ReplaceAll(c.TrackingURL, "{number}", key.Number)
}

// Version names the mapping in force for a carrier; "" for a carrier that is not known.
func (r *Registry) Version(carrier string) string {
	if carrier == tracker.FleetCarrier {
		return fleetVersion
	}
	c := r.carriers[carrier]
	if c == nil {
		return ""
	}
	versions := []string{c.Version() + r.standards[carrier].Version}
	for _, other := range c.AlsoReads {
		versions = append(versions, r.carriers[other].Version())
	}
	return strings.Join(versions, "+")
}
