package webhook

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"waybill/tracker/dial"
)

// ErrURL is wrapped by what is wrong with an endpoint's address.
var ErrURL = errors.New("the address cannot be used")

const longestURL = 2000

// CheckURL says what is wrong with an endpoint's address; nil where nothing can be seen from it alone. What its name
// resolves to is looked at whenever it is dialled, never here: by then it may be something else.
func CheckURL(text string, allowPrivate bool) error {
	wrong := func(what string) error { return fmt.Errorf("%w: %s", ErrURL, what) }
	u, err := url.Parse(text)
	switch {
	case err != nil || len(text) > longestURL:
		return wrong("it is no web address of at most 2000 characters")
	case u.User != nil:
		return wrong("it holds a user or password; payloads are signed, so check the signature instead")
	case u.Fragment != "" || u.Opaque != "" || u.Hostname() == "":
		return wrong("it is no web address with a host, and without a fragment")
	case u.Scheme == "http" && !allowPrivate:
		return wrong("it must begin with https://")
	case u.Scheme != "https" && u.Scheme != "http":
		return wrong("it must begin with https://")
	case allowPrivate:
		return nil
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if addr, err := netip.ParseAddr(host); err == nil {
		if !dial.Public(addr) {
			return wrong("it is not on the public internet")
		}
		return nil
	}
	if !strings.Contains(host, ".") {
		return wrong("its host has no domain")
	}
	for _, suffix := range []string{".localhost", ".local", ".internal", ".home.arpa", ".onion"} {
		if strings.HasSuffix(host, suffix) {
			return wrong("it is not on the public internet")
		}
	}
	return nil
}
