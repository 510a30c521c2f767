package configs

import "time"

// serverSettings: how a process is reached and where it keeps its files.
func serverSettings() []Setting {
	return []Setting{
		{
			Key: "data_dir", Default: "waybill-data", Demo: "waybill-demo", Example: "/var/lib/waybill",
			Doc: "Folder of everything kept on this machine: the SQLite file, photos and labels, the generated " +
				"master key. Made when missing, readable by the owner alone.",
			field: func(c *Config) any { return &c.DataDir },
		},
		{
			Key: "carriers_dir", Example: "/etc/waybill/carriers",
			Doc: "Folder of carriers of your own, a folder each in the form of adapters/carriers: new ones, and others in " +
				"place of built-in ones. Read at the start and again, without a restart, when a change has come to rest; a " +
				"broken carrier is refused and what was in force stays. Give every process the same.",
			field: func(c *Config) any { return &c.CarriersDir },
		},
		{
			Key: "listen", Default: "127.0.0.1:8080", Example: "0.0.0.0:8080", rule: hostPort(),
			Doc:   "Address the API and the pages listen on.",
			field: func(c *Config) any { return &c.Listen },
		},
		{
			Key: "public_url", Example: "https://track.example.com", rule: webURL(),
			Doc: "Address under which customers and carriers reach this service; links in messages and the " +
				"callbacks of providers are built from it. Not set, it is http:// and the listen address, where " +
				"that is loopback and one process does everything.",
			Required: []Role{RoleAPI, RoleWorker},
			field:    func(c *Config) any { return &c.PublicURL },
		},
		{
			Key: "insecure_http", Default: "false",
			Doc: "Allows a public_url without https while listening beyond loopback. Carriers' secrets and " +
				"customers' links then cross the network readable: only for trying out.",
			field: func(c *Config) any { return &c.InsecureHTTP },
		},
		{
			Key: "trusted_proxies", Example: "10.0.0.0/8, 192.0.2.10",
			Doc: "Proxies whose X-Forwarded-For is believed. Everybody else's is ignored, since limits per " +
				"address would otherwise be the sender's choice.",
			field: func(c *Config) any { return &c.TrustedProxies },
		},
		{
			Key: "shutdown_timeout", Default: "30s", rule: between(time.Second, 10*time.Minute),
			Doc: "How long SIGTERM waits for requests and tasks under way. Keep it below the time after which " +
				"systemd or Kubernetes kills.",
			field: func(c *Config) any { return &c.ShutdownTimeout },
		},
	}
}

// storeSettings: where records, queue and keys are.
func storeSettings() []Setting {
	scaledOut := []Role{RoleAPI, RoleWorker}
	return []Setting{
		{
			Key: "mongo.uri", Example: "mongodb://waybill:password@db1,db2,db3/?replicaSet=rs0",
			rule: withScheme("mongodb", "mongodb+srv"), Required: scaledOut,
			Doc:   "MongoDB 7 or newer, a replica set. Not set, records are kept in SQLite in data_dir.",
			field: func(c *Config) any { return &c.Mongo.URI },
		},
		{
			Key: "mongo.database", Default: "waybill",
			rule:  matching("letters, digits, - and _, at most 38", `^[A-Za-z0-9_-]{1,38}$`),
			Doc:   "Name of the database.",
			field: func(c *Config) any { return &c.Mongo.Database },
		},
		{
			Key: "mongo.timeout", Default: "10s", rule: between(100*time.Millisecond, 5*time.Minute),
			Doc:   "How long one operation may take before it counts as failed.",
			field: func(c *Config) any { return &c.Mongo.Timeout },
		},
		{
			Key: "redis.url", Example: "redis://:password@redis:6379/0",
			rule: withScheme("redis", "rediss", "unix"), Required: scaledOut,
			Doc: "Redis 6.2 or newer with maxmemory-policy noeviction. Not set, the queue runs in the process; " +
				"either way it holds nothing that the store does not.",
			field: func(c *Config) any { return &c.Redis.URL },
		},
		{
			Key: "redis.cluster", Default: "false",
			Doc:   "Speaks to a Redis Cluster; further nodes are parameters of the URL: ?addr=host:port.",
			field: func(c *Config) any { return &c.Redis.Cluster },
		},
		{
			Key: "seal.key", Example: "the output of: openssl rand -base64 32", With: "mongo.uri",
			rule: masterKeyRule(), Required: scaledOut,
			Doc: "Master key: seals personal data, makes it findable, signs sessions and links. The same on " +
				"every process; lost, the personal data is lost. With the embedded store it may be left out: the " +
				"first run writes one to seal.key in data_dir.",
			field: func(c *Config) any { return &c.Seal.Key },
		},
	}
}

// observeSettings: logs, traces, metrics.
func observeSettings() []Setting {
	return []Setting{
		{
			Key: "log.level", Default: "info", rule: oneOf("debug", "info", "warn", "error"),
			Doc:   "The least important lines that are logged.",
			field: func(c *Config) any { return &c.Log.Level },
		},
		{
			Key: "log.format", Default: "text", Example: "json", rule: oneOf("text", "json"),
			Doc:   "Form of the log, which goes to standard error.",
			field: func(c *Config) any { return &c.Log.Format },
		},
		{
			Key: "otel.endpoint", Example: "http://localhost:4318", rule: webURL(),
			Doc:   "OpenTelemetry collector (OTLP over HTTP) that gets the traces. Not set, none are made.",
			field: func(c *Config) any { return &c.OTel.Endpoint },
		},
		{
			Key: "otel.sample_ratio", Default: "0.1", rule: between(0.0, 1.0),
			Doc:   "Share of requests that are traced.",
			field: func(c *Config) any { return &c.OTel.SampleRatio },
		},
		{
			Key: "metrics.listen", Example: "0.0.0.0:9090", rule: hostPort(),
			Doc: "Address of a listener of its own for /metrics, with /healthz and /readyz beside it. Not set, the " +
				"main one serves /metrics too, and a worker serves nothing.",
			field: func(c *Config) any { return &c.Metrics.Listen },
		},
		{
			Key: "metrics.allow", Default: "127.0.0.0/8, ::1/128",
			Doc:   "Who may read /metrics.",
			field: func(c *Config) any { return &c.Metrics.Allow },
		},
	}
}
