package configs

import "time"

// pullSettings: how carriers are asked.
func pullSettings() []Setting {
	return []Setting{
		{
			Key: "pull.enabled", Default: "true",
			Doc: "Asks carriers for which there is an account (waybill accounts add) about the parcels under way. " +
				"Without an account nobody is asked.",
			field: func(c *Config) any { return &c.Pull.Enabled },
		},
		{
			Key: "pull.concurrency", Default: "8", rule: between(1, 1000),
			Doc:   "Calls to carriers that one process has under way at once.",
			field: func(c *Config) any { return &c.Pull.Concurrency },
		},
		{
			Key: "pull.timeout", Default: "15s", rule: between(time.Second, time.Minute),
			Doc:   "How long a carrier may take to answer.",
			field: func(c *Config) any { return &c.Pull.Timeout },
		},
		{
			Key: "pull.allow_private_networks", Default: "false",
			Doc: "Lets accounts whose base is an address within your own network be asked, such as a carrier's " +
				"gateway in your data centre.",
			field: func(c *Config) any { return &c.Pull.AllowPrivateNetworks },
		},
	}
}
