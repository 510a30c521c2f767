package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// village is a payload of a carrier that is not built in, as an operator meets it.
const village = `{"parcelOfTheVillage":"VIL0000001","scans":[{"code":"DL","text":"Delivered","time":"2026-03-04T10:00:00+01:00"}]}`

// TestAnOperatorsCarrierIsTakenInWithoutARestart goes the way of an operator: a sample, a proposal, a check, and scans.
func TestAnOperatorsCarrierIsTakenInWithoutARestart(t *testing.T) {
	dir, samples := t.TempDir(), t.TempDir()
	sample := filepath.Join(samples, "delivered.json")
	write(t, sample, village)
	environ := []string{"WAYBILL_LIMITS_LOOKUPS_PER_MINUTE=100000", "WAYBILL_DATA_DIR=" + filepath.Join(t.TempDir(), "data"), "WAYBILL_CARRIERS_DIR=" + dir}
	web := server(t, environ, "serve")
	s := openShop(t, append(environ, "WAYBILL_PUBLIC_URL="+web.Base), web.Base)
	operator := command(t, environ, "keys", "create", "--role", "operator")

	command(t, environ, "adapters", "new", "village", sample, "--dir", dir)
	command(t, environ, "keys", "account", "create", "village", "main", "--verification", "token", "--header", "X-Token")
	eventually(t, "the new carrier is in force", func() bool {
		return strings.Contains(mappings(t, web.Base, operator), `"carrier":"village"`)
	})
	secret := command(t, environ, "keys", "account", "rotate", "village", "main")
	status, answer, err := s.try("/v1/carriers/village/main/events", []byte(village), "X-Token", secret)
	if err != nil || status != http.StatusAccepted || !strings.Contains(string(answer), `"events":1`) {
		t.Fatalf("status %d, %v: %s", status, err, answer)
	}
	eventually(t, "the scan shows", func() bool { v := s.track("VIL0000001"); return v != nil && v.Milestone == "delivered" })

	descriptor := filepath.Join(dir, "village", "carrier.yaml")
	good, err := os.ReadFile(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	write(t, descriptor, "name: broken")
	eventually(t, "the broken one is refused", func() bool {
		return strings.Contains(mappings(t, web.Base, operator), `"in_force":"previous"`)
	})
	if status, answer, err := s.try("/v1/carriers/village/main/events", []byte(village), "X-Token", secret); err != nil || status != http.StatusAccepted || !strings.Contains(string(answer), `"events":1`) {
		t.Errorf("the old mapping must stay: status %d, %v: %s", status, err, answer)
	}
	code, out, _ := tryCommand(t, "adapters", "test", "--dir", dir, "village")
	if code == exitOK || !strings.Contains(out, "village/carrier.yaml:1") {
		t.Errorf("exit code %d, printed %s", code, out)
	}

	write(t, descriptor, strings.Replace(string(good), "DL: {status: delivered", "DL: {status: refused", 1))
	eventually(t, "the mended one is in force", func() bool { return strings.Contains(mappings(t, web.Base, operator), `"refused":[]`) })
	command(t, environ, "replay", "--carrier", "village")
	eventually(t, "replay applies it", func() bool {
		v := s.track("VIL0000001")
		return v != nil && v.Milestone != "" && v.Milestone != "delivered"
	})
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// mappings is what the operator's page of mappings says.
func mappings(t *testing.T, base, key string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/v1/operator/carriers", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return string(readAll(t, response))
}
