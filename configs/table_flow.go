package configs

import "time"

// flowSettings: how scans come in.
func flowSettings() []Setting {
	return []Setting{
		{
			Key: "ingest.max_body", Default: "10MiB", rule: between(Size(1<<10), Size(1<<30)),
			Doc:   "Largest body a carrier or the fleet may post, before and after decompression; above it, 413.",
			field: func(c *Config) any { return &c.Ingest.MaxBody },
		},
		{
			Key: "ingest.ack_wait", Default: "250ms", rule: between(time.Duration(0), 10*time.Second),
			Doc: "How long after its receipt is durable a scan is answered at the latest; a worker settles what " +
				"is not settled by then.",
			field: func(c *Config) any { return &c.Ingest.AckWait },
		},
		{
			Key: "ingest.max_in_flight", Default: "4096", rule: between(16, 1_000_000),
			Doc:   "Posts of scans under way at once; above it, 503 with Retry-After.",
			field: func(c *Config) any { return &c.Ingest.MaxInFlight },
		},
		{
			Key: "inbox.dir", Example: "/var/lib/waybill/inbox",
			Doc: "Folder in which an AS2 or SFTP gateway leaves carriers' files: one folder for each carrier in it, and " +
				"in that one for each account. Workers take them in. Not set, no folder is watched.",
			field: func(c *Config) any { return &c.Inbox.Dir },
		},
		{
			Key: "inbox.interval", Default: "10s", rule: between(100*time.Millisecond, time.Hour),
			Doc:   "How often the inbox is looked at. A file is taken in when it has kept its size from one look to the next.",
			field: func(c *Config) any { return &c.Inbox.Interval },
		},
	}
}

// limitSettings: how often, and what is shed first.
func limitSettings() []Setting {
	return []Setting{
		{
			Key: "limits.lookups_per_minute", Default: "60", rule: between(1, 1_000_000),
			Doc:   "Public look-ups and tracking pages per minute and address.",
			field: func(c *Config) any { return &c.Limits.LookupsPerMinute },
		},
		{
			Key: "limits.key_requests_per_minute", Default: "1200", rule: between(1, 10_000_000),
			Doc:   "Requests per minute of one API key.",
			field: func(c *Config) any { return &c.Limits.KeyRequestsPerMinute },
		},
		{
			Key: "limits.postal_code_tries_per_hour", Default: "10", rule: between(1, 1000),
			Doc:   "Tries per hour to open one shipment's full view by its postal code, over all addresses.",
			field: func(c *Config) any { return &c.Limits.PostalCodeTriesPerHour },
		},
		{
			Key: "limits.shed_lookups_above", Default: "512", rule: between(1, 1_000_000),
			Doc:   "Requests under way above which look-ups and pages are turned away with 503, first of all.",
			field: func(c *Config) any { return &c.Limits.ShedLookupsAbove },
		},
		{
			Key: "limits.shed_sellers_above", Default: "1024", rule: between(1, 1_000_000),
			Doc: "Requests under way above which sellers' calls are turned away too. Scans go on until " +
				"ingest.max_in_flight.",
			field: func(c *Config) any { return &c.Limits.ShedSellersAbove },
		},
	}
}

// timeSettings: retention, background work, silence.
func timeSettings() []Setting {
	return []Setting{
		{
			Key: "retention.receipts_days", Default: "90", rule: between(1, 3650),
			Doc:   "Days for which payloads are kept as they came. A replay reaches no further back.",
			field: func(c *Config) any { return &c.Retention.ReceiptsDays },
		},
		{
			Key: "retention.legs_months", Default: "13", rule: between(1, 120),
			Doc:   "Months for which shipments and their events are kept after their end.",
			field: func(c *Config) any { return &c.Retention.LegsMonths },
		},
		{
			Key: "workers.concurrency", Default: "10", rule: between(1, 1000),
			Doc:   "Tasks that one process works on at once.",
			field: func(c *Config) any { return &c.Workers.Concurrency },
		},
		{
			Key: "workers.relay_interval", Default: "100ms", rule: between(10*time.Millisecond, time.Minute),
			Doc:   "How often the store is asked for effects that nobody announced.",
			field: func(c *Config) any { return &c.Workers.RelayInterval },
		},
		{
			Key: "workers.queue_interval", Default: "50ms", rule: between(10*time.Millisecond, time.Minute),
			Doc:   "How often an empty queue is asked for tasks.",
			field: func(c *Config) any { return &c.Workers.QueueInterval },
		},
		{
			Key: "workers.timer_interval", Default: "1s", rule: between(10*time.Millisecond, 10*time.Minute),
			Doc:   "How often the store is asked for records whose time has come.",
			field: func(c *Config) any { return &c.Workers.TimerInterval },
		},
		{
			Key: "workers.sweep_interval", Default: "10s", rule: between(100*time.Millisecond, time.Hour),
			Doc:   "How often receipts and registrations that a crash left half-way are settled.",
			field: func(c *Config) any { return &c.Workers.SweepInterval },
		},
		{
			Key: "workers.lease", Default: "30s", rule: between(time.Second, time.Hour),
			Doc:   "How long a worker holds what it claimed; another takes over when it died.",
			field: func(c *Config) any { return &c.Workers.Lease },
		},
		{
			Key: "silence.delayed_after", Default: "3d", rule: between(time.Hour, aYear),
			Doc:   "How long without a scan until a shipment under way counts as delayed.",
			field: func(c *Config) any { return &c.Silence.DelayedAfter },
		},
		{
			Key: "silence.expired_after", Default: "30d", rule: between(aDay, 2*aYear),
			Doc:   "How long without a scan until it is given up as expired.",
			field: func(c *Config) any { return &c.Silence.ExpiredAfter },
		},
	}
}

// demoSettings: the simulation.
func demoSettings() []Setting {
	return []Setting{
		{
			Key: "demo.shipments", Default: "300", rule: between(1, 1_000_000),
			Doc:   "Shipments that are under way in the simulation.",
			field: func(c *Config) any { return &c.Demo.Shipments },
		},
		{
			Key: "demo.speed", Default: "60", rule: between(0.1, 100_000.0),
			Doc:   "Simulated seconds per second.",
			field: func(c *Config) any { return &c.Demo.Speed },
		},
		{
			Key: "demo.outbox", Default: "true",
			Doc: "Shows messages on a built-in page instead of sending them. Off, they go to whoever is " +
				"configured for e-mail, SMS and push.",
			field: func(c *Config) any { return &c.Demo.Outbox },
		},
	}
}
