package adapters

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"waybill/adapters/mapping"
	"waybill/tracker"
)

// overlay is the operator's folder of carriers, as it was last read.
type overlay struct {
	dir string
	// untried takes folders whose examples read otherwise than expected, for their author to see how.
	untried bool

	mu sync.Mutex
	// accepted are the carriers in use from the folder; refusals are why others are not.
	accepted map[string]accepted
	refusals []Refusal
	// seen and read are the folder's contents at the last look and when it was last read, to take settled changes only.
	seen, read string
}

type accepted struct {
	carrier *mapping.Carrier
	folder  fs.FS
}

// Refusal is a folder of the operator's that is not used, and why.
type Refusal struct {
	Carrier string `json:"carrier"`
	// Reason names file and line where there is one.
	Reason string `json:"reason"`
	// InForce says what the carrier's payloads are read by meanwhile: "built-in", "previous" or "nothing".
	InForce string `json:"in_force"`
}

// Options are for a registry that has more than the built-in carriers.
type Options struct {
	// Dir is the operator's folder, one folder a carrier; "" is none.
	Dir string
	// Untried takes carriers whose examples do not read as expected, for those who write them.
	Untried bool
}

// Open is New with the operator's carriers. A folder of one that is broken is refused (Refusals), and costs no other;
// an error is a Dir that cannot be read at all.
func Open(options Options) (*Registry, error) {
	r, err := New()
	if err != nil || options.Dir == "" {
		return r, err
	}
	r.overlay.dir, r.overlay.untried = options.Dir, options.Untried
	_, err = r.Reload()
	return r, err
}

// Own lists the codes of the carriers in use from the operator's folder, sorted.
func (r *Registry) Own() []string {
	r.overlay.mu.Lock()
	defer r.overlay.mu.Unlock()
	return slices.Sorted(maps.Keys(r.overlay.accepted))
}

// Refusals lists the operator's folders that are not used, by code.
func (r *Registry) Refusals() []Refusal {
	r.overlay.mu.Lock()
	defer r.overlay.mu.Unlock()
	return slices.Clone(r.overlay.refusals)
}

// Change is what a reading of the operator's folder brought.
type Change struct {
	// Carrier is the code, Version the mapping that is now in force; "" where the carrier is gone.
	Carrier, Version string
	// Refused is why its folder is not used; "" where it is.
	Refused string
}

// Reload reads the operator's folder and puts all that is right in it in force at once. A broken carrier keeps what it
// had; one whose folder is gone returns to what is built in. What has changed comes back.
func (r *Registry) Reload() ([]Change, error) {
	o := &r.overlay
	o.mu.Lock()
	defer o.mu.Unlock()
	folders, err := carrierFolders(o.dir)
	if err != nil {
		return nil, err
	}
	before, refusedBefore := r.current.Load(), o.refusals
	next := &catalogue{carriers: maps.Clone(r.builtIn.carriers), folders: maps.Clone(r.builtIn.folders), codes: slices.Clone(r.builtIn.codes)}
	kept := map[string]accepted{}
	o.refusals = nil
	for _, code := range folders {
		entry, err := r.admit(code)
		if err != nil {
			previous, was := o.accepted[code]
			o.refusals = append(o.refusals, Refusal{code, err.Error(), r.inForce(code, was)})
			if !was {
				continue
			}
			entry = previous
		}
		kept[code] = entry
		next.put(entry.carrier, entry.folder)
	}
	r.reconcile(next, kept)
	o.accepted = kept
	r.current.Store(next)
	return changes(before, next, refusedBefore, o.refusals), nil
}

// reconcile refuses what does not go together: a house with a member that is nowhere, two carriers with one format.
func (r *Registry) reconcile(next *catalogue, kept map[string]accepted) {
	for again := true; again; { // one that goes may be another's house
		again = false
		for _, code := range slices.Sorted(maps.Keys(kept)) {
			reason := next.clash(code)
			if reason == "" {
				continue
			}
			previous, was := r.overlay.accepted[code]
			was = was && previous.carrier != kept[code].carrier
			r.overlay.refusals = append(r.overlay.refusals, Refusal{code, reason, r.inForce(code, was)})
			if again = true; was {
				kept[code] = previous
				next.put(previous.carrier, previous.folder)
				continue
			}
			delete(kept, code)
			next.drop(code, r.builtIn)
		}
	}
}

// drop takes a carrier out, and puts the built-in one of its code back.
func (c *catalogue) drop(code string, builtIn *catalogue) {
	if carrier := builtIn.carriers[code]; carrier != nil {
		c.put(carrier, builtIn.folders[code])
		return
	}
	delete(c.carriers, code)
	delete(c.folders, code)
	c.codes = slices.DeleteFunc(c.codes, func(other string) bool { return other == code })
}

// clash says why a carrier does not go together with the others; "" where it does.
func (c *catalogue) clash(code string) string {
	carrier := c.carriers[code]
	for _, other := range carrier.AlsoReads {
		if c.carriers[other] == nil {
			return fmt.Sprintf("%s/%s: also_reads names %q, which is no carrier", code, descriptorFile, other)
		}
	}
	for _, name := range carrier.FormatNames() {
		for _, other := range c.codes {
			if other != code && slices.Contains(c.carriers[other].FormatNames(), name) {
				return fmt.Sprintf("%s/%s: format %q is one of carrier %q; give it another name", code, descriptorFile, name, other)
			}
		}
	}
	return ""
}

func (r *Registry) inForce(code string, previous bool) string {
	switch {
	case previous:
		return "previous"
	case r.builtIn.carriers[code] != nil:
		return "built-in"
	}
	return "nothing"
}

// carrierCode is the form of a carrier's code, which stands in addresses and keys.
var carrierCode = regexp.MustCompile(`^[a-z][a-z0-9_]{1,31}$`)

// admit reads one folder and tries it on its examples.
func (r *Registry) admit(code string) (accepted, error) {
	if err := r.Nameable(code); err != nil {
		return accepted{}, err
	}
	folder := os.DirFS(filepath.Join(r.overlay.dir, code))
	entry := accepted{folder: folder}
	var err error
	if entry.carrier, err = compile(code, code+"/"+descriptorFile, folder); err != nil {
		return accepted{}, err
	}
	if r.overlay.untried {
		return entry, nil
	}
	examples, err := r.runExamples(entry.carrier, folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return accepted{}, err
	}
	for _, example := range examples {
		if example.Difference != "" && !example.Unexpected {
			return accepted{}, fmt.Errorf("its example %s reads otherwise: %s", example.File, example.Difference)
		}
	}
	return entry, nil
}

// Nameable reports, as an error, why a code cannot be an operator's carrier.
func (r *Registry) Nameable(code string) error {
	_, standard := r.standards[code]
	switch {
	case !carrierCode.MatchString(code):
		return fmt.Errorf("%q is no code: small letters, digits and _, 2 to 32 of them, a letter first", code)
	case code == tracker.FleetCarrier:
		return fmt.Errorf("%q is the in-house fleet; choose another code", code)
	case standard:
		return fmt.Errorf("%q is an industry's format with a reader of its own; choose another code", code)
	}
	return nil
}

// carrierFolders lists the folders that hold a carrier; hidden ones, as Kubernetes and editors make, are passed.
func carrierFolders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of own carriers: %w; make it, or unset carriers_dir", err)
	}
	var codes []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil && info.IsDir() { // a link counts too
			codes = append(codes, e.Name())
		}
	}
	return codes, nil
}

// changes compares what is in force and what is refused with what was.
func changes(before, after *catalogue, refusedBefore, refused []Refusal) []Change {
	var list []Change
	reasons := map[string]string{}
	for _, refusal := range refused {
		reasons[refusal.Carrier] = refusal.Reason
	}
	told := map[string]string{}
	for _, refusal := range refusedBefore {
		told[refusal.Carrier] = refusal.Reason
	}
	codes := slices.Concat(before.codes, after.codes, slices.Collect(maps.Keys(reasons)))
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		if versionIn(before, code) != versionIn(after, code) || told[code] != reasons[code] {
			list = append(list, Change{Carrier: code, Version: versionIn(after, code), Refused: reasons[code]})
		}
	}
	return list
}

func versionIn(c *catalogue, code string) string {
	if carrier := c.carriers[code]; carrier != nil {
		return carrier.Version()
	}
	return ""
}
