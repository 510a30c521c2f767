package adapters

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"waybill/adapters/mapping"
)

// Example is the outcome of one example of a carrier: a payload in its testdata folder beside what must be read of it.
type Example struct {
	// File is the payload's name below carriers/.
	File string
	// Format is the format that was recognised.
	Format string
	// Difference is empty where all is as expected; else it says in which line it is not.
	Difference string
	// Unexpected is set where no expectation stands beside the payload.
	Unexpected bool
}

// examplesFolder is where the examples stand in a carrier's folder.
const examplesFolder = "testdata"

// expectedSuffix is what the expectation's name has in place of the payload's extension.
const expectedSuffix = ".expected.json"

// RunExamples reads all examples of a carrier and compares. An error is a folder that cannot be read.
func (r *Registry) RunExamples(carrier string) ([]Example, error) {
	all := r.current.Load()
	if all.carriers[carrier] == nil {
		return nil, fmt.Errorf("carrier %q is not known; the carriers are %s", carrier, strings.Join(all.codes, ", "))
	}
	return r.runExamples(all.carriers[carrier], all.folders[carrier])
}

// runExamples tries a carrier on the examples of a folder, which need not be in use.
func (r *Registry) runExamples(carrier *mapping.Carrier, folder fs.FS) ([]Example, error) {
	payloads, err := examplePayloads(carrier.Code, folder)
	if err != nil {
		return nil, err
	}
	list := make([]Example, 0, len(payloads))
	for _, file := range payloads {
		got, format, err := r.readExample(carrier, folder, file)
		if err != nil {
			return nil, err
		}
		example := Example{File: path.Join(carrier.Code, file), Format: format}
		want, err := fs.ReadFile(folder, expectationOf(file))
		if err != nil {
			example.Unexpected = true
			example.Difference = "there is no " + path.Base(expectationOf(file)) + " beside it"
		} else {
			example.Difference = firstDifference(want, got)
		}
		list = append(list, example)
	}
	return list, nil
}

// examplePayloads lists the payloads in a carrier's folder, by their names within it.
func examplePayloads(carrier string, folder fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(folder, examplesFolder)
	if err != nil {
		return nil, fmt.Errorf("list the examples of %s: %w", carrier, err)
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !strings.HasSuffix(e.Name(), expectedSuffix) {
			files = append(files, path.Join(examplesFolder, e.Name()))
		}
	}
	return files, nil
}

// readExample is the document of an example as its expectation has it: without the file's name.
func (r *Registry) readExample(carrier *mapping.Carrier, folder fs.FS, file string) (document []byte, format string, err error) {
	body, err := fs.ReadFile(folder, file)
	if err != nil {
		return nil, "", fmt.Errorf("read an example of %s: %w", carrier.Code, err)
	}
	d := r.readAs(carrier, body)
	document, err = json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, "", fmt.Errorf("write the document of %s: %w", file, err)
	}
	return append(document, '\n'), d.Format, nil
}

// readAs is the document of a payload of a carrier that need not be in use.
func (r *Registry) readAs(carrier *mapping.Carrier, body []byte) Document {
	if r.Carrier(carrier.Code) == carrier {
		return r.ReadDocument("", carrier.Code, body)
	}
	trial := newCatalogue()
	trial.put(carrier, nil)
	tree, done := r.tree()
	defer done()
	format, fault := trial.recognise(carrier.Code, body, tree)
	if fault != nil {
		return r.ReadDocument("", "", body) // one of another's: the carrier only forwards
	}
	reading := format.Read(tree, nil)
	return document("", &reading)
}

func expectationOf(file string) string {
	return strings.TrimSuffix(file, path.Ext(file)) + expectedSuffix
}

func firstDifference(want, got []byte) string {
	if bytes.Equal(want, got) {
		return ""
	}
	wanted, gotten := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(wanted), len(gotten)) {
		w, g := line(wanted, i), line(gotten, i)
		if w != g {
			return fmt.Sprintf("line %d: expected %s, read %s", i+1, w, g)
		}
	}
	return "the line ends differ"
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return strings.TrimSpace(lines[i])
	}
	return "nothing more"
}
