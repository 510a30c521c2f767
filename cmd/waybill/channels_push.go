package main

import (
	"fmt"
	"os"

	"waybill/notify"
	"waybill/notify/push"
	"waybill/tracker/dial"
)

// openPush opens pushes to the platforms that the settings name; nil where they name none.
func (a *app) openPush() (notify.Channel, error) {
	options := push.Options{Now: a.program.now}
	if w := a.config.WebPush; w.PublicKey != "" {
		options.Browsers = &push.Browsers{PublicKey: w.PublicKey, PrivateKey: w.PrivateKey.Reveal(), Subject: w.Subject}
		if a.config.Webhooks.AllowPrivateNetworks { // for trying out on one machine
			options.Browsers.Client = dial.NewClient(dial.Options{AllowPrivate: true})
		}
	}
	if f := a.config.FCM; f.CredentialsFile != "" {
		credentials, err := readSecretFile("fcm.credentials_file", f.CredentialsFile)
		if err != nil {
			return nil, err
		}
		options.FCM = &push.FCM{Credentials: credentials, BaseURL: f.BaseURL}
	}
	if p := a.config.APNs; p.KeyFile != "" {
		key, err := readSecretFile("apns.key_file", p.KeyFile)
		if err != nil {
			return nil, err
		}
		options.APNs = &push.APNs{
			Key: key, KeyID: p.KeyID, TeamID: p.TeamID, Topic: p.Topic, Sandbox: p.Sandbox, BaseURL: p.BaseURL,
		}
	}
	if options.Browsers == nil && options.FCM == nil && options.APNs == nil {
		return nil, nil
	}
	return push.New(options)
}

// readSecretFile reads a small file that a setting names.
func readSecretFile(setting, path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	return content, nil
}
