package pull

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"

	"waybill/adapters/pull/rule"
	"waybill/tracker"
)

// Account is an account under which a carrier is asked, opened.
type Account struct {
	Carrier, Name string
	// Credentials are what the carrier's rule asks for, by name.
	Credentials map[string]string
	// Base is the API's address; empty is the rule's.
	Base string
	// Rates are how often it may call; none are the rule's.
	Rates []rule.Rate
}

// Key names the account, in limits, logs and metrics.
func (a *Account) Key() string { return tracker.AccountKey(a.Carrier, a.Name) }

// String is the key: credentials are in no text.
func (a *Account) String() string { return a.Key() }

// GoString is the key too, for %#v.
func (a *Account) GoString() string { return a.Key() }

// LogValue is the key too.
func (a *Account) LogValue() slog.Value { return slog.StringValue(a.Key()) }

// Complete says what an account lacks for a rule, and what it has that the rule does not know.
func (a *Account) Complete(r *rule.Rule) error {
	var wanted, known []string
	for _, credential := range r.Credentials {
		known = append(known, credential.Name)
		if a.Credentials[credential.Name] == "" && credential.Default == "" {
			wanted = append(wanted, credential.Name+" ("+credential.Says+")")
		}
	}
	if len(wanted) > 0 {
		return fmt.Errorf("account %s needs %s", a.Key(), strings.Join(wanted, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Credentials)) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("account %s: %q is no credential of %s; those are %s", a.Key(), name, a.Carrier, strings.Join(known, ", "))
		}
		if strings.ContainsFunc(a.Credentials[name], func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("account %s: %s has a line break or another control character; give it without", a.Key(), name)
		}
	}
	if a.Base != "" && !goodBase(a.Base) {
		return fmt.Errorf("account %s: the base is no http or https address without a slash at its end", a.Key())
	}
	for _, rate := range a.Rates {
		if rate.Calls < 1 || rate.Per <= 0 {
			return fmt.Errorf("account %s: a rate is so many calls in so long, such as 1000/24h", a.Key())
		}
	}
	return nil
}

func goodBase(text string) bool {
	base, err := url.Parse(text)
	return err == nil && base.Host != "" && (base.Scheme == "https" || base.Scheme == "http") && base.User == nil && !strings.HasSuffix(text, "/")
}

func (a *Account) rates(r *rule.Rule) []rule.Rate {
	if len(a.Rates) > 0 {
		return a.Rates
	}
	return r.Rates
}

func (a *Account) base(r *rule.Rule) string {
	if a.Base != "" {
		return a.Base
	}
	return r.Base
}

// credential is the account's, else the rule's default.
func (a *Account) credential(r *rule.Rule, name string) string {
	if value := a.Credentials[name]; value != "" {
		return value
	}
	for _, credential := range r.Credentials {
		if credential.Name == name {
			return credential.Default
		}
	}
	return ""
}

// masked is what stands in place of a secret.
const masked = "***"

// Mask takes every secret of the account out of a text: as it is, and in the forms in which requests bear it.
func (a *Account) Mask(r *rule.Rule, text string) string {
	var forms []string
	for _, credential := range r.Credentials {
		if value := a.Credentials[credential.Name]; credential.Secret && value != "" {
			forms = append(forms, value, url.QueryEscape(value), base64.StdEncoding.EncodeToString([]byte(value)))
		}
	}
	for _, request := range []*rule.Request{r.Token, &r.Request} {
		if request != nil && len(request.Basic) == 2 {
			forms = append(forms, basicOf(a, r, request))
		}
	}
	slices.SortFunc(forms, func(x, y string) int { return len(y) - len(x) }) // the longer first: one may hold another
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, masked)
	}
	return text
}

func basicOf(a *Account, r *rule.Rule, request *rule.Request) string {
	value := func(name string) string { return a.credential(r, name) }
	pair := request.Basic[0].Fill(value, nil) + ":" + request.Basic[1].Fill(value, nil)
	return base64.StdEncoding.EncodeToString([]byte(pair))
}
