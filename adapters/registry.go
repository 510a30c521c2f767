// Package adapters turns carriers' payloads into events. A carrier is a folder under carriers/, read by package
// mapping; our own fleet's scans are read by package fleet. The list of carriers, docs/carriers.md and the README's
// table are generated from those folders. An operator may add folders of the same form (Options.Dir).
package adapters

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"waybill/adapters/formats"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

//go:generate go run ./internal/generate

// Registry knows every carrier. It implements tracker.Reader and is safe for concurrent use, also while the operator's
// folder is read anew: what is in hand is finished with the mappings that it began with.
type Registry struct {
	// builtIn are the carriers of the program, current those and the operator's.
	builtIn *catalogue
	current atomic.Pointer[catalogue]
	// standards are the industry's formats, which have a description among the carriers and a reader of their own.
	standards map[string]formats.Format
	trees     sync.Pool
	overlay   overlay
}

var _ tracker.Reader = (*Registry)(nil)

// New compiles all carriers that are built in.
func New() (*Registry, error) { return load(builtIn, carrierCodes) }

// load compiles the carriers of these codes from their folders below carriers/.
func load(files fs.FS, codes []string) (*Registry, error) {
	r := &Registry{builtIn: newCatalogue()}
	var err error
	if r.standards, err = formats.All(); err != nil {
		return nil, fmt.Errorf("prepare the industry's formats: %w", err)
	}
	r.trees.New = func() any { return new(mapping.Tree) }
	for _, code := range codes {
		folder, err := fs.Sub(files, path.Join("carriers", code))
		if err != nil {
			return nil, fmt.Errorf("find the folder of carrier %q: %w", code, err)
		}
		carrier, err := compile(code, path.Join("carriers", code, descriptorFile), folder)
		if err != nil {
			return nil, err
		}
		r.builtIn.put(carrier, folder)
	}
	if problem := r.builtIn.houses(); problem != "" {
		return nil, fmt.Errorf("carriers/%s", problem)
	}
	r.current.Store(r.builtIn)
	return r, nil
}

// descriptorFile is what a carrier's folder must hold.
const descriptorFile = "carrier.yaml"

// compile reads the carrier.yaml of a folder. file is its name for messages.
func compile(code, file string, folder fs.FS) (*mapping.Carrier, error) {
	data, err := fs.ReadFile(folder, descriptorFile)
	if err != nil {
		return nil, fmt.Errorf("read the mapping of carrier %q: %w", code, err)
	}
	carrier, err := mapping.Load(code, file, data)
	if err != nil {
		return nil, fmt.Errorf("carrier %q cannot be used:\n%w", code, err)
	}
	return carrier, nil
}

// catalogue is a set of carriers. It does not change once it is in use.
type catalogue struct {
	carriers map[string]*mapping.Carrier
	// folders hold the carriers' folders, for their examples.
	folders map[string]fs.FS
	// codes are those of the carriers, sorted.
	codes []string
}

func newCatalogue() *catalogue {
	return &catalogue{carriers: map[string]*mapping.Carrier{}, folders: map[string]fs.FS{}}
}

// put adds a carrier, in place of one of the same code.
func (c *catalogue) put(carrier *mapping.Carrier, folder fs.FS) {
	if at, found := slices.BinarySearch(c.codes, carrier.Code); !found {
		c.codes = slices.Insert(c.codes, at, carrier.Code)
	}
	c.carriers[carrier.Code], c.folders[carrier.Code] = carrier, folder
}

// houses says what is wrong where a carrier reads for one of its house that is not there; "" where all is well.
func (c *catalogue) houses() string {
	for _, code := range c.codes {
		for _, other := range c.carriers[code].AlsoReads {
			if c.carriers[other] == nil {
				return fmt.Sprintf("%s/%s: also_reads names %q, which is no carrier", code, descriptorFile, other)
			}
		}
	}
	return ""
}

// Codes lists the carriers, sorted; the in-house fleet is not among them.
func (r *Registry) Codes() []string { return slices.Clone(r.current.Load().codes) }

// Carrier is the description of a carrier, nil where there is none of that code.
func (r *Registry) Carrier(code string) *mapping.Carrier { return r.current.Load().carriers[code] }

// TrackingURL is the carrier's own page for a number, "" where it has none.
func (r *Registry) TrackingURL(key tracker.LegKey) string {
	c := r.Carrier(key.Carrier)
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
	all := r.current.Load()
	c := all.carriers[carrier]
	if c == nil {
		return ""
	}
	versions := []string{c.Version() + r.standards[carrier].Version}
	for _, other := range c.AlsoReads {
		versions = append(versions, all.carriers[other].Version())
	}
	return strings.Join(versions, "+")
}
