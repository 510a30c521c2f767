package configs

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
)

// Validate checks that the settings suit the role and each other, and refuses
// dangerous ones with the reason. All problems come back at once, joined; each
// is a *SettingError.
func (c Config) Validate(role Role) error {
	var problems []error
	for _, setting := range Settings() {
		if problem := setting.requiredBut(&c, role); problem != nil {
			problems = append(problems, problem)
		}
	}
	table := byKey()
	for _, check := range []func(Config, Role) (key, problem string){
		httpsInPublic, proxiesNotEverybody, privateWebhooks, mailPasswordEncrypted, mailHost,
		smsSenderChosen, smsElsewhere, pushElsewhere, bouncesNotForAll, shedInOrder, silenceInOrder,
	} {
		if key, problem := check(c, role); problem != "" {
			problems = append(problems, table[key].refused(&c, problem))
		}
	}
	return errors.Join(problems...)
}

// requiredBut says that a setting is required and not set.
func (s Setting) requiredBut(config *Config, role Role) error {
	if s.isSet(config) {
		return nil
	}
	if slices.Contains(s.Required, role) {
		return s.missing(fmt.Sprintf("waybill %s cannot do without", role))
	}
	if s.With != "" && byKey()[s.With].isSet(config) {
		return s.missing(s.With + " is set")
	}
	return nil
}

// httpsInPublic: links and secrets must not cross a network readable.
func httpsInPublic(c Config, role Role) (key, problem string) {
	switch {
	case role == RoleCLI || c.onThisMachineAlone() || isHTTPS(c.PublicURL):
		return "", ""
	case c.PublicURL == "":
		return "public_url", fmt.Sprintf("it is not set, but listen is %s, beyond loopback: links in messages would "+
			"lead nowhere", c.Listen)
	case !c.InsecureHTTP:
		return "public_url", fmt.Sprintf("it is not https, but reached from beyond loopback (listen is %s): carriers' "+
			"secrets and customers' links would cross the network readable; put a TLS proxy in front, or say "+
			"insecure_http: true to try it out", c.Listen)
	}
	return "", ""
}

// onThisMachineAlone says whether neither the listener nor the public address
// reaches beyond loopback.
func (c Config) onThisMachineAlone() bool {
	public, err := url.Parse(c.PublicURL)
	return err == nil && isLoopback(c.Listen) && (c.PublicURL == "" || isLoopbackHost(public.Hostname()))
}

// proxiesNotEverybody: trusting all makes every limit per address the sender's choice.
func proxiesNotEverybody(c Config, _ Role) (key, problem string) {
	for _, prefix := range c.TrustedProxies {
		if prefix.Bits() == 0 {
			return "trusted_proxies", "it trusts everybody, so that any sender could choose its own address"
		}
	}
	return "", ""
}

// privateWebhooks: a seller's webhook is a request made from inside.
func privateWebhooks(c Config, role Role) (key, problem string) {
	if !c.Webhooks.AllowPrivateNetworks || role == RoleCLI || c.onThisMachineAlone() {
		return "", ""
	}
	return "webhooks.allow_private_networks", "this service is reachable from beyond loopback: any seller could read " +
		"your network through a webhook"
}

func mailPasswordEncrypted(c Config, _ Role) (key, problem string) {
	if c.SMTP.User != "" && c.SMTP.TLS == TLSNone && !isLoopbackHost(c.SMTP.Host) {
		return "smtp.tls", "smtp.user is set, and its password would cross the network readable"
	}
	return "", ""
}

func mailHost(c Config, _ Role) (key, problem string) {
	if c.SMTP.Host == "" && (c.SMTP.User != "" || c.SMTP.From != "") {
		return "smtp.host", "it is not set, but other smtp settings are: no e-mail would be sent"
	}
	return "", ""
}

func smsSenderChosen(c Config, _ Role) (key, problem string) {
	hasNumber, hasService := c.Twilio.From != "", c.Twilio.MessagingServiceSID != ""
	switch {
	case c.Twilio.AccountSID == "" && (hasNumber || hasService || c.Twilio.AuthToken != ""):
		return "twilio.account_sid", "it is not set, but other twilio settings are: no SMS would be sent"
	case c.Twilio.AccountSID != "" && !hasNumber && !hasService:
		return "twilio.from", "twilio.account_sid is set, but neither this nor twilio.messaging_service_sid"
	case hasNumber && hasService:
		return "twilio.from", "twilio.messaging_service_sid is set too, and chooses the sender itself: leave one out"
	}
	return "", ""
}

// smsElsewhere: whoever is at base_url gets the auth token.
func smsElsewhere(c Config, _ Role) (key, problem string) {
	if c.Twilio.BaseURL == "" {
		return "", ""
	}
	base, err := url.Parse(c.Twilio.BaseURL)
	if err == nil && isLoopbackHost(base.Hostname()) {
		return "", ""
	}
	return "twilio.base_url", "it is not loopback: the auth token would go to a stranger"
}

// pushElsewhere: whoever is at base_url gets access tokens.
func pushElsewhere(c Config, _ Role) (key, problem string) {
	for key, address := range map[string]string{"fcm.base_url": c.FCM.BaseURL, "apns.base_url": c.APNs.BaseURL} {
		if base, err := url.Parse(address); address != "" && (err != nil || !isLoopbackHost(base.Hostname())) {
			return key, "it is not loopback: access tokens would go to a stranger"
		}
	}
	return "", ""
}

// bouncesNotForAll: LMTP knows no sign-in.
func bouncesNotForAll(c Config, _ Role) (key, problem string) {
	if host, _, err := net.SplitHostPort(c.Bounces.Listen); err == nil && host == "" {
		return "bounces.listen", "it listens on every address, and LMTP knows no sign-in: name the one that your mail server reaches"
	}
	return "", ""
}

// shedInOrder: look-ups go first, sellers' calls next, scans last.
func shedInOrder(c Config, _ Role) (key, problem string) {
	switch {
	case c.Limits.ShedLookupsAbove > c.Limits.ShedSellersAbove:
		return "limits.shed_lookups_above", fmt.Sprintf("it is above limits.shed_sellers_above (%d): look-ups must be "+
			"shed before sellers", c.Limits.ShedSellersAbove)
	case c.Limits.ShedSellersAbove > c.Ingest.MaxInFlight:
		return "limits.shed_sellers_above", fmt.Sprintf("it is above ingest.max_in_flight (%d): sellers must be shed "+
			"before scans", c.Ingest.MaxInFlight)
	}
	return "", ""
}

func silenceInOrder(c Config, _ Role) (key, problem string) {
	if c.Silence.DelayedAfter >= c.Silence.ExpiredAfter {
		return "silence.delayed_after", fmt.Sprintf("it is not before silence.expired_after (%s)",
			formatDuration(c.Silence.ExpiredAfter))
	}
	return "", ""
}

func isHTTPS(address string) bool {
	parsed, err := url.Parse(address)
	return err == nil && parsed.Scheme == "https"
}
