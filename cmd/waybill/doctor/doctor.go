// Package doctor looks at everything that Waybill depends on and says what is wrong and what to do about it.
package doctor

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"

	"waybill/configs"
	"waybill/tracker"
)

// Level says how bad a finding is.
type Level string

// The levels. What is bad keeps Waybill from working, or makes it unsafe; a warning is worth a look.
const (
	Good    Level = "ok"
	Warning Level = "warning"
	Bad     Level = "bad"
)

// Finding is what a check found.
type Finding struct {
	// Check is what was looked at.
	Check string `json:"check"`
	Level Level  `json:"level"`
	// What was found, and what to Do about it; Do is empty where all is well.
	What string `json:"what"`
	Do   string `json:"do,omitempty"`
}

// Patient is the installation to be looked at.
type Patient struct {
	Config configs.Config
	// OpenStore opens the store of the settings.
	OpenStore func(ctx context.Context) (tracker.Store, error)
	// Redis is nil where the queue is in the process.
	Redis redis.UniversalClient
	// Accounts tries the accounts under which carriers are asked, by name; nil leaves them alone.
	Accounts func(ctx context.Context) (map[string]AccountState, error)
	Now      func() time.Time
}

// check is one look at one thing. It is skipped where it gives no finding.
type check func(ctx context.Context, p *Patient) []Finding

// lookWithin bounds each check.
const lookWithin = 10 * time.Second

// Examine makes all checks, and shows each finding as it is made. It reports whether nothing is bad.
func Examine(ctx context.Context, p *Patient, show func(Finding)) bool {
	healthy := true
	for _, look := range []check{
		dataFolder, diskSpace, masterKey, store, redisServer, clocks, publicAddress, mailServer, smsAccount, pushKeys, ownCarriers, pullAccounts,
	} {
		within, cancel := context.WithTimeout(ctx, lookWithin)
		for _, finding := range look(within, p) {
			show(finding)
			healthy = healthy && finding.Level != Bad
		}
		cancel()
	}
	return healthy
}

func good(check, what string) []Finding { return []Finding{{Check: check, Level: Good, What: what}} }

func warning(check, what, do string) []Finding {
	return []Finding{{Check: check, Level: Warning, What: what, Do: do}}
}

func bad(check, what, do string) []Finding {
	return []Finding{{Check: check, Level: Bad, What: what, Do: do}}
}
