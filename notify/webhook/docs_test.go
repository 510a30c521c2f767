package webhook

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/tracker/programtest"
)

// snippet is the first block of a language below the heading on signatures in the sellers' guide.
func snippet(t *testing.T, language string) string {
	t.Helper()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "sellers.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, below, ok := strings.Cut(string(guide), "### Check the signature")
	block := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(below)
	if !ok || block == nil {
		t.Fatalf("the sellers' guide has no snippet in %s", language)
	}
	return block[1]
}

// The snippets of the guide take what is signed, also while a secret is rotated, and nothing else.
func TestTheGuidesSnippetsVerify(t *testing.T) {
	for _, c := range []struct {
		name, interpreter, from, language, file string
		// program makes the snippet one that reads secret, headers and body from the file it is given, and prints "taken".
		program func(snippet string) string
	}{
		{"JavaScript", "node", "nodejs", "js", "check.mjs", func(snippet string) string {
			return `import { readFileSync } from "node:fs";` + "\n" + snippet + `
const given = JSON.parse(readFileSync(process.argv[2]));
const event = verified(given.secret, given.headers, Buffer.from(given.body));
if (event.type === "shipment.delivered") console.log("taken");`
		}},
		{"Python", "python3", "python3", "python", "check.py", func(snippet string) string {
			return "import sys\n" + snippet + `
given = json.load(open(sys.argv[1], encoding="utf-8"))
event = verified(given["secret"], given["headers"], given["body"].encode())
if event["type"] == "shipment.delivered": print("taken")`
		}},
		{"PHP", "php", "php-cli", "php", "check.php", func(snippet string) string {
			return `<?php $given = json_decode(file_get_contents($argv[1]), true); $secret = $given['secret'];
foreach ($given['headers'] as $name => $value) { $_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value; }
file_put_contents($argv[1] . '.body', $given['body']);
` + strings.ReplaceAll(snippet, "'php://input'", "$argv[1] . '.body'") + "\necho 'taken';"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			interpreter := programtest.Find(t, "apt-get install "+c.from, c.interpreter)
			program := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(program, []byte(c.program(snippet(t, c.language))), 0o600); err != nil {
				t.Fatal(err)
			}
			for name, given := range signedRequests(t) {
				out, err := exec.CommandContext(t.Context(), interpreter, program, given.file).CombinedOutput()
				if taken := err == nil && strings.Contains(string(out), "taken"); taken != given.good {
					t.Errorf("%s: taken %v, want %v: %v\n%s", name, taken, given.good, err, out)
				}
			}
		})
	}
}

// signedRequest is a request in a file, and whether it may be taken.
type signedRequest struct {
	file string
	good bool
}

func signedRequests(t *testing.T) map[string]signedRequest {
	t.Helper()
	const body = `{"type":"shipment.delivered","data":{"note":"Grüße"}}`
	secret, other := NewSecret(), NewSecret()
	requests := map[string]signedRequest{}
	for name, c := range map[string]struct {
		secrets []string
		at      time.Time
		body    string
		good    bool
	}{
		"as it was signed":       {[]string{secret}, time.Now(), body, true},
		"while rotating":         {[]string{other, secret}, time.Now(), body, true},
		"by another secret":      {[]string{other}, time.Now(), body, false},
		"with another body":      {[]string{secret}, time.Now(), strings.Replace(body, "delivered", "returned", 1), false},
		"older than its welcome": {[]string{secret}, time.Now().Add(-10 * time.Minute), body, false},
	} {
		proof, err := signature("evt_1", c.at, []byte(body), c.secrets)
		if err != nil {
			t.Fatal(err)
		}
		given, err := json.Marshal(map[string]any{"secret": secret, "body": c.body, "headers": map[string]string{
			"webhook-id": "evt_1", "webhook-timestamp": strconv.FormatInt(c.at.Unix(), 10), "webhook-signature": proof,
		}})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "request.json")
		if err := os.WriteFile(file, given, 0o600); err != nil {
			t.Fatal(err)
		}
		requests[name] = signedRequest{file, c.good}
	}
	return requests
}
