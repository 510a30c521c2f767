package doctor

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waybill/configs"
	"waybill/notify/push"
	"waybill/tracker"
	"waybill/tracker/feed/redistest"
	"waybill/tracker/sqlite"
)

// patient is a healthy installation with a database.
func patient(t *testing.T) *Patient {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	p := &Patient{Config: configs.Config{DataDir: dir, PublicURL: "http://127.0.0.1:1"}, Now: time.Now}
	if _, err := p.Config.MasterKey(); err != nil {
		t.Fatal(err)
	}
	p.OpenStore = func(ctx context.Context) (tracker.Store, error) {
		return sqlite.Open(ctx, filepath.Join(dir, "waybill.db"))
	}
	opened, err := p.OpenStore(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.Close(); err != nil {
		t.Fatal(err)
	}
	return p
}

// examine gives the worst finding of each check.
func examine(t *testing.T, p *Patient) (found map[string]Finding, healthy bool) {
	t.Helper()
	found = map[string]Finding{}
	healthy = Examine(t.Context(), p, func(f Finding) {
		if f.Level != Good && f.Do == "" {
			t.Errorf("%s is %s, and nothing is said to do about it", f.Check, f.Level)
		}
		found[f.Check] = f
	})
	return found, healthy
}

func TestAHealthyInstallationIsFoundHealthy(t *testing.T) {
	t.Parallel()
	found, healthy := examine(t, patient(t))
	if !healthy {
		t.Errorf("found %+v", found)
	}
	for _, check := range []string{"data folder", "master key", "SQLite", "Redis", "e-mail", "SMS", "web push"} {
		if found[check].Level != Good {
			t.Errorf("%s: %+v", check, found[check])
		}
	}
}

func TestWhatIsWrongIsFound(t *testing.T) {
	t.Parallel()
	public, _, err := push.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	_, otherPrivate, err := push.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, check string
		level       Level
		harm        func(t *testing.T, p *Patient)
	}{
		{"folder open to others", "data folder", Warning, func(t *testing.T, p *Patient) {
			t.Helper()
			if err := os.Chmod(p.Config.DataDir, 0o755); err != nil {
				t.Fatal(err)
			}
		}},
		{"folder is a file", "data folder", Bad, func(t *testing.T, p *Patient) {
			t.Helper()
			p.Config.DataDir = filepath.Join(p.Config.DataDir, "waybill.db")
		}},
		{"master key open to others", "master key", Bad, func(t *testing.T, p *Patient) {
			t.Helper()
			if err := os.Chmod(filepath.Join(p.Config.DataDir, "seal.key"), 0o644); err != nil {
				t.Fatal(err)
			}
		}},
		{"store does not open", "SQLite", Bad, func(t *testing.T, p *Patient) {
			t.Helper()
			p.OpenStore = func(context.Context) (tracker.Store, error) { return nil, errors.New("disk on fire") }
		}},
		{"keys of two pairs", "web push", Bad, func(t *testing.T, p *Patient) {
			t.Helper()
			p.Config.WebPush = configs.WebPush{PublicKey: public, PrivateKey: configs.Secret(otherPrivate)}
		}},
		{"token that is none", "SMS", Warning, func(t *testing.T, p *Patient) {
			t.Helper()
			p.Config.Twilio = configs.Twilio{AccountSID: "AC0", AuthToken: "short"}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := patient(t)
			test.harm(t, p)
			found, healthy := examine(t, p)
			if found[test.check].Level != test.level {
				t.Errorf("%s: %+v, want %s", test.check, found[test.check], test.level)
			}
			if healthy != (test.level != Bad) {
				t.Errorf("healthy is %v", healthy)
			}
		})
	}
}

func TestRedisThatThrowsTasksAwayIsBad(t *testing.T) {
	t.Parallel()
	p, client := patient(t), redistest.Start(t).Client()
	p.Redis = client
	if found, _ := examine(t, p); found["Redis"].Level != Good || found["clock"].Level != Good {
		t.Errorf("of a good Redis: %+v, %+v", found["Redis"], found["clock"])
	}
	if err := client.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
		t.Fatal(err)
	}
	if found, healthy := examine(t, p); found["Redis"].Level != Bad || healthy {
		t.Errorf("of a Redis that evicts: %+v", found["Redis"])
	}
}

func TestVersionsAreCompared(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"6.2.0": true, "7.0.15": true, "8.0": true, "6.0.16": false, "5.0.3": false, "unknown": false} {
		if got := atLeast(version, 6, 2); got != want {
			t.Errorf("%s is at least 6.2: %v, want %v", version, got, want)
		}
	}
}
