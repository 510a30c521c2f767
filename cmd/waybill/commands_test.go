package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"waybill/adapters"
	"waybill/tracker"
)

// tryCommand runs a command in this process and gives its exit code and what it prints.
func tryCommand(t *testing.T, args ...string) (code int, out, failure string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	t.Parallel()
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Name() != "waybill" && (cmd.Short == "" || !strings.Contains(cmd.Example, cmd.CommandPath())) {
			t.Errorf("%s: its help has no summary, or no example that calls it", cmd.CommandPath())
		}
		for _, member := range cmd.Commands() {
			walk(member)
		}
	}
	walk((&program{now: time.Now}).root())
}

func TestMistakesOnTheCommandLineAreNamedWithTheNearest(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"command", []string{"detcet"}, "detect"},
		{"command within a group", []string{"keys", "craete"}, "did you mean create?"},
		{"flag", []string{"serve", "--lissten", "x"}, "did you mean --listen?"},
		{"flag of a secret", []string{"serve", "--mongo-uri", "x"}, "WAYBILL_MONGO_URI"},
		{"too few arguments", []string{"detect"}, "usage: waybill detect"},
		{"role of a key", []string{"keys", "create", "--role", "boss"}, "seller, fleet, agent, operator"},
		{"seller's key without a seller", []string{"keys", "create"}, "--tenant"},
		{"setting", []string{"config", "--listen", "nowhere"}, "host:port"},
		{"part of the figures", []string{"bench", "--only", "speed"}, "none of payloads"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, _, failure := tryCommand(t, test.args...)
			if code != exitUsage || !strings.Contains(failure, test.want) {
				t.Errorf("exit code %d, want %d; said %q, want it to name %q", code, exitUsage, failure, test.want)
			}
		})
	}
}

func TestDetectPrintsADocumentForEachNumber(t *testing.T) {
	t.Parallel()
	code, out, _ := tryCommand(t, "detect", "--json", "1z 999 aa1 01 2345 6784", "nothing")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitOK || len(lines) != 2 {
		t.Fatalf("exit code %d, printed %q", code, out)
	}
	var first, second detected
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(lines[1]), &second); err != nil {
		t.Fatal(err)
	}
	if len(first.Candidates) == 0 || first.Candidates[0].Carrier != "ups" || first.Candidates[0].Facts.Shipper != "999AA1" {
		t.Errorf("detected %+v", first)
	}
	if second.Candidates == nil || len(second.Candidates) > 0 {
		t.Errorf("of nothing detected %+v, want an empty list", second)
	}
}

func TestReadPrintsADocumentForEachFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "alert.json")
	if err := os.WriteFile(file, alert(upsNumber(1), "OT", "Out For Delivery Today", time.Now()), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, failure := tryCommand(t, "adapters", "read", file, file+".missing")
	var document adapters.Document
	if err := json.Unmarshal([]byte(out), &document); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if document.Carrier != "ups" || len(document.Shipments) != 1 || document.Shipments[0].Milestone != tracker.OutForDelivery {
		t.Errorf("read %+v", document)
	}
	if code != exitFailed || !strings.Contains(failure, ".missing") {
		t.Errorf("a missing file gives exit code %d and %q", code, failure)
	}
}

func TestConfigNeverShowsASecret(t *testing.T) {
	t.Setenv("WAYBILL_TWILIO_AUTH_TOKEN", "hush-hush-token")
	t.Setenv("WAYBILL_MONGO_URI", "mongodb://user:hush-hush@db/?replicaSet=rs0")
	_, out, failure := tryCommand(t, "config", "--role", "cli")
	if strings.Contains(out+failure, "hush") {
		t.Errorf("a secret shows in %s%s", out, failure)
	}
}

func TestKeysAreMadeListedAndRevoked(t *testing.T) {
	t.Parallel()
	dir := "--data-dir=" + t.TempDir()
	code, key, failure := tryCommand(t, "keys", "create", "--tenant", "acme", "--name", "shop", dir)
	if key = strings.TrimSpace(key); code != exitOK || !strings.HasPrefix(key, "wb_") {
		t.Fatalf("exit code %d, printed %q, said %s", code, key, failure)
	}
	hint := key[len(key)-4:]
	if _, out, _ := tryCommand(t, "keys", "list", dir); !strings.Contains(out, hint) || strings.Contains(out, key) {
		t.Errorf("the list shows %q", out)
	}
	if code, _, failure := tryCommand(t, "keys", "revoke", hint, dir); code != exitOK {
		t.Errorf("revoke: exit code %d: %s", code, failure)
	}
	if _, out, _ := tryCommand(t, "keys", "list", dir); strings.Contains(out, hint) {
		t.Errorf("the revoked key is still listed: %q", out)
	}
	for _, args := range [][]string{{"create", "ups", "main"}, {"rotate", "ups", "main"}, {"remove", "ups", "main"}} {
		if code, _, failure := tryCommand(t, append([]string{"keys", "account", dir}, args...)...); code != exitOK {
			t.Errorf("account %v: exit code %d: %s", args, code, failure)
		}
	}
}

func TestImportTrackAndReplay(t *testing.T) {
	t.Parallel()
	dir, files := "--data-dir="+t.TempDir(), t.TempDir()
	number := upsNumber(5)
	for name, body := range map[string][]byte{
		"alert.json": alert(number, "DP", "Departed from Facility", time.Now().Add(-time.Hour)), "broken.json": []byte(`{"trackingNumber":`),
	} {
		if err := os.WriteFile(filepath.Join(files, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, failure := tryCommand(t, "import", "--carrier", "ups", files, dir)
	for _, want := range []string{
		"alert.json: ups, 1 shipments, 1 events\n", "broken.json: ups, quarantined: ", "2 files taken in, 0 in already, 0 not taken in",
		"1 shipments with 1 events read; 1 files in quarantine",
	} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Fatalf("import: exit code %d, printed %q, said %s, want %q", code, out, failure, want)
		}
	}
	if err := os.WriteFile(filepath.Join(files, "notes.txt"), []byte("no payload"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, failure = tryCommand(t, "import", files, dir)
	for _, want := range []string{
		"alert.json: ups, 1 shipments, 1 events, in already\n", "notes.txt: not taken in: its format is not recognised",
		"0 files taken in, 1 in already, 2 not taken in; 0 shipments",
	} {
		if code != exitFailed || !strings.Contains(out, want) {
			t.Fatalf("import again: exit code %d, printed %q, said %s, want %q", code, out, failure, want)
		}
	}
	if _, out, failure := tryCommand(t, "track", number, dir); !strings.Contains(out, "Departed from Facility") {
		t.Errorf("track prints %q, said %s", out, failure)
	}
	if code, _, failure := tryCommand(t, "track", upsNumber(6), dir); code != exitFailed || !strings.Contains(failure, "nothing is known") {
		t.Errorf("track of an unknown number: exit code %d: %s", code, failure)
	}
	for _, args := range [][]string{{"--dry-run"}, {}, {}} {
		code, out, failure := tryCommand(t, append([]string{"replay", "--carrier", "ups", dir}, args...)...)
		if code != exitOK || !strings.Contains(out, "2 payloads read again, 0 out of quarantine, 1 still unreadable; of 1 legs 0") {
			t.Errorf("replay %v: exit code %d, printed %q, said %s", args, code, out, failure)
		}
	}
}

func TestDoctorSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("WAYBILL_SMTP_HOST", "127.0.0.1")
	t.Setenv("WAYBILL_SMTP_PORT", strings.TrimPrefix(freeAddress(t), "127.0.0.1:"))
	t.Setenv("WAYBILL_SMTP_FROM", "parcels@example.com")
	t.Setenv("WAYBILL_REDIS_URL", "redis://"+freeAddress(t))
	code, out, _ := tryCommand(t, "doctor", "--data-dir", dir)
	for _, want := range []string{"ok       data folder", "bad      Redis", "redis.url", "bad      e-mail", "smtp.host", "→"} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor does not say %q in\n%s", want, out)
		}
	}
	if code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
}

// stopper stops a program as soon as it says that it runs.
type stopper struct{ stop func() }

func (s stopper) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("Waybill runs at")) {
		s.stop()
	}
	return len(p), nil
}

func TestADemoThatIsStoppedLeavesNoFolder(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stderr bytes.Buffer
	if code := run(ctx, []string{"demo", "--shipments", "2", "--listen", "127.0.0.1:0"}, stopper{cancel}, &stderr); code != exitOK {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
