// Command gen writes the files that are made from the table of settings. It is
// run by go generate in configs.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"waybill/configs"
)

func main() {
	files := map[string]string{
		"waybill.example.yaml":                          configs.ExampleYAML(),
		filepath.Join("..", "docs", "configuration.md"): configs.Markdown(),
	}
	for path, text := range files {
		if err := write(path, text); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
	}
}

func write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}
