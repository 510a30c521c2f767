package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"waybill/api"
	"waybill/notify"
	"waybill/notify/outbox"
	"waybill/notify/sms"
	"waybill/tracker"
)

// channels are the ways out that the settings open, and what sends over them.
type channels struct {
	sender *notify.Sender
	open   map[tracker.Channel]notify.Channel
	// twilio takes what Twilio calls back with; nil where SMS is off.
	twilio api.Twilio
	ends   []func()
}

// openChannels opens the configured channels. With a box all messages stay in it.
func (a *app) openChannels(box *outbox.Outbox) (*channels, error) {
	c := &channels{open: map[tracker.Channel]notify.Channel{}}
	if box != nil {
		for _, kind := range []tracker.Channel{tracker.Email, tracker.SMS, tracker.Push} {
			c.open[kind] = box.Channel(kind)
		}
	} else if err := a.configuredChannels(c); err != nil {
		return nil, err
	}
	c.sender = notify.NewSender(notify.SenderOptions{
		Store: a.store, Keys: a.keys, Finder: a.finder, Channels: c.open, PublicURL: a.config.PublicURL, Observer: a.measures,
		Now: a.program.now, Log: a.log,
	})
	if t := a.config.Twilio; box == nil && t.AccountSID != "" {
		c.twilio = twilioCallbacks{sms.NewCallbacks(t.AuthToken.Reveal(), c.sender)}
	}
	return c, nil
}

func (a *app) configuredChannels(c *channels) error {
	if a.config.SMTP.Host != "" {
		mail, err := a.openMail()
		if err != nil {
			return err
		}
		c.open[tracker.Email] = mail
		c.ends = append(c.ends, mail.Close)
	}
	if t := a.config.Twilio; t.AccountSID != "" {
		texts, err := sms.New(sms.Options{
			AccountSID: t.AccountSID, AuthToken: t.AuthToken.Reveal(), From: t.From, MessagingServiceSID: t.MessagingServiceSID,
			PublicURL: a.config.PublicURL, BaseURL: t.BaseURL, Now: a.program.now,
		})
		if err != nil {
			return err
		}
		c.open[tracker.SMS] = texts
	}
	devices, err := a.openPush()
	if devices != nil {
		c.open[tracker.Push] = devices
	}
	return err
}

// names lists the open channels.
func (c *channels) names() []string {
	names := []string{}
	for kind := range c.open {
		names = append(names, string(kind))
	}
	slices.Sort(names)
	return names
}

func (c *channels) close() error {
	for _, end := range c.ends {
		end()
	}
	return nil
}

// twilioCallbacks tells the API of a caller that is not Twilio in the API's own terms.
type twilioCallbacks struct{ callbacks *sms.Callbacks }

// Status implements api.Twilio.
func (t twilioCallbacks) Status(ctx context.Context, address string, form url.Values, signature string) error {
	return asForged(t.callbacks.Status(ctx, address, form, signature))
}

// Inbound implements api.Twilio.
func (t twilioCallbacks) Inbound(ctx context.Context, address string, form url.Values, signature string) error {
	return asForged(t.callbacks.Inbound(ctx, address, form, signature))
}

func asForged(err error) error {
	if errors.Is(err, sms.ErrSignature) {
		return fmt.Errorf("%w: %w", api.ErrSignature, err)
	}
	return err
}
