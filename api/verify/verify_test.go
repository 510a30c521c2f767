package verify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"testing"
)

// post is a request with one header.
func post(body, header, value string) Request {
	return Request{Body: []byte(body), Header: func(name string) string {
		if name == header {
			return value
		}
		return ""
	}}
}

func macOf(secret, body string) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	_, _ = h.Write([]byte(body))
	return h.Sum(nil)
}

// inAddress is a call of an address that bears the secret.
func inAddress(secret string) Request {
	r := post("", "", "")
	r.Query = func(name string) string { return map[string]string{TokenParameter: secret}[name] }
	return r
}

func TestKinds(t *testing.T) {
	basicOf := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	good := macOf("one", "body")
	cases := map[string]struct {
		kind    string
		request Request
		header  string
		secrets []string
		want    bool
	}{
		"credential":                       {"credential", post("", "credential", "one"), "", []string{"one"}, true},
		"credential, second secret":        {"credential", post("", "credential", "two"), "", []string{"one", "two"}, true},
		"credential in a header of choice": {"credential", post("", "X-C", "one"), "X-C", []string{"one"}, true},
		"credential wrong":                 {"credential", post("", "credential", "three"), "", []string{"one"}, false},
		"credential absent":                {"credential", post("", "", ""), "", []string{"one"}, false},
		"an empty secret fits nothing":     {"credential", post("", "credential", ""), "", []string{""}, false},
		"no secret holds":                  {"credential", post("", "credential", "one"), "", nil, false},
		"hmac hex":                         {"hmac-sha256", post("body", "X-Signature", hex.EncodeToString(good)), "", []string{"one"}, true},
		"hmac base64":                      {"hmac-sha256", post("body", "X-Signature", base64.StdEncoding.EncodeToString(good)), "", []string{"one"}, true},
		"hmac with a prefix":               {"hmac-sha256", post("body", "X-Signature", "sha256="+hex.EncodeToString(good)), "", []string{"one"}, true},
		"hmac in EasyPost's form":          {"hmac-sha256", post("body", "X", "hmac-sha256-hex="+hex.EncodeToString(good)), "X", []string{"one"}, true},
		"hmac of another body":             {"hmac-sha256", post("body!", "X-Signature", hex.EncodeToString(good)), "", []string{"one"}, false},
		"hmac by another secret":           {"hmac-sha256", post("body", "X-Signature", hex.EncodeToString(good)), "", []string{"two"}, false},
		"hmac by the empty secret":         {"hmac-sha256", post("body", "X-Signature", hex.EncodeToString(macOf("", "body"))), "", []string{""}, false},
		"hmac cut short":                   {"hmac-sha256", post("body", "X-Signature", hex.EncodeToString(good[:16])), "", []string{"one"}, false},
		"basic, any user":                  {"basic", post("", "Authorization", basicOf("ups:one")), "", []string{"one"}, true},
		"basic, user and password":         {"basic", post("", "Authorization", basicOf("ups:one")), "", []string{"ups:one"}, true},
		"basic, another user":              {"basic", post("", "Authorization", basicOf("dhl:one")), "", []string{"ups:one"}, false},
		"basic, no base64":                 {"basic", post("", "Authorization", "Basic ???"), "", []string{"one"}, false},
		"token, bearer":                    {"token", post("", "Authorization", "bearer one"), "", []string{"one"}, true},
		"token, alone":                     {"token", post("", "X-Token", "one"), "X-Token", []string{"one"}, true},
		"token, in the address":            {"token", inAddress("one"), "", []string{"two", "one"}, true},
		"token, another in the address":    {"token", inAddress("three"), "", []string{"one"}, false},
		"token, none in the address":       {"token", inAddress(""), "", []string{"one"}, false},
		"token, wrong":                     {"token", post("", "Authorization", "Bearer on"), "", []string{"one"}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			check, err := Kind(c.kind)
			if err != nil {
				t.Fatal(err)
			}
			if got := check(c.request, c.header, c.secrets); got != c.want {
				t.Errorf("passes: %v", got)
			}
		})
	}
	if _, err := Kind("trust me"); !errors.Is(err, ErrKind) {
		t.Errorf("an unknown kind: %v", err)
	}
}

// FuzzVerify looks for proofs that pass by themselves, and for panics.
func FuzzVerify(f *testing.F) {
	f.Add("sha256=00", "body")
	f.Add("Basic Og==", "")
	f.Add("Bearer ", "{}")
	f.Fuzz(func(t *testing.T, header, body string) {
		request := Request{Body: []byte(body), Header: func(string) string { return header }}
		for _, name := range Kinds() {
			check, err := Kind(name)
			if err != nil {
				t.Fatal(err)
			}
			if check(request, "", nil) || check(request, "", []string{""}) || check(request, "", []string{"48 random characters that no fuzzer finds, surely"}) {
				t.Errorf("%s passes without the secret", name)
			}
		}
	})
}
