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

// dkimSettings: the domain's signature under mails.
func dkimSettings() []Setting {
	return []Setting{
		{
			Key: "smtp.dkim_domain", Example: "example.com", rule: domainName(),
			Doc:   "Domain that signs mails (DKIM). Not set, signing is left to the mail server.",
			field: func(c *Config) any { return &c.SMTP.DKIMDomain },
		},
		{
			Key: "smtp.dkim_selector", Example: "waybill", With: "smtp.dkim_domain", rule: domainName(),
			Doc:   "Selector under which the public key stands in the DNS: <selector>._domainkey.<domain>.",
			field: func(c *Config) any { return &c.SMTP.DKIMSelector },
		},
		{
			Key: "smtp.dkim_key_file", Example: "/etc/waybill/dkim.pem", With: "smtp.dkim_domain",
			Doc:   "Private key, RSA or Ed25519, as PEM.",
			field: func(c *Config) any { return &c.SMTP.DKIMKeyFile },
		},
	}
}

// bounceSettings: how it is learnt that a mail came back.
func bounceSettings() []Setting {
	return []Setting{
		{
			Key: "bounces.address", Example: "bounces@example.com", With: "bounces.listen",
			rule: matching("an e-mail address whose part before the @ has at most 15 characters", `^[0-9A-Za-z._-]{1,15}@[^@\s]+\.[^@\s]+$`),
			Doc: "Return path of mails. Each goes out from an address of its own, bounces+<token>@example.com, which your mail " +
				"server hands to bounces.listen.",
			field: func(c *Config) any { return &c.Bounces.Address },
		},
		{
			Key: "bounces.listen", Example: "127.0.0.1:2424", With: "bounces.address",
			rule: matching("host:port, or the path of a Unix socket", `^(/\S+|\S*:[0-9]{1,5})$`),
			Doc: "Where your mail server delivers what comes to the return path, over LMTP. Processes that serve the API listen " +
				"there.",
			field: func(c *Config) any { return &c.Bounces.Listen },
		},
		{
			Key: "bounces.provider", Example: "mailgun", rule: oneOf("ses", "mailgun", "postmark"),
			Doc:   "Mail provider that calls /v1/providers/email with bounces and complaints.",
			field: func(c *Config) any { return &c.Bounces.Provider },
		},
		{
			Key: "bounces.secret", Example: "the provider's signing key", With: "bounces.provider",
			Doc: "What proves the provider's calls. Mailgun: the webhook signing key. Postmark: the password of the user waybill in " +
				"the webhook's address. SES: the ARN of the SNS topic, whose signature is checked.",
			field: func(c *Config) any { return &c.Bounces.Secret },
		},
	}
}

func domainName() rule {
	return matching("a domain name", `^[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*$`)
}
