package verify

import "strings"

// TokenParameter is the part of an address's query that bears the secret of carriers who can be given an address and
// nothing else.
const TokenParameter = "token"

// token is a fixed secret in a header of its own, or as "Authorization: Bearer"; without that header in the address.
func token(request Request, header string, secrets []string) bool {
	if header == "" {
		header = "Authorization"
	}
	given := request.Header(header)
	if scheme, rest, ok := strings.Cut(given, " "); ok && strings.EqualFold(scheme, "Bearer") {
		given = strings.TrimSpace(rest)
	}
	if given == "" && request.Query != nil {
		given = request.Query(TokenParameter)
	}
	return anyEqual(given, secrets)
}
