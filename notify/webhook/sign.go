package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"waybill/tracker"
)

const (
	// secretPrefix marks secrets of Standard Webhooks.
	secretPrefix = "whsec_"
	// A secret has 24 to 64 bytes (Standard Webhooks, "Signing secret").
	secretLeast, secretNew, secretMost = 24, 32, 64
	// EasyPost's secrets are any text, also a short one that can be guessed: who brings it along has chosen it.
	textLeast, textMost = 1, 255
)

// ErrSecret is wrapped by what is wrong with a secret of a seller's own.
var ErrSecret = errors.New("the secret cannot be used")

// NewSecret makes a secret of 256 random bits.
func NewSecret() string {
	random := make([]byte, secretNew)
	_, _ = rand.Read(random)
	return secretPrefix + base64.StdEncoding.EncodeToString(random)
}

// checkSecret says what is wrong with a secret that a seller brought along.
func checkSecret(form tracker.WebhookForm, secret string) error {
	if form == tracker.WebhookEasyPost {
		if len(secret) < textLeast || len(secret) > textMost {
			return fmt.Errorf("%w: it must have %d to %d bytes", ErrSecret, textLeast, textMost)
		}
		return nil
	}
	if !strings.HasPrefix(secret, secretPrefix) {
		return fmt.Errorf("%w: it must be %s and %d to %d bytes in base64", ErrSecret, secretPrefix, secretLeast, secretMost)
	}
	key, err := keyOf(secret)
	if err != nil || len(key) < secretLeast || len(key) > secretMost {
		return fmt.Errorf("%w: it must be %s and %d to %d bytes in base64", ErrSecret, secretPrefix, secretLeast, secretMost)
	}
	return nil
}

func keyOf(secret string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
}

// signature is the header webhook-signature: one signature of id, timestamp and body for each secret, the newest first.
func signature(id string, at time.Time, body []byte, secrets []string) (string, error) {
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		key, err := keyOf(secret)
		if err != nil {
			return "", fmt.Errorf("%w: it is not base64", ErrSecret) // the decoder's own error may show a part of it
		}
		mac := hmac.New(sha256.New, key)
		_, _ = mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		_, _ = mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " "), nil
}

// easyPostSignature is the header X-Hmac-Signature as EasyPost makes it. It has room for one secret.
func easyPostSignature(body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(norm.NFKD.String(secret)))
	_, _ = mac.Write(body)
	return "hmac-sha256-hex=" + hex.EncodeToString(mac.Sum(nil))
}
