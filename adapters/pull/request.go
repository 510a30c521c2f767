package pull

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"waybill/adapters/pull/rule"
)

// userAgent tells carriers who asks; Amazon refuses calls without one.
const userAgent = "Waybill (tracking aggregator)"

// build makes a request of a rule. token is empty where it is the token that is got.
func build(ctx context.Context, a *Account, r *rule.Rule, request *rule.Request, numbers []string, token string) (*http.Request, error) {
	value := func(name string) string {
		switch name {
		case "base":
			return a.base(r)
		case "number":
			return numbers[0]
		case "numbers":
			return strings.Join(numbers, ",")
		case "token":
			return token
		case "request":
			return rand.Text()
		}
		return a.credential(r, name)
	}
	address, err := addressOf(a, r, request, value)
	if err != nil {
		return nil, err
	}
	body, contentType, err := bodyOf(request, numbers, value)
	if err != nil {
		return nil, err
	}
	out, err := http.NewRequestWithContext(ctx, request.Verb(), address, body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	out.Header.Set("User-Agent", userAgent)
	if contentType != "" {
		out.Header.Set("Content-Type", contentType)
	}
	for name, text := range request.Headers {
		out.Header.Set(name, text.Fill(value, nil))
	}
	if len(request.Basic) == 2 {
		out.SetBasicAuth(request.Basic[0].Fill(value, nil), request.Basic[1].Fill(value, nil))
	}
	return out, nil
}

// addressOf fills the address; what is put into its path is escaped, but for the base.
func addressOf(a *Account, r *rule.Rule, request *rule.Request, value func(string) string) (string, error) {
	escaped := func(name string) string {
		if name == "base" {
			return a.base(r)
		}
		parts := strings.Split(value(name), ",")
		for i := range parts {
			parts[i] = url.PathEscape(parts[i])
		}
		return strings.Join(parts, ",")
	}
	address, err := url.Parse(request.URL.Fill(escaped, nil))
	if err != nil {
		return "", fmt.Errorf("the address cannot be used: %w", withoutURL(err))
	}
	if len(request.Query) > 0 {
		address.RawQuery = encode(request.Query, value)
	}
	return address.String(), nil
}

func encode(fields map[string]rule.Text, value func(string) string) string {
	values := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		values.Set(name, fields[name].Fill(value, nil))
	}
	return values.Encode()
}

func bodyOf(request *rule.Request, numbers []string, value func(string) string) (body io.Reader, contentType string, err error) {
	switch {
	case len(request.Form) > 0:
		return strings.NewReader(encode(request.Form, value)), "application/x-www-form-urlencoded", nil
	case !request.JSON.None():
		text, err := json.Marshal(request.JSON.Fill(numbers, value))
		if err != nil {
			return nil, "", fmt.Errorf("write the body: %w", err)
		}
		return bytes.NewReader(text), "application/json", nil
	}
	return http.NoBody, "", nil
}
