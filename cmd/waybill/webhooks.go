package main

import (
	"math/rand/v2"

	"waybill/notify/webhook"
	"waybill/tracker"
)

// openWebhooks makes what sends to sellers' endpoints.
func (a *app) openWebhooks() (*webhook.Office, error) {
	client := webhook.NewHTTPClient(a.config.Webhooks.AllowPrivateNetworks)
	return webhook.NewOffice(webhook.Options{
		Store: a.store, Keys: a.keys, Poster: webhook.NewClient(client, a.program.now), Mail: a.channels.open[tracker.Email],
		PublicURL: a.config.PublicURL, Observer: a.measures, Now: a.program.now, Random: rand.Float64, Log: a.log,
	})
}
