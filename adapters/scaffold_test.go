package adapters

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waybill/adapters/propose"
)

func TestANewCarriersFolderLoadsAndWaitsToBeChecked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	samples := []propose.Sample{{Name: "in/delivered.json", Body: []byte(`{"trackingNumber":"TP1000000001","scans":[
		{"code":"DL","text":"Delivered","time":"2026-03-04T10:00:00+01:00"}]}`)}}
	builtIn := registry(t)
	files, _, err := builtIn.Scaffold(dir, "testpost", samples)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	r, err := Open(Options{Dir: dir, Untried: true})
	if err != nil || len(r.Refusals()) > 0 {
		t.Fatal(err, r.Refusals())
	}
	if written, err := r.Expect("testpost"); err != nil || len(written) != 1 || filepath.Base(written[0]) != "delivered.expected.json" {
		t.Errorf("wrote %v, %v", written, err)
	}
	examples, err := r.RunExamples("testpost")
	if err != nil || len(examples) != 1 || examples[0].Difference != "" {
		t.Errorf("%+v, %v", examples, err)
	}
	findings, err := r.Audit("testpost")
	if err != nil || !strings.Contains(strings.Join(findings, "\n"), "testpost/carrier.yaml:1: to be checked") {
		t.Errorf("the guesses must be named: %v, %v", findings, err)
	}
	for _, test := range []struct{ name, code, sample, want string }{
		{"a folder that is there", "testpost", "a.json", "is there already"},
		{"a code that is none", "Test Post", "a.json", "is no code"},
		{"the fleet", "fleet", "a.json", "in-house fleet"},
		{"a sample without an extension", "other", "sample", "name samples by what they show"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bad := []propose.Sample{{Name: test.sample, Body: samples[0].Body}}
			if _, _, err := builtIn.Scaffold(dir, test.code, bad); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "other")); err == nil {
		t.Error("what is refused must leave no folder")
	}
	if _, err := r.Expect("ups"); err == nil {
		t.Error("built-in carriers are not written to")
	}
}

func TestCoverageTellsCodesAndRules(t *testing.T) {
	t.Parallel()
	r := registry(t)
	folder := t.TempDir()
	body := `{"trackingNumber":"1Z9999990399999991","activityStatus":{"code":"QQ9","description":"New"},"localActivityDate":"20240423"}`
	if err := os.WriteFile(filepath.Join(folder, "alert.json"), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	payloads, err := r.PayloadsIn(folder)
	if err != nil || len(payloads) != 1 || payloads[0].Carrier != "ups" {
		t.Fatalf("%+v, %v", payloads, err)
	}
	c, err := r.Coverage("ups", payloads)
	if err != nil || c.Examples == 0 || c.Payloads != 1 || len(c.Codes) == 0 || len(c.UnknownCodes) != 1 || c.UnknownCodes[0] != "QQ9" {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := r.Coverage("x12_214", nil); err != nil || len(c.Codes) != 1 || c.Codes[0].Known == 0 || c.Codes[0].Met == 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := r.Coverage("nobody", nil); err == nil {
		t.Error("an unknown carrier must be refused")
	}
}
