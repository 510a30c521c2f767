package adapters

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.String("update", "", "write the expectations of this carrier's examples from what is read now (all: every carrier's)")

func TestCarriersExamplesReadAsExpected(t *testing.T) {
	r := registry(t)
	for _, code := range r.Codes() {
		if *update == code || *update == "all" {
			writeExpectations(t, r, code)
			continue
		}
		examples, err := r.RunExamples(code)
		if err != nil {
			t.Fatal(err)
		}
		if len(examples) == 0 {
			t.Errorf("carrier %s has no examples", code)
		}
		for _, e := range examples {
			if e.Difference != "" {
				t.Errorf("%s: %s", e.File, e.Difference)
			}
		}
	}
}

func writeExpectations(t *testing.T, r *Registry, code string) {
	t.Helper()
	folder := r.builtIn.folders[code]
	files, err := examplePayloads(code, folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		document, _, err := r.readExample(r.Carrier(code), folder, file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("carriers", code, expectationOf(file)), document, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRunExamplesTellsADifferenceAndAnUnknownCarrier(t *testing.T) {
	if got := firstDifference([]byte("a\nb\n"), []byte("a\nc\n")); got != "line 2: expected b, read c" {
		t.Error(got)
	}
	if _, err := registry(t).RunExamples("nobody"); err == nil {
		t.Error("an unknown carrier must be refused")
	}
}
