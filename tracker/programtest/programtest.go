// Package programtest finds the programs that tests need. Where one is missing the test is skipped, but fails when CI=true.
package programtest

import (
	"os"
	"os/exec"
	"testing"
)

// Find is the path of the first of the names that is installed; advice says how to install one.
func Find(tb testing.TB, advice string, names ...string) string {
	tb.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(tb, names[0]+" is not installed ("+advice+")")
	return ""
}

// Missing ends a test that lacks something.
func Missing(tb testing.TB, what string) {
	tb.Helper()
	if os.Getenv("CI") == "true" {
		tb.Fatal(what + "; CI needs it")
	}
	tb.Skip(what)
}
