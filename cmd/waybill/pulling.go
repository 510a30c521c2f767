package main

import (
	"net/http"
	"strings"
	"time"

	"waybill/adapters/pull"
	"waybill/adapters/pull/rule"
	"waybill/configs"
	"waybill/tracker/dial"
	"waybill/tracker/drift"
	"waybill/tracker/limit"
	"waybill/workers/poll"
)

// pullClient makes the client by which carriers are asked.
func pullClient(c configs.Pull) *http.Client {
	return dial.NewClient(dial.Options{
		AllowPrivate: c.AllowPrivateNetworks, Timeout: c.Timeout, MaxResponse: pull.MaxReply + 1,
	})
}

// newAsker makes what asks carriers, by the rules of their descriptors.
func (d *data) newAsker(client *http.Client, throttle *pull.Throttle, openFor time.Duration) *pull.Asker {
	return pull.NewAsker(pull.Options{
		Client: client, Rule: d.pullRule, Reader: d.carriers, Throttle: throttle, OpenFor: openFor,
		Now: d.program.now, Log: d.log,
	})
}

// pullRule is how a carrier is asked, nil for one that is not.
func (d *data) pullRule(carrier string) *rule.Rule {
	c := d.carriers.Carrier(carrier)
	if c == nil {
		return nil
	}
	return c.Pull
}

// newPoller makes the poller; nil where the settings switch it off. Calls are counted in Redis for all workers
// together, and by each for itself while that is away.
func (a *app) newPoller() (*poll.Poller, error) {
	c, now := a.config, a.program.now
	if !c.Pull.Enabled {
		return nil, nil //nolint:nilnil // switched off
	}
	var limiter limit.Limiter = limit.NewLocal(now)
	var pauses pull.Pauses
	if a.queue.inside == nil {
		limiter = limit.NewFailover(limit.NewRedis(a.queue), limit.NewLocal(now), now, a.log)
		pauses = pull.NewRedisPauses(a.queue)
	}
	return poll.New(poll.Options{
		Store: a.store, Ingest: a.ingest, Keys: a.keys,
		Asker:    a.newAsker(pullClient(c.Pull), pull.NewThrottle(limiter, pauses, now), 0),
		Schedule: pull.Policy{Expire: c.Silence.ExpiredAfter}, Observer: pullObserver{a.measures.pulls, a.carriage.collector, now}, Now: now, Log: a.log,
		Concurrency: c.Pull.Concurrency, Interval: c.Workers.TimerInterval,
	})
}

// pullObserver tells metrics and the watch over carriers of each call.
type pullObserver struct {
	*pullMeasures
	collector *drift.Collector
	now       func() time.Time
}

// Asked implements poll.Observer. Calls that were not made, and those beyond a rate, say nothing of how a carrier does.
func (o pullObserver) Asked(call poll.Call) {
	o.pullMeasures.Asked(call)
	switch call.Outcome {
	case poll.OutcomeAnswered, poll.OutcomeEmpty:
		o.collector.Pulled(call.Carrier, accountName(call), "", o.now())
	case string(pull.Held), string(pull.RateLimited), string(pull.Misused):
	default:
		o.collector.Pulled(call.Carrier, accountName(call), call.Outcome, o.now())
	}
}

// accountName is the account's name without its carrier, as receipts have it.
func accountName(call poll.Call) string { return strings.TrimPrefix(call.Account, call.Carrier+"/") }
