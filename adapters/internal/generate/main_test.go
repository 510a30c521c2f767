package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGeneratedFilesAreCurrent(t *testing.T) {
	files, err := generate(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the carriers' folders say; run go generate ./adapters", name)
		}
	}
}

func TestTheTableStandsBetweenItsMarks(t *testing.T) {
	got, err := part{tableBegin, tableEnd, "new\n"}.within([]byte("a\n" + tableBegin + "\nold\n" + tableEnd + "\nb\n"))
	if err != nil || strings.Contains(string(got), "old") || !strings.Contains(string(got), "new") ||
		!strings.HasPrefix(string(got), "a\n") || !strings.HasSuffix(string(got), "\nb\n") {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := (part{tableBegin, tableEnd, "new"}).within([]byte("no marks")); err != nil || string(got) != "no marks" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := (part{tableBegin, tableEnd, "new"}).within([]byte(tableBegin)); err == nil {
		t.Error("an end mark that is missing must be an error")
	}
}
