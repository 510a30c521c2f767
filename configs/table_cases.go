package configs

import "time"

// caseSettings: how soon customers' problems are to be answered and settled.
func caseSettings() []Setting {
	return []Setting{
		{
			Key: "cases.answer_within", Default: "24h", rule: between(time.Minute, 30*aDay),
			Doc:   "How soon a case is to be answered for the first time; after it the case counts as overdue.",
			field: func(c *Config) any { return &c.Cases.AnswerWithin },
		},
		{
			Key: "cases.settle_within", Default: "168h", rule: between(time.Hour, 365*aDay),
			Doc:   "How soon a case is to be resolved, from when it was opened.",
			field: func(c *Config) any { return &c.Cases.SettleWithin },
		},
		{
			Key: "cases.open_after", Default: "336h", rule: between(time.Hour, 365*aDay),
			Doc:   "How long the customer can still write to a resolved case, which opens it again; then it is closed.",
			field: func(c *Config) any { return &c.Cases.OpenAfter },
		},
	}
}

// customerSettings: what customers see.
func customerSettings() []Setting {
	return []Setting{
		{
			Key: "customers.open_for", Default: "1440h", rule: between(aDay, 10*365*aDay),
			Doc: "For how long after a parcel's end its page and its signed links show everything. Then the outcome alone is left, and " +
				"a problem can still be reported.",
			field: func(c *Config) any { return &c.Customers.OpenFor },
		},
	}
}

// blobSettings: where pictures are kept.
func blobSettings() []Setting {
	return []Setting{
		{
			Key: "blobs.url", Example: "s3://waybill-proofs?region=eu-central-1",
			rule: matching("file:///folder or s3://bucket", `^(file|s3)://.+$`),
			Doc: "Where pictures of deliveries are kept, sealed. Not set, the folder blobs in data_dir. Processes on several machines need one " +
				"that all of them reach.",
			field: func(c *Config) any { return &c.Blobs.URL },
		},
	}
}
