package doctor

import (
	"context"
	"fmt"
	"strings"

	"waybill/adapters"
)

// ownCarriers tries the operator's folders as every process does at its start.
func ownCarriers(_ context.Context, p *Patient) []Finding {
	const name = "own carriers"
	if p.Config.CarriersDir == "" {
		return nil
	}
	registry, err := adapters.Open(adapters.Options{Dir: p.Config.CarriersDir})
	if err != nil {
		return bad(name, err.Error(), "make the folder and let the user that runs waybill read it, or unset carriers_dir")
	}
	var findings []Finding
	for _, refusal := range registry.Refusals() {
		findings = append(findings, bad(name, fmt.Sprintf("%s is refused (in force: %s): %s", refusal.Carrier, refusal.InForce, refusal.Reason),
			"waybill adapters test --dir "+p.Config.CarriersDir+" "+refusal.Carrier)...)
	}
	if own := registry.Own(); len(own) > 0 {
		findings = append(findings, good(name, strings.Join(own, ", ")+" in use from "+p.Config.CarriersDir)...)
	}
	return findings
}
