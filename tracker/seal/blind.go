package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
)

var termEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// Blind is the blind index of a value: equal for equal values of one kind, telling nothing else.
// It has 80 bits in 16 characters of [0-9a-v], fit for a search term.
func (k *Keys) Blind(kind, value string) string {
	return termEncoding.EncodeToString(mac(k.lookup, kind, value)[:10])
}

// Sign makes the signature of a link: 128 bits over its purpose and content, in URL-safe characters.
func (k *Keys) Sign(purpose, content string) string {
	return base64.RawURLEncoding.EncodeToString(mac(k.link, purpose, content)[:16])
}

// Verify reports, in constant time, whether the signature is Sign's for this purpose and content.
func (k *Keys) Verify(purpose, content, signature string) bool {
	return subtle.ConstantTimeCompare([]byte(k.Sign(purpose, content)), []byte(signature)) == 1
}

func mac(key []byte, kind, value string) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(kind))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(value))
	return h.Sum(nil)
}
