package verify

import (
	"encoding/base64"
	"strings"
)

// basic is HTTP Basic (RFC 7617). A secret is "user:password", or the password alone where any user will do.
func basic(request Request, _ string, secrets []string) bool {
	given := ""
	if scheme, rest, ok := strings.Cut(request.Header("Authorization"), " "); ok && strings.EqualFold(scheme, "Basic") {
		if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
			given = string(decoded)
		}
	}
	_, password, _ := strings.Cut(given, ":")
	pairs, alone := make([]string, 0, len(secrets)), make([]string, 0, len(secrets))
	for _, secret := range secrets {
		if strings.Contains(secret, ":") {
			pairs = append(pairs, secret)
		} else {
			alone = append(alone, secret)
		}
	}
	asPair, asPassword := anyEqual(given, pairs), anyEqual(password, alone)
	return asPair || asPassword
}
