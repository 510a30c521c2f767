package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"waybill/notify"
	"waybill/notify/outbox"
	"waybill/notify/webhook"
	"waybill/tracker"
)

// demoReceiver describes the endpoint of the demo's seller, by which one of an earlier demo is known again.
const demoReceiver = "the demo's own receiver"

// receive plays the seller's server until it is stopped: it takes webhooks, checks their signatures as docs/sellers.md
// shows, and puts them into the outbox.
func (a *app) receive(ctx context.Context, box *outbox.Outbox) (stop func() error, err error) {
	listener, err := listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	desk := webhook.Desk{Store: a.store, Keys: a.keys, AllowPrivate: true, Now: a.program.now}
	if err := forgetReceivers(ctx, &desk); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	address := "http://" + listener.Addr().String() + "/hooks/waybill"
	endpoint, secret, err := desk.Create(ctx, demoTenant, webhook.Wishes{
		URL: address, Description: demoReceiver, Form: tracker.WebhookStandard,
		Types: []string{"shipment.out_for_delivery", "shipment.delivered", "shipment.exception"},
	}, "")
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 20_000))
		if err == nil {
			err = verifier.Verify(body, r.Header)
		}
		if err == nil {
			err = showWebhook(r, address, body, box)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	return func() error {
		err := errors.Join(server.Close(), desk.Delete(context.WithoutCancel(ctx), endpoint.ID))
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
		return err
	}, nil
}

// showWebhook puts a webhook into the outbox.
func showWebhook(r *http.Request, address string, body []byte, box *outbox.Outbox) error {
	var payload webhook.Payload
	if err := json.Unmarshal(body, &payload); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, body, "", "  "); err != nil {
		return err
	}
	_, err := box.Channel(tracker.Webhook).Send(r.Context(), notify.Envelope{
		ID: r.Header.Get("Webhook-Id"), To: address, Topic: payload.Data.Shipment,
		Content: notify.Content{Subject: payload.Type, Text: text.String()},
	})
	return err
}

// forgetReceivers removes the endpoints of earlier demos on the same data: nobody listens there any more.
func forgetReceivers(ctx context.Context, desk *webhook.Desk) error {
	endpoints, err := tracker.LoadList[tracker.Endpoint](ctx, desk.Store, tracker.ListOfTenant(demoTenant), tracker.Page{Limit: 1000})
	if err != nil {
		return err
	}
	for _, e := range endpoints {
		if e.Description != demoReceiver {
			continue
		}
		if err := desk.Delete(ctx, e.ID); err != nil {
			return fmt.Errorf("remove the endpoint of an earlier demo: %w", err)
		}
	}
	return nil
}

// onLoopback reports whether an address is this machine's alone.
func onLoopback(address net.Addr) bool {
	parsed, err := netip.ParseAddrPort(address.String())
	return err == nil && parsed.Addr().IsLoopback()
}
