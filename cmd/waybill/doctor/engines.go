package doctor

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// store must commit: without it nothing is acknowledged.
func store(ctx context.Context, p *Patient) []Finding {
	name := "SQLite"
	if p.Config.Mongo.URI != "" {
		name = "MongoDB"
	}
	if p.isNew() {
		return good(name, "the first run makes the database in the data folder")
	}
	opened, err := p.OpenStore(ctx)
	if err != nil {
		do := "look whether data_dir is right and the file is no other program's"
		if p.Config.Mongo.URI != "" {
			do = "look whether mongo.uri is right, the server runs, is a replica set, and lets this host in"
		}
		return bad(name, err.Error(), do)
	}
	defer func() { _ = opened.Close() }()
	before := p.Now()
	if err := opened.Ping(ctx); err != nil {
		return bad(name, "it does not commit: "+err.Error(), "look at its log: a full disk, or no majority of the replica set")
	}
	took := p.Now().Sub(before)
	what := fmt.Sprintf("commits within %s", took.Round(100*time.Microsecond))
	const slow = 100 * time.Millisecond
	if took > slow {
		return warning(name, what, "a faster disk or a nearer server makes every acknowledgement faster")
	}
	return good(name, what)
}

// redisServer must be new enough, and must not throw tasks away when it is full.
func redisServer(ctx context.Context, p *Patient) []Finding {
	const name = "Redis"
	if p.Redis == nil {
		return good(name, "the queue is in the process: enough for one process, and nothing is lost with it")
	}
	info, err := p.Redis.Info(ctx, "server").Result()
	if err != nil {
		return bad(name, "it cannot be reached: "+err.Error(), "look whether redis.url is right and the server runs; scans and look-ups go on meanwhile")
	}
	version := field(info, "redis_version")
	if !atLeast(version, 6, 2) {
		return bad(name, "it is version "+version, "use Redis 6.2 or newer")
	}
	policy, err := p.Redis.ConfigGet(ctx, "maxmemory-policy").Result()
	switch {
	case err != nil:
		return warning(name, "version "+version+"; its maxmemory-policy cannot be read: "+err.Error(), "see to it that it is noeviction")
	case policy["maxmemory-policy"] != "noeviction":
		return bad(name, fmt.Sprintf("version %s with maxmemory-policy %s: full, it would throw tasks away", version, policy["maxmemory-policy"]),
			"redis-cli config set maxmemory-policy noeviction, and the same in redis.conf")
	}
	return good(name, "version "+version+", maxmemory-policy noeviction")
}

// clocks must agree between hosts: leases and limits go by them.
func clocks(ctx context.Context, p *Patient) []Finding {
	const name = "clock"
	if p.Redis == nil {
		return nil
	}
	before := p.Now()
	theirs, err := p.Redis.Time(ctx).Result()
	if err != nil {
		return nil // said by the check of Redis
	}
	after := p.Now()
	skew := theirs.Sub(before.Add(after.Sub(before) / 2)).Round(time.Millisecond)
	const much, tooMuch = time.Second, 10 * time.Second
	what := fmt.Sprintf("Redis' host is %s ahead of this one", skew)
	switch {
	case skew.Abs() > tooMuch:
		return bad(name, what, "set the clocks by NTP: leases would be taken over while they are held")
	case skew.Abs() > much:
		return warning(name, what, "set the clocks by NTP")
	}
	return good(name, "within a second of Redis' host")
}

// field reads a line of Redis' INFO.
func field(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func atLeast(version string, major, minor int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	a, err := strconv.Atoi(parts[0])
	b, err2 := strconv.Atoi(parts[1])
	return err == nil && err2 == nil && (a > major || a == major && b >= minor)
}
