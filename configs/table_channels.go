package configs

// mailSettings: the mail server.
func mailSettings() []Setting {
	return []Setting{
		{
			Key: "smtp.host", Example: "smtp.example.com",
			Doc:   "Mail server. Not set, no e-mail is sent.",
			field: func(c *Config) any { return &c.SMTP.Host },
		},
		{
			Key: "smtp.port", Default: "587", rule: between(1, 65535),
			Doc:   "Its port: 587 for starttls, 465 for implicit TLS.",
			field: func(c *Config) any { return &c.SMTP.Port },
		},
		{
			Key: "smtp.user", Example: "waybill",
			Doc:   "Account on the mail server. Not set, none is used.",
			field: func(c *Config) any { return &c.SMTP.User },
		},
		{
			Key: "smtp.password", Example: "the account's password", With: "smtp.user",
			Doc:   "Password of the account.",
			field: func(c *Config) any { return &c.SMTP.Password },
		},
		{
			Key: "smtp.from", Example: "Waybill <parcels@example.com>", With: "smtp.host", rule: mailbox(),
			Doc:   "Sender of every e-mail.",
			field: func(c *Config) any { return &c.SMTP.From },
		},
		{
			Key: "smtp.tls", Default: TLSStart, rule: oneOf(TLSStart, TLSImplicit, TLSNone),
			Doc:   "How the connection is encrypted. A password is never sent over none, except to loopback.",
			field: func(c *Config) any { return &c.SMTP.TLS },
		},
	}
}

// smsSettings: the Twilio account.
func smsSettings() []Setting {
	return []Setting{
		{
			Key: "twilio.account_sid", Example: "AC00000000000000000000000000000000",
			rule:  matching("AC and 32 hexadecimal digits", `^AC[0-9a-fA-F]{32}$`),
			Doc:   "Twilio account for SMS. Not set, no SMS is sent.",
			field: func(c *Config) any { return &c.Twilio.AccountSID },
		},
		{
			Key: "twilio.auth_token", Example: "the account's auth token", With: "twilio.account_sid",
			Doc:   "The account's auth token; it also proves that status callbacks are Twilio's.",
			field: func(c *Config) any { return &c.Twilio.AuthToken },
		},
		{
			Key: "twilio.from", Example: "+15005550006",
			rule:  smsSender(),
			Doc:   "Sender of every SMS. Either this or twilio.messaging_service_sid.",
			field: func(c *Config) any { return &c.Twilio.From },
		},
		{
			Key: "twilio.messaging_service_sid", Example: "MG00000000000000000000000000000000",
			rule:  matching("MG and 32 hexadecimal digits", `^MG[0-9a-fA-F]{32}$`),
			Doc:   "Messaging service that chooses the sender.",
			field: func(c *Config) any { return &c.Twilio.MessagingServiceSID },
		},
		{
			Key: "twilio.base_url", Example: "http://127.0.0.1:9999", rule: webURL(),
			Doc:   "Another address for Twilio's API, for tests: it must be loopback, as the auth token goes there.",
			field: func(c *Config) any { return &c.Twilio.BaseURL },
		},
	}
}

// pushSettings: web push keys.
func pushSettings() []Setting {
	return []Setting{
		{
			Key: "webpush.public_key", Example: "the public key printed by: waybill keys webpush",
			rule:  matching("a P-256 point of 65 bytes, base64url", `^B[A-Za-z0-9_-]{86}=?$`),
			Doc:   "VAPID public key for web push. Not set, no push is sent.",
			field: func(c *Config) any { return &c.WebPush.PublicKey },
		},
		{
			Key: "webpush.private_key", Example: "the private key printed by: waybill keys webpush",
			With: "webpush.public_key",
			Doc:  "VAPID private key, base64url of 32 bytes.",
			rule: holds("base64url of 32 bytes", "it is none", func(value Secret) bool {
				key, err := decodeBase64(value.Reveal())
				return err == nil && len(key) == 32
			}),
			field: func(c *Config) any { return &c.WebPush.PrivateKey },
		},
		{
			Key: "webpush.subject", Example: "mailto:ops@example.com", With: "webpush.public_key",
			rule:  matching("mailto:… or https://…", `^(mailto:[^@\s]+@[^@\s]+|https://\S+)$`),
			Doc:   "Whom a push service may write to when something is wrong (RFC 8292).",
			field: func(c *Config) any { return &c.WebPush.Subject },
		},
	}
}
