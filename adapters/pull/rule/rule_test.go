package rule

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// sound is a rule without a mistake.
const sound = `
source: a document
base: https://api.example.com
credentials:
  - {name: client_id, says: the client}
  - {name: client_secret, secret: true, says: its secret}
token:
  url: '{base}/token'
  basic: ['{client_id}', '{client_secret}']
  form: {grant_type: client_credentials}
request:
  url: '{base}/track'
  headers: {Authorization: 'Bearer {token}'}
  json: {list: [{each: {no: '{number}'}}], detailed: true}
batch: {size: 3, split: results, number: [no]}
rates: [{calls: 2, per: 1s}]
rates_are: our own
`

func load(t *testing.T, text string) (*Rule, error) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(text))
	decoder.KnownFields(true)
	r := new(Rule)
	return r, decoder.Decode(r)
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct{ old, new, want string }{
		"a sound rule":                     {},
		"no source":                        {"source: a document", "", "source, rates and rates_are must be given"},
		"plain http":                       {"https://api.example.com", "http://api.example.com", "no https address"},
		"a slash at the end":               {"example.com\n", "example.com/\n", "no https address"},
		"an unknown name":                  {"'{number}'", "'{nummer}'", "{nummer} is no credential"},
		"a token that nobody bears":        {"'Bearer {token}'", "x", "{token} is named by the request where"},
		"a number when the token is got":   {"client_credentials}", "'{number}'}", "{number} is not known when the token is got"},
		"a credential that nothing uses":   {"client_id, says", "unused, says", `the credential "unused" is used nowhere`},
		"a secret with a default":          {"secret: true", "secret: true, default: x", "a secret has no default"},
		"a batch whose numbers are one":    {"[{each: {no: '{number}'}}]", "'{number}'", "batch.size, and {numbers} or each"},
		"a batch that cannot be split":     {"split: results, ", "", "batch needs size, split and number"},
		"a header that is none":            {"Authorization:", "'Author ization':", "is no header"},
		"two bodies":                       {"  json:", "  form: {a: b}\n  json:", "a body is either form or json"},
		"basic without a password":         {", '{client_secret}']", "]", "basic needs a user and a password"},
		"another method":                   {"request:\n", "request:\n  method: PUT\n", "neither GET nor POST"},
		"another host without encryption":  {"'{base}/track'", "'http://x/track'", "url must begin with {base}/ or https://"},
		"a name that is reserved":          {"name: client_id", "name: token", "cannot be a credential's name"},
		"a rate of nothing":                {"calls: 2", "calls: 0", "a rate needs calls and per"},
		"an address without the number":    {"'{number}'", "'x'", "names neither {number} nor {numbers}"},
		"a credential without explanation": {", says: the client", "", "says is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := load(t, strings.Replace(sound, test.old, test.new, 1))
			if err != nil {
				t.Fatal(err)
			}
			problems := r.Check()
			if test.want == "" {
				if len(problems) > 0 {
					t.Fatalf("a sound rule is refused: %+v", problems)
				}
				return
			}
			for _, problem := range problems {
				if strings.Contains(problem.Text, test.want) && problem.Line > 0 {
					return
				}
			}
			t.Errorf("got %+v, want one with %q and its line", problems, test.want)
		})
	}
}

func TestUnreadableRulesNameTheLine(t *testing.T) {
	for name, replace := range map[string][2]string{
		"an unknown key":      {"source: a document", "sauce: a document"},
		"a rate without time": {"per: 1s", "per: soon"},
		"a url that is none":  {"url: '{base}/track'", "url: [a]"},
	} {
		if _, err := load(t, strings.Replace(sound, replace[0], replace[1], 1)); err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: got %v, want an error with its line", name, err)
		}
	}
}

func TestFill(t *testing.T) {
	r, err := load(t, sound)
	if err != nil {
		t.Fatal(err)
	}
	value := func(name string) string { return "<" + name + ">" }
	if got := r.Token.URL.Fill(value, nil); got != "<base>/token" {
		t.Errorf("got %q", got)
	}
	if got := r.Token.Basic[0].Fill(value, url.QueryEscape); got != "%3Cclient_id%3E" {
		t.Errorf("got %q", got)
	}
	body, err := json.Marshal(r.Request.JSON.Fill([]string{"A1", `B"2`}, value))
	if want := `{"detailed":true,"list":[{"no":"A1"},{"no":"B\"2"}]}`; err != nil || string(body) != want {
		t.Errorf("got %s, want %s (%v)", body, want, err)
	}
	if r.Request.Verb() != "POST" || r.Token.Verb() != "POST" || r.Batch.Most() != 3 {
		t.Errorf("verbs %s, %s, batch of %d", r.Request.Verb(), r.Token.Verb(), r.Batch.Most())
	}
}
