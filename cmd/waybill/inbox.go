package main

import (
	"context"
	"fmt"
	"os"

	"waybill/tracker"
	"waybill/workers/inbox"
)

// watchInbox takes in the files that gateways leave, until the context ends.
func (a *app) watchInbox(ctx context.Context) error {
	dir := a.config.Inbox.Dir
	if dir == "" {
		return nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("inbox.dir: %s is no folder; make it, owned by the user that runs waybill", dir)
	}
	return inbox.New(inbox.Options{
		Dir: dir, Store: a.store, Ingest: a.ingest, MaxFile: int64(a.config.Ingest.MaxBody), Interval: a.config.Inbox.Interval,
		Owner: tracker.NewID(a.program.now()), Now: a.program.now, Log: a.log,
		Known: func(carrier string) bool {
			return a.carriers.Carrier(carrier) != nil || carrier == tracker.FleetCarrier
		},
		Recognise: func(body []byte) (string, bool) {
			carrier := a.carriers.CarrierOf(body)
			return carrier, carrier != ""
		},
	}).Run(ctx)
}
