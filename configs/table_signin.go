package configs

import (
	"net/url"
	"time"
)

// signInSettings: how people sign in.
func signInSettings() []Setting {
	return []Setting{
		{
			Key: "signin.idle", Default: "12h", rule: between(15*time.Minute, 90*aDay),
			Doc:   "After how long without a request somebody is signed out, to a quarter of an hour.",
			field: func(c *Config) any { return &c.SignIn.Idle },
		},
		{
			Key: "signin.life", Default: "168h", rule: between(15*time.Minute, 90*aDay),
			Doc:   "After how long everybody signs in anew, however much they do.",
			field: func(c *Config) any { return &c.SignIn.Life },
		},
		{
			Key: "signin.staff_codes", Default: "true", Demo: "false",
			Doc: "Has agents and operators set up a second factor (TOTP) when they first sign in by password. Everybody " +
				"may; sellers' members choose for themselves.",
			field: func(c *Config) any { return &c.SignIn.StaffCodes },
		},
	}
}

// providerSettings: the OpenID provider by which staff sign in.
func providerSettings() []Setting {
	return []Setting{
		{
			Key: "oidc.issuer", Example: "https://login.example.com/realms/staff", rule: secureAddress(),
			Doc: "OpenID provider by which agents and operators sign in. They are added as before (waybill users add); who the provider " +
				"vouches for, by verified e-mail address, is let in. Register public_url/signin/oidc/callback there.",
			field: func(c *Config) any { return &c.OIDC.Issuer },
		},
		{
			Key: "oidc.client_id", Example: "waybill", With: "oidc.issuer",
			Doc:   "The account that the provider gave this installation.",
			field: func(c *Config) any { return &c.OIDC.ClientID },
		},
		{
			Key: "oidc.client_secret", Example: "the account's secret", With: "oidc.issuer",
			Doc:   "Its secret.",
			field: func(c *Config) any { return &c.OIDC.ClientSecret },
		},
		{
			Key: "oidc.name", Default: "OpenID",
			Doc:   "What staff call the provider: it stands on the button.",
			field: func(c *Config) any { return &c.OIDC.Name },
		},
		{
			Key: "oidc.trust_emails", Default: "false",
			Doc: "Takes e-mail addresses of which the provider does not say whether it verified them, as Microsoft Entra. Only where " +
				"nobody can write an address of his own choice there.",
			field: func(c *Config) any { return &c.OIDC.TrustEmails },
		},
	}
}

// secureAddress wants https, without which whoever sits between could vouch for anybody; http only to this machine.
func secureAddress() rule {
	return holds("an https URL without user, query and fragment", "it is no such URL", func(address string) bool {
		parsed, err := url.Parse(address)
		if err != nil || parsed.Host == "" || parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
			return false
		}
		return parsed.Scheme == "https" || parsed.Scheme == "http" && isLoopbackHost(parsed.Hostname())
	})
}
