package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// patience is how long a call may take in all.
const patience = 15 * time.Second

// New is a client of the server at an address, as "https://track.example.com". The key may be empty for what needs none.
// Options come after the defaults: WithHTTPClient replaces the one that gives up after 15 seconds.
func New(server, key string, options ...ClientOption) (*ClientWithResponses, error) {
	if address, err := url.Parse(server); err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, fmt.Errorf("the address %q of the server is none; write it as https://track.example.com", server)
	}
	defaults := []ClientOption{
		WithHTTPClient(&http.Client{Timeout: patience}),
		WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			if key != "" {
				r.Header.Set("Authorization", "Bearer "+key)
			}
			return nil
		}),
	}
	c, err := NewClientWithResponses(server, append(defaults, options...)...)
	if err != nil {
		return nil, fmt.Errorf("client of %s: %w", server, err)
	}
	return c, nil
}

// Error makes a problem an error: what went wrong and what to do.
func (p *Problem) Error() string {
	if p.Detail == nil || *p.Detail == "" {
		return p.Title
	}
	return p.Title + ". " + *p.Detail
}
