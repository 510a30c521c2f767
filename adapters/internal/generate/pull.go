package main

import (
	"fmt"
	"strings"

	"waybill/adapters/pull/rule"
)

// asked says in a word how a carrier's API is asked.
func asked(r *rule.Rule) string {
	switch {
	case r == nil:
		return "no"
	case r.Batch.Most() > 1:
		return fmt.Sprintf("yes, %d at once", r.Batch.Most())
	}
	return "yes"
}

// pulled says how a carrier's API is asked, and what an account for it needs.
func pulled(b *strings.Builder, r *rule.Rule) {
	if r == nil {
		return
	}
	fmt.Fprintf(b, "- Asked by pull at <%s>: %s. Up to ", r.Base, proof(r))
	var rates []string
	for _, rate := range r.Rates {
		rates = append(rates, fmt.Sprintf("%d calls in %s", rate.Calls, rate.Per))
	}
	fmt.Fprintf(b, "%s (%s)", strings.Join(rates, " and "), r.RatesAre)
	if most := r.Batch.Most(); most > 1 {
		fmt.Fprintf(b, ", %d numbers a call", most)
	}
	fmt.Fprintf(b, ". After: %s.\n", r.Source)
	for _, credential := range r.Credentials {
		fmt.Fprintf(b, "  - `%s`: %s", credential.Name, credential.Says)
		if credential.Default != "" {
			fmt.Fprintf(b, " (else `%s`)", credential.Default)
		}
		b.WriteString("\n")
	}
}

// proof names the way in which an account proves itself.
func proof(r *rule.Rule) string {
	switch {
	case r.Token != nil && len(r.Token.Basic) > 0:
		return "OAuth 2, client in the Basic header"
	case r.Token != nil && !r.Token.JSON.None():
		return "OAuth 2, client in a JSON body"
	case r.Token != nil:
		return "OAuth 2, client in the form"
	case len(r.Request.Basic) > 0:
		return "Basic"
	}
	return "key in a header"
}
