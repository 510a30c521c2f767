package verify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// hmacHeader is where the signature stands unless the account or the carrier says otherwise.
const hmacHeader = "X-Signature"

// hmacSHA256 is the HMAC of the body as sent, in hexadecimal or base64, with or without "sha256=" in front.
func hmacSHA256(request Request, header string, secrets []string) bool {
	if header == "" {
		header = hmacHeader
	}
	given := readMAC(request.Header(header))
	found := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		_, _ = mac.Write(request.Body)
		fits := hmac.Equal(mac.Sum(nil), given)
		found = found || (fits && secret != "")
	}
	return found
}

// readMAC decodes a signature; what cannot be decoded fits nothing.
func readMAC(text string) []byte {
	text = strings.TrimSpace(text)
	for _, prefix := range []string{"hmac-sha256-hex=", "hmac-sha256=", "sha256="} {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			text = text[len(prefix):]
			break
		}
	}
	if len(text) == hex.EncodedLen(sha256.Size) {
		if mac, err := hex.DecodeString(text); err == nil {
			return mac
		}
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if mac, err := encoding.DecodeString(text); err == nil && len(mac) == sha256.Size {
			return mac
		}
	}
	return nil
}
