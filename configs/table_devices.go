package configs

// deviceSettings: the services that reach phones' apps.
func deviceSettings() []Setting {
	return []Setting{
		{
			Key: "fcm.credentials_file", Example: "/etc/waybill/firebase.json",
			Doc:   "Key file of a Firebase service account, for pushes to apps on Android. Not set, none are sent.",
			field: func(c *Config) any { return &c.FCM.CredentialsFile },
		},
		{
			Key: "fcm.base_url", Example: "http://127.0.0.1:9999", With: "fcm.credentials_file", rule: webURL(),
			Doc:   "Another address for FCM, for tests: it must be loopback, as access tokens go there.",
			field: func(c *Config) any { return &c.FCM.BaseURL },
		},
		{
			Key: "apns.key_file", Example: "/etc/waybill/AuthKey_AB12CD34EF.p8",
			Doc:   "Key file (.p8) of Apple's developer console, for pushes to apps on Apple's devices. Not set, none are sent.",
			field: func(c *Config) any { return &c.APNs.KeyFile },
		},
		{
			Key: "apns.key_id", Example: "AB12CD34EF", With: "apns.key_file", rule: appleID(),
			Doc:   "What Apple's console calls the key.",
			field: func(c *Config) any { return &c.APNs.KeyID },
		},
		{
			Key: "apns.team_id", Example: "1A2B3C4D5E", With: "apns.key_file", rule: appleID(),
			Doc:   "What Apple's console calls the team.",
			field: func(c *Config) any { return &c.APNs.TeamID },
		},
		{
			Key: "apns.topic", Example: "com.example.parcels", With: "apns.key_file",
			rule:  matching("a bundle id, like com.example.parcels", `^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+$`),
			Doc:   "The app's bundle id.",
			field: func(c *Config) any { return &c.APNs.Topic },
		},
		{
			Key: "apns.sandbox", Default: "false",
			Doc:   "Speaks to Apple's service for apps under development.",
			field: func(c *Config) any { return &c.APNs.Sandbox },
		},
		{
			Key: "apns.base_url", Example: "http://127.0.0.1:9999", With: "apns.key_file", rule: webURL(),
			Doc:   "Another address for APNs, for tests: it must be loopback, as signed tokens go there.",
			field: func(c *Config) any { return &c.APNs.BaseURL },
		},
	}
}

func appleID() rule { return matching("10 letters and digits", `^[0-9A-Z]{10}$`) }

// webhookSettings: sellers' webhooks.
func webhookSettings() []Setting {
	return []Setting{
		{
			Key: "webhooks.allow_private_networks", Default: "false",
			Doc: "Lets sellers' webhooks reach private and loopback addresses, for trying out on one machine. " +
				"Refused when this service is reachable from beyond loopback: any seller could then read your " +
				"network through it.",
			field: func(c *Config) any { return &c.Webhooks.AllowPrivateNetworks },
		},
	}
}
