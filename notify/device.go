package notify

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Platform is through whom a device gets its pushes.
type Platform string

// The platforms.
const (
	PlatformWeb  Platform = "web"
	PlatformFCM  Platform = "fcm"
	PlatformAPNs Platform = "apns"
)

// Device is the address of a phone's app: the token that the app got from its platform, as
// {"platform":"fcm","token":"…"}.
type Device struct {
	Platform Platform `json:"platform"`
	Token    string   `json:"token"`
}

// The forms of tokens. Apple's are hexadecimal, of 32 bytes today and announced to grow; Firebase says no more than that
// theirs are text, of about 160 characters today.
var (
	appleToken    = regexp.MustCompile(`^[0-9a-fA-F]{64,200}$`)
	firebaseToken = regexp.MustCompile(`^[0-9A-Za-z_:.%-]{20,1000}$`)
)

// normaliseDevice brings a phone's address into its one form.
func normaliseDevice(d Device) (string, error) {
	switch {
	case d.Platform == PlatformFCM && firebaseToken.MatchString(d.Token), d.Platform == PlatformAPNs && appleToken.MatchString(d.Token):
	case d.Platform != PlatformFCM && d.Platform != PlatformAPNs:
		return "", fmt.Errorf(`%w: the platform of a device is "fcm" or "apns"`, ErrAddress)
	default:
		return "", fmt.Errorf("%w: the token is not of the form that %s gives", ErrAddress, d.Platform)
	}
	if d.Platform == PlatformAPNs {
		d.Token = strings.ToLower(d.Token)
	}
	normal, err := json.Marshal(d)
	return string(normal), err
}

// deviceIn reads a push address; one of a browser has no platform.
func deviceIn(address string) Device {
	var d Device
	_ = json.Unmarshal([]byte(address), &d) // what cannot be read is no device
	return d
}

// PlatformOf is through whom a normal push address is reached.
func PlatformOf(address string) Platform {
	if p := deviceIn(address).Platform; p != "" {
		return p
	}
	return PlatformWeb
}

// DeviceTokenOf is the token in a phone's normal address.
func DeviceTokenOf(address string) string { return deviceIn(address).Token }
