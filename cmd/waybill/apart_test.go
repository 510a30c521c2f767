package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"waybill/tracker/feed/redistest"
	"waybill/tracker/mongo/mongotest"
	"waybill/tracker/seal"
)

// engines are the settings of processes that share a MongoDB and a Redis.
func engines(mongoURI, database, redisAddress string) []string {
	return []string{
		"WAYBILL_MONGO_URI=" + mongoURI, "WAYBILL_MONGO_DATABASE=" + database, "WAYBILL_MONGO_TIMEOUT=3s",
		"WAYBILL_REDIS_URL=redis://" + redisAddress, "WAYBILL_SEAL_KEY=" + seal.NewMaster(), "WAYBILL_LOG_LEVEL=warn",
		"WAYBILL_LIMITS_LOOKUPS_PER_MINUTE=100000", "WAYBILL_WORKERS_LEASE=2s", "WAYBILL_WORKERS_SWEEP_INTERVAL=200ms",
	}
}

// worker runs a worker for the API at an address.
func worker(t *testing.T, environ []string, base string) *process {
	t.Helper()
	return start(t, append(environ, "WAYBILL_PUBLIC_URL="+base), "worker")
}

func TestAPIWorkerMongoDBAndRedisApartLoseNothingWhicheverIsKilled(t *testing.T) {
	mails := startMailServer(t)
	database, queue := mongotest.StartFile(t), redistest.Start(t)
	environ := append(engines(database.URI(), "waybill_test", queue.Addr), mails.environ()...)
	web := server(t, environ, "api")
	work := worker(t, environ, web.Base)
	s := openShop(t, append(environ, "WAYBILL_PUBLIC_URL="+web.Base), web.Base)
	l := newLoad(s, 16)
	ids := map[string]string{}
	for _, number := range l.numbers[:4] {
		ids[number] = s.register(number)
		s.subscribe(ids[number], "email", number+"@example.com")
	}
	chaos := []func(){
		func() { web.Kill(); web = restart(t, environ, "api", web.Base) },
		func() { work.Kill(); work = worker(t, environ, web.Base) },
		func() { queue.Down(); queue.Up() },
		// The stand-in for MongoDB may lose its last second in a crash, so it is ended as an operator ends it.
		func() { database.Stop(); database.Start() },
	}
	rand.Shuffle(len(chaos), func(i, j int) { chaos[i], chaos[j] = chaos[j], chaos[i] })
	l.chaos(t, len(chaos), func(round int) { chaos[round]() })
	l.check(t)
	for number := range ids {
		s.scan(number, "FS", "DELIVERED", time.Now())
	}
	work.Kill()
	work = worker(t, environ, web.Base)
	for _, id := range ids {
		s.awaitTold(id, "delivered")
	}
	mails.noneTwice(t)
	web.Stop()
	work.Stop()
}

func TestRedisFlushedAndStoppedMidwayDelaysAndLosesNothing(t *testing.T) {
	t.Parallel()
	mails := startMailServer(t)
	queue := redistest.Start(t)
	environ := append(mails.environ(), "WAYBILL_DATA_DIR="+t.TempDir(), "WAYBILL_REDIS_URL=redis://"+queue.Addr,
		"WAYBILL_LOG_LEVEL=warn", "WAYBILL_WORKERS_LEASE=2s", "WAYBILL_LIMITS_LOOKUPS_PER_MINUTE=100000")
	p := server(t, environ, "serve")
	s := openShop(t, environ, p.Base)
	l := newLoad(s, 16)
	ids := map[string]string{}
	for _, number := range l.numbers[:8] {
		ids[number] = s.register(number)
		s.subscribe(ids[number], "email", number+"@example.com")
	}
	client := queue.Client()
	l.chaos(t, 2, func(round int) {
		if round == 0 {
			if err := client.FlushAll(t.Context()).Err(); err != nil {
				t.Error(err)
			}
			return
		}
		queue.Down()
		before := l.taken()
		eventually(t, "scans are taken in without Redis", func() bool { return l.taken() > before+40 })
		if s.track(l.numbers[0]) == nil {
			t.Error("without Redis a look-up fails")
		}
		queue.Up()
	})
	l.check(t)
	for number, id := range ids {
		s.scan(number, "FS", "DELIVERED", time.Now())
		s.awaitTold(id, "delivered")
	}
	mails.noneTwice(t)
	p.Stop()
}
