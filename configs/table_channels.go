package configs

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
