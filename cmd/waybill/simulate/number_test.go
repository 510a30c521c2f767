package simulate

import "testing"

// The numbers are the examples of carriers' and GS1's own documents.
func TestCheckDigits(t *testing.T) {
	for _, test := range []struct{ name, got, want string }{
		{"UPS", upsCheck("999AA1012345678"), "4"},
		{"FedEx", fedexCheck("98657878885"), "5"},
		{"GS1", mod10("629104150021"), "3"},
		{"DHL Express", dhlCheck("331881002"), "5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("the check digit is %s, want %s", test.got, test.want)
			}
		})
	}
}
