package verify

import "strings"

// token is a fixed secret in a header of its own, or as "Authorization: Bearer".
func token(request Request, header string, secrets []string) bool {
	if header == "" {
		header = "Authorization"
	}
	given := request.Header(header)
	if scheme, rest, ok := strings.Cut(given, " "); ok && strings.EqualFold(scheme, "Bearer") {
		given = strings.TrimSpace(rest)
	}
	return anyEqual(given, secrets)
}
