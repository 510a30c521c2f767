package adapters

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Example is the outcome of one example of a carrier: a payload in its testdata folder beside what must be read of it.
type Example struct {
	// File is the payload's name below carriers/.
	File string
	// Format is the format that was recognised.
	Format string
	// Difference is empty where all is as expected; else it says in which line it is not.
	Difference string
}

// expectedSuffix is what the expectation's name has in place of the payload's extension.
const expectedSuffix = ".expected.json"

// RunExamples reads all examples of a carrier and compares. An error is a folder that cannot be read.
func (r *Registry) RunExamples(carrier string) ([]Example, error) {
	if r.carriers[carrier] == nil {
		return nil, fmt.Errorf("carrier %q is not known; the carriers are %s", carrier, strings.Join(r.codes, ", "))
	}
	payloads, err := r.examplePayloads(carrier)
	if err != nil {
		return nil, err
	}
	list := make([]Example, 0, len(payloads))
	for _, file := range payloads {
		got, format, err := r.readExample(carrier, file)
		if err != nil {
			return nil, err
		}
		example := Example{File: strings.TrimPrefix(file, "carriers/"), Format: format}
		want, err := fs.ReadFile(r.files, expectationOf(file))
		if err != nil {
			example.Difference = "there is no " + path.Base(expectationOf(file)) + " beside it"
		} else {
			example.Difference = firstDifference(want, got)
		}
		list = append(list, example)
	}
	return list, nil
}

func (r *Registry) examplePayloads(carrier string) ([]string, error) {
	folder := path.Join("carriers", carrier, "testdata")
	entries, err := fs.ReadDir(r.files, folder)
	if err != nil {
		return nil, fmt.Errorf("list the examples of %s: %w", carrier, err)
	}
	var files []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), expectedSuffix) {
			files = append(files, path.Join(folder, e.Name()))
		}
	}
	return files, nil
}

// readExample is the document of an example as its expectation has it: without the file's name.
func (r *Registry) readExample(carrier, file string) (document []byte, format string, err error) {
	body, err := fs.ReadFile(r.files, file)
	if err != nil {
		return nil, "", fmt.Errorf("read an example of %s: %w", carrier, err)
	}
	d := r.ReadDocument("", carrier, body)
	document, err = json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, "", fmt.Errorf("write the document of %s: %w", file, err)
	}
	return append(document, '\n'), d.Format, nil
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
