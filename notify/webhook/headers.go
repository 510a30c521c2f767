package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Header is a header of a seller's own.
type Header struct {
	Name  string `json:"name" maxLength:"100" example:"X-Shop-Token"`
	Value string `json:"value" maxLength:"1000" example:"5f4dcc3b5aa7"`
}

// ErrHeader is wrapped by what is wrong with a header.
var ErrHeader = errors.New("the header cannot be used")

const headersMost, longestHeader = 20, 1000

// reserved headers are ours, or the connection's.
var reserved = []string{
	"Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Te", "Trailer", "Upgrade", "Expect",
	"Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "X-Hmac-Signature", "Cookie",
}

// CheckHeaders says what is wrong with the headers of an endpoint.
func CheckHeaders(list []Header) error {
	if len(list) > headersMost {
		return fmt.Errorf("%w: there are at most %d", ErrHeader, headersMost)
	}
	for _, h := range list {
		name := http.CanonicalHeaderKey(h.Name)
		switch {
		case !httpguts.ValidHeaderFieldName(h.Name) || len(h.Name) > 100:
			return fmt.Errorf("%w: %.40q is no name of a header", ErrHeader, h.Name)
		case slices.Contains(reserved, name) || strings.HasPrefix(name, "Webhook-"):
			return fmt.Errorf("%w: %s is set by us", ErrHeader, name)
		case !httpguts.ValidHeaderFieldValue(h.Value) || len(h.Value) > longestHeader:
			return fmt.Errorf("%w: the value of %s holds a line break or is longer than %d bytes", ErrHeader, name, longestHeader)
		}
	}
	return nil
}

func headersContext(id string) string { return "webhook headers:" + id }

func sealHeaders(keys *seal.Keys, id string, list []Header) ([]byte, error) {
	if len(list) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("seal the headers of webhook endpoint %s: %w", id, err)
	}
	return keys.Wrap(text, headersContext(id)), nil
}

// OpenHeaders gives an endpoint's own headers.
func OpenHeaders(keys *seal.Keys, e *tracker.Endpoint) ([]Header, error) {
	if len(e.Headers) == 0 {
		return nil, nil
	}
	text, err := keys.Unwrap(e.Headers, headersContext(e.ID))
	if err != nil {
		return nil, fmt.Errorf("headers of webhook endpoint %s: %w", e.ID, err)
	}
	var list []Header
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("headers of webhook endpoint %s: %w", e.ID, err)
	}
	return list, nil
}
