package notify

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"waybill/tracker"
)

// ErrAddress is wrapped by the errors of NormaliseAddress. Their texts never hold the address.
var ErrAddress = errors.New("the address cannot be used")

// NormaliseAddress checks an address and brings it into the one form under which it is kept and found: an e-mail
// address in small letters, a phone number in E.164 (country, ISO 3166-1 alpha-2, helps to read one without prefix),
// a browser's push subscription or a Device as JSON.
func NormaliseAddress(channel tracker.Channel, address, country string) (string, error) {
	address = strings.TrimSpace(address)
	if len(address) > 4096 {
		return "", fmt.Errorf("%w: it is longer than 4096 characters", ErrAddress)
	}
	switch channel {
	case tracker.Email:
		return normaliseMail(address)
	case tracker.SMS:
		return normalisePhone(address, country)
	case tracker.Push:
		return normalisePush(address)
	case tracker.Webhook:
	}
	return "", fmt.Errorf("%w: channel %q is not one of email, sms, push", ErrAddress, channel)
}

func normaliseMail(address string) (string, error) {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Name != "" || parsed.Address != strings.Trim(address, "<>") || len(address) > 254 {
		return "", fmt.Errorf("%w: give an e-mail address like ada@example.com", ErrAddress)
	}
	_, domain, _ := strings.Cut(parsed.Address, "@")
	if !strings.Contains(strings.Trim(domain, "."), ".") || strings.ContainsAny(parsed.Address, "\r\n\"") {
		return "", fmt.Errorf("%w: an e-mail address ends in a domain, as in ada@example.com", ErrAddress)
	}
	return strings.ToLower(parsed.Address), nil
}

func normalisePhone(address, country string) (string, error) {
	number, err := phonenumbers.Parse(address, strings.ToUpper(country))
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", fmt.Errorf("%w: give a phone number with its country, as in +49 151 12345678", ErrAddress)
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// PushSubscription is what a browser's PushManager.subscribe gives (W3C Push API).
type PushSubscription struct {
	Endpoint string `json:"endpoint"`
	Keys     struct {
		// P256dh is the browser's public key, an uncompressed point on P-256; Auth 16 secret bytes. Both base64url.
		P256dh string `json:"p256dh"`
		Auth   string `json:"auth"`
	} `json:"keys"`
}

func normalisePush(address string) (string, error) {
	if d := deviceIn(address); d.Platform != "" {
		return normaliseDevice(d)
	}
	var s PushSubscription
	if err := json.Unmarshal([]byte(address), &s); err != nil {
		return "", fmt.Errorf("%w: give the push subscription as the JSON that the browser made, or a device as "+
			`{"platform":"fcm","token":"…"}`, ErrAddress)
	}
	endpoint, err := url.Parse(s.Endpoint)
	if err != nil || endpoint.Scheme != "https" || endpoint.Hostname() == "" || endpoint.User != nil {
		return "", fmt.Errorf("%w: the endpoint of a push subscription is an https address", ErrAddress)
	}
	point, errP := decodeKey(s.Keys.P256dh)
	auth, errA := decodeKey(s.Keys.Auth)
	if errP != nil || errA != nil || len(point) != 65 || point[0] != 4 || len(auth) != 16 {
		return "", fmt.Errorf("%w: the keys of a push subscription are p256dh (65 bytes) and auth (16 bytes) in base64url", ErrAddress)
	}
	s.Keys.P256dh, s.Keys.Auth = base64.RawURLEncoding.EncodeToString(point), base64.RawURLEncoding.EncodeToString(auth)
	normal, err := json.Marshal(s)
	return string(normal), err
}

// decodeKey reads base64url with or without padding.
func decodeKey(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
}
