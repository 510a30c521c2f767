package doctor

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"waybill/configs"
)

// publicAddress is where links in messages lead, and where providers call back.
func publicAddress(ctx context.Context, p *Patient) []Finding {
	const name = "public address"
	address := p.Config.PublicURL
	if address == "" {
		return bad(name, "public_url is not set", "set it to the address under which customers reach this server")
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return bad(name, err.Error(), "set public_url to an http or https address")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+"/healthz", nil)
	if err != nil {
		return bad(name, err.Error(), "set public_url to an http or https address")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return warning(name, "no server answers at "+address+": "+err.Error(), "nothing, if none runs yet; else look at DNS, proxy and firewall")
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return warning(name, fmt.Sprintf("%s/healthz answers %s", address, response.Status), "look whether the proxy leads to waybill")
	}
	if skew := headerSkew(response, p.Now()); skew.Abs() > 5*time.Second {
		return warning(name, fmt.Sprintf("%s answers, but its clock is %s ahead of this host's", address, skew), "set the clocks by NTP")
	}
	if parsed.Scheme != "https" && !strings.HasPrefix(parsed.Hostname(), "127.") && parsed.Hostname() != "localhost" {
		return warning(name, address+" answers, without encryption", "put a TLS proxy in front: carriers' secrets cross the network")
	}
	return good(name, address+" answers")
}

// headerSkew compares the Date of an answer, which is whole seconds, with our clock.
func headerSkew(response *http.Response, now time.Time) time.Duration {
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return 0
	}
	return date.Sub(now).Round(time.Second)
}

// mailServer is greeted, and signed in to; nothing is sent.
func mailServer(ctx context.Context, p *Patient) []Finding {
	const name = "e-mail"
	c := p.Config.SMTP
	if c.Host == "" {
		return good(name, "switched off: smtp.host is not set")
	}
	options := []mail.Option{mail.WithPort(c.Port), mail.WithTimeout(lookWithin / 2)}
	switch c.TLS {
	case configs.TLSImplicit:
		options = append(options, mail.WithSSL())
	case configs.TLSNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if c.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(c.User), mail.WithPassword(c.Password.Reveal()))
	}
	client, err := mail.NewClient(c.Host, options...)
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	where := fmt.Sprintf("%s:%d", c.Host, c.Port)
	if err != nil {
		return bad(name, fmt.Sprintf("%s does not take us in: %v", where, err), "look at smtp.host, smtp.port, smtp.tls, smtp.user and smtp.password")
	}
	_ = client.Close()
	return good(name, where+" takes us in")
}

// smsAccount is looked at by its form alone: a request would cost a message.
func smsAccount(_ context.Context, p *Patient) []Finding {
	const name = "SMS"
	c := p.Config.Twilio
	switch {
	case c.AccountSID == "":
		return good(name, "switched off: twilio.account_sid is not set")
	case !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(c.AuthToken.Reveal()):
		return warning(name, "twilio.auth_token does not look like one (32 hexadecimal digits)", "copy it from Twilio's console")
	case !strings.HasPrefix(p.Config.PublicURL, "https://"):
		return warning(name, "public_url is not https, so Twilio's status callbacks may not come through", "set public_url to the https address")
	}
	return good(name, "account and token have the right form")
}

// pushKeys must belong together, or every push is refused.
func pushKeys(_ context.Context, p *Patient) []Finding {
	const name = "web push"
	c := p.Config.WebPush
	if c.PublicKey == "" {
		return good(name, "switched off: webpush.public_key is not set")
	}
	do := "make a new pair by waybill keys webpush; browsers subscribe anew"
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(c.PrivateKey.Reveal(), "="))
	if err != nil {
		return bad(name, "webpush.private_key is no base64url", do)
	}
	private, err := ecdh.P256().NewPrivateKey(secret)
	if err != nil {
		return bad(name, "webpush.private_key is no key of P-256", do)
	}
	if base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes()) != strings.TrimRight(c.PublicKey, "=") {
		return bad(name, "webpush.public_key does not belong to webpush.private_key", do)
	}
	return good(name, "the keys belong together")
}
