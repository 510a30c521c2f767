package mapping

import "testing"

func TestPayloadsWithinAnotherAreOpened(t *testing.T) {
	c, err := Load("test", "carrier.yaml", []byte(answer+"wrapped_in: inner\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, body string
		opened     bool
		faults     int
	}{
		{"as text", `{"inner":"{\"history\":[]}"}`, true, 0},
		{"cut behind the inner one", `{"inner":"{\"history\":[]}",`, true, 1},
		{"an inner one that is cut", `{"inner":"{\"history\":["}`, true, 1},
		{"no JSON", `{"inner":"history"}`, false, 0},
		{"null", `{"inner":null}`, false, 0},
		{"none", `{"history":[]}`, true, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			if _, err := tree.Decode([]byte(test.body)); err != nil {
				t.Fatal(err)
			}
			c.Unwrap(&tree)
			if opened := tree.member(0, "history") != none; opened != test.opened || len(tree.Faults) != test.faults {
				t.Errorf("opened %v with faults %v", opened, tree.Faults)
			}
		})
	}
}
