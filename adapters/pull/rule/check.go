package rule

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Problem is something wrong with a rule; Line is 0 where it is no line's fault.
type Problem struct {
	Line int
	Text string
}

// credentialName is the form of a credential's name: it is an argument of the command line too.
var credentialName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// reserved are the names that texts may use beside the credentials.
var reserved = []string{"base", "number", "numbers", "token", "request"}

// Check says all that is wrong with the rule.
func (r *Rule) Check() []Problem {
	c := &checking{rule: r}
	c.head()
	c.request("request", &r.Request, false)
	if r.Token != nil {
		c.request("token", r.Token, true)
	}
	c.batch()
	if c.bearsToken != (r.Token != nil) {
		c.addf(r.Request.URL.line, "{token} is named by the request where, and only where, there is a token to get")
	}
	for _, credential := range r.Credentials {
		if !c.used[credential.Name] {
			c.addf(r.Request.URL.line, "the credential %q is used nowhere", credential.Name)
		}
	}
	return c.problems
}

type checking struct {
	rule       *Rule
	problems   []Problem
	used       map[string]bool
	bearsToken bool
	asksMany   bool
}

func (c *checking) addf(line int, format string, args ...any) {
	c.problems = append(c.problems, Problem{Line: line, Text: fmt.Sprintf(format, args...)})
}

func (c *checking) head() {
	r, line := c.rule, c.rule.Request.URL.line
	c.used = map[string]bool{}
	if r.Source == "" || r.RatesAre == "" || len(r.Rates) == 0 {
		c.addf(line, "source, rates and rates_are must be given")
	}
	for _, address := range []string{r.Base, r.Sandbox} {
		parsed, err := url.Parse(address)
		if (address != "" || address == r.Base) && (err != nil || parsed.Scheme != "https" || parsed.Host == "" || strings.HasSuffix(address, "/")) {
			c.addf(line, "%q is no https address without a slash at its end", address)
		}
	}
	for _, rate := range r.Rates {
		if rate.Calls < 1 || rate.Per <= 0 {
			c.addf(line, "a rate needs calls and per")
		}
	}
	seen := map[string]bool{}
	for _, credential := range r.Credentials {
		switch {
		case !credentialName.MatchString(credential.Name) || slices.Contains(reserved, credential.Name) || seen[credential.Name]:
			c.addf(line, "%q cannot be a credential's name, or stands twice", credential.Name)
		case credential.Says == "":
			c.addf(line, "credential %q: says is missing", credential.Name)
		case credential.Secret && credential.Default != "":
			c.addf(line, "credential %q: a secret has no default", credential.Name)
		}
		seen[credential.Name] = true
	}
}

// request checks one request; forToken is the one that gets the token.
func (c *checking) request(where string, r *Request, forToken bool) {
	line := r.URL.line
	if r.URL.None() || !strings.HasPrefix(r.URL.text, "{base}/") && !strings.HasPrefix(r.URL.text, "https://") {
		c.addf(line, "%s: url must begin with {base}/ or https://", where)
	}
	if verb := r.Verb(); verb != http.MethodGet && verb != http.MethodPost {
		c.addf(line, "%s: method %q is neither GET nor POST", where, verb)
	}
	if len(r.Basic) != 0 && len(r.Basic) != 2 {
		c.addf(line, "%s: basic needs a user and a password", where)
	}
	if len(r.Form) > 0 && !r.JSON.None() {
		c.addf(r.JSON.line, "%s: a body is either form or json", where)
	}
	texts := append([]Text{r.URL}, r.Basic...)
	for _, part := range []map[string]Text{r.Query, r.Headers, r.Form} {
		texts = slices.AppendSeq(texts, maps.Values(part))
	}
	for name := range r.Headers {
		if !httpguts.ValidHeaderFieldName(name) {
			c.addf(r.Headers[name].line, "%s: %q is no header", where, name)
		}
	}
	for _, text := range texts {
		for _, name := range text.names() {
			c.name(where, name, text.line, forToken)
		}
	}
	names, repeats := r.JSON.names()
	for _, name := range names {
		c.name(where, name, r.JSON.line, forToken)
	}
	c.asksMany = c.asksMany || repeats
}

// name checks that something a text names exists.
func (c *checking) name(where, name string, line int, forToken bool) {
	c.used[name] = true
	known := slices.ContainsFunc(c.rule.Credentials, func(credential Credential) bool { return credential.Name == name })
	switch {
	case name == "token":
		c.bearsToken = true
	case name == "numbers":
		c.asksMany = true
	case !known && !slices.Contains(reserved, name):
		c.addf(line, "%s: {%s} is no credential, nor one of {%s}", where, name, strings.Join(reserved, "}, {"))
	}
	if forToken && slices.Contains([]string{"token", "number", "numbers"}, name) {
		c.addf(line, "%s: {%s} is not known when the token is got", where, name)
	}
}

func (c *checking) batch() {
	r, line := c.rule, c.rule.Request.URL.line
	if !c.used["number"] && !c.used["numbers"] {
		c.addf(line, "the request names neither {number} nor {numbers}")
	}
	several := r.Batch.Most() > 1
	if several != c.asksMany {
		c.addf(line, "batch.size, and {numbers} or each in the request, go together")
	}
	if several != (r.Batch.Split != "") || several != (len(r.Batch.Number) > 0) {
		c.addf(line, "batch needs size, split and number together")
	}
}
