package adapters

import "testing"

// TestEveryRuleIsShownByAnExample holds the mappings to their examples: a path that no example needs is a guess.
func TestEveryRuleIsShownByAnExample(t *testing.T) {
	r := registry(t)
	for _, code := range r.Codes() {
		findings, err := r.Audit(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range findings {
			t.Error(finding)
		}
	}
}
