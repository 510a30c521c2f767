package configs

import "time"

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
