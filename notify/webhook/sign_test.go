package webhook

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/EasyPost/easypost-go/v5"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"pgregory.net/rapid"

	"waybill/tracker"
)

// The library of Standard Webhooks accepts what we sign, with each of the secrets, whatever the body; and nothing that
// was changed on the way.
func TestTheStandardsLibraryVerifiesOurSignatures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secrets := []string{NewSecret(), NewSecret(), NewSecret()}[:rapid.IntRange(1, 3).Draw(t, "secrets")]
		body := []byte(rapid.String().Draw(t, "body"))
		id := EventID(rapid.String().Draw(t, "shipment"), rapid.Int64().Draw(t, "seq"), Updated)
		now := time.Now()
		proof, err := signature(id, now, body, secrets)
		if err != nil {
			t.Fatal(err)
		}
		header := func(id, at, proof string) http.Header {
			return http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {at}, "Webhook-Signature": {proof}}
		}
		at := strconv.FormatInt(now.Unix(), 10)
		for _, secret := range secrets {
			verifier, err := standardwebhooks.NewWebhook(secret)
			if err != nil {
				t.Fatal(err)
			}
			if err := verifier.Verify(body, header(id, at, proof)); err != nil {
				t.Errorf("refused: %v", err)
			}
			for what, forged := range map[string]struct {
				body   []byte
				header http.Header
			}{
				"another body":      {append(body, '!'), header(id, at, proof)},
				"another id":        {body, header(id+"0", at, proof)},
				"another timestamp": {body, header(id, strconv.FormatInt(now.Unix()-1, 10), proof)},
			} {
				if verifier.Verify(forged.body, forged.header) == nil {
					t.Errorf("%s is accepted", what)
				}
			}
		}
	})
}

// The vector that EasyPost publishes with its client libraries' tests (EasyPost/examples, client-library-fixtures.json)
// has a body of its own; here the algorithm is checked by the client itself.
func TestEasyPostsClientVerifiesOurSignatures(t *testing.T) {
	client := easypost.New("key")
	for _, secret := range []string{"a secret of sixteen", "sécret sécret sécret", NewSecret()} {
		body := []byte(`{"description":"tracker.updated"}`)
		event, err := client.ValidateWebhook(body, map[string]any{"X-Hmac-Signature": easyPostSignature(body, secret)}, secret)
		if err != nil || event.Description != "tracker.updated" {
			t.Errorf("%q: %v", secret, err)
		}
		if _, err := client.ValidateWebhook(body, map[string]any{"X-Hmac-Signature": easyPostSignature(body, secret+"x")}, secret); err == nil {
			t.Error("another secret's signature is accepted")
		}
	}
}

func TestASecretOfASellersOwnIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		form   tracker.WebhookForm
		secret string
		good   bool
	}{
		"one of ours":                    {tracker.WebhookStandard, NewSecret(), true},
		"24 bytes":                       {tracker.WebhookStandard, "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", true},
		"23 bytes":                       {tracker.WebhookStandard, "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=", false},
		"65 bytes":                       {tracker.WebhookStandard, "whsec_" + strings.Repeat("AAAA", 21) + "AAA=", false},
		"without its prefix":             {tracker.WebhookStandard, strings.TrimPrefix(NewSecret(), "whsec_"), false},
		"no base64":                      {tracker.WebhookStandard, "whsec_!" + strings.Repeat("A", 31), false},
		"any text for EasyPost's form":   {tracker.WebhookEasyPost, "sécret sécret sécret", true},
		"a short one for EasyPost's":     {tracker.WebhookEasyPost, "short", true},
		"an endless one for EasyPost's":  {tracker.WebhookEasyPost, strings.Repeat("x", 256), false},
		"one of ours for EasyPost's too": {tracker.WebhookEasyPost, NewSecret(), true},
	} {
		err := checkSecret(c.form, c.secret)
		if (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), strings.TrimPrefix(c.secret, "whsec_")) {
			t.Errorf("%s: the error shows it: %v", name, err)
		}
	}
}
