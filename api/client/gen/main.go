// Command gen writes the OpenAPI document of the API, brought down to version 3.0, which generators of clients read best.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"waybill/api"
)

func main() {
	if err := write("openapi.json"); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func write(name string) error {
	full := api.OpenAPI()
	full.Webhooks = nil // version 3.0 has none
	document, err := full.Downgrade()
	if err != nil {
		return fmt.Errorf("bring the document down to OpenAPI 3.0: %w", err)
	}
	var readable bytes.Buffer
	if err := json.Indent(&readable, document, "", " "); err != nil {
		return fmt.Errorf("lay the document out: %w", err)
	}
	return os.WriteFile(name, append(readable.Bytes(), '\n'), 0o644)
}
