package adapters

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waybill/adapters/propose"
)

// Expect writes, beside each example of an operator's carrier, what is read of it now, and answers the files written.
// Whoever calls it reads them: from then on they are the promise.
func (r *Registry) Expect(code string) ([]string, error) {
	carrier := r.Carrier(code)
	if carrier == nil || r.overlay.dir == "" {
		return nil, fmt.Errorf("carrier %q does not stand in a folder of carriers of your own", code)
	}
	folder := os.DirFS(filepath.Join(r.overlay.dir, code))
	files, err := examplePayloads(code, folder)
	if err != nil {
		return nil, err
	}
	written := make([]string, 0, len(files))
	for _, file := range files {
		document, _, err := r.readExample(carrier, folder, file)
		if err != nil {
			return written, err
		}
		name := filepath.Join(r.overlay.dir, code, filepath.FromSlash(expectationOf(file)))
		if err := os.WriteFile(name, document, 0o644); err != nil { //nolint:gosec // it holds what the example beside it does
			return written, fmt.Errorf("write an expectation: %w", err)
		}
		written = append(written, name)
	}
	return written, nil
}

// errThere is told where a carrier's folder would be written over.
var errThere = errors.New("is there already; choose another code, or move it away")

// Scaffold makes the folder of a new carrier below dir: the proposed carrier.yaml and the samples as its examples. It
// writes over nothing. The files written come back with what in the samples looks personal.
func (r *Registry) Scaffold(dir, code string, samples []propose.Sample) (files []string, warnings []string, err error) {
	if err := r.Nameable(code); err != nil {
		return nil, nil, err
	}
	proposal, err := propose.Mapping(code, samples)
	if err != nil {
		return nil, nil, err
	}
	root := filepath.Join(dir, code)
	if _, err := os.Lstat(root); err == nil {
		return nil, nil, fmt.Errorf("%s %w", root, errThere)
	}
	contents := map[string][]byte{descriptorFile: []byte(proposal.YAML)}
	for _, s := range samples {
		name := filepath.Base(s.Name)
		if extension := filepath.Ext(name); strings.HasSuffix(name, expectedSuffix) || extension == "" {
			return nil, nil, fmt.Errorf("%s: name samples by what they show, as delivered.json or not_found.xml", s.Name)
		}
		file := filepath.Join(examplesFolder, name)
		if _, twice := contents[file]; twice {
			return nil, nil, fmt.Errorf("two samples are called %s; rename one by what it shows", name)
		}
		contents[file] = s.Body
	}
	if err := os.MkdirAll(filepath.Join(root, examplesFolder), 0o755); err != nil { //nolint:gosec // a mapping is no secret
		return nil, nil, fmt.Errorf("make the carrier's folder: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(contents)) {
		file := filepath.Join(root, name)
		if err := os.WriteFile(file, contents[name], 0o644); err != nil { //nolint:gosec // as above
			return files, proposal.Warnings, fmt.Errorf("write the carrier's folder: %w", err)
		}
		files = append(files, file)
	}
	return files, proposal.Warnings, nil
}
