package configs_test

import (
	"cmp"
	"errors"
	"strings"
	"testing"

	"waybill/configs"
)

func TestDangerousSettingsAreRefused(t *testing.T) {
	t.Parallel()
	scaled := []string{
		"WAYBILL_MONGO_URI=mongodb://u:hunter2@db/?replicaSet=rs0", "WAYBILL_REDIS_URL=redis://:hunter2@cache:6379",
		"WAYBILL_SEAL_KEY=" + goodKey, "WAYBILL_PUBLIC_URL=https://track.example.com",
	}
	open := "listen: 0.0.0.0:8080\n"
	sid := "AC00000000000000000000000000000000"
	tests := map[string]struct {
		role        configs.Role // empty: serve
		file        string
		environment []string
		want        string // empty: allowed
	}{
		"nothing set, embedded engines":             {},
		"nothing set, demo":                         {role: configs.RoleDemo},
		"api with both addresses":                   {role: configs.RoleAPI, environment: scaled},
		"worker with both addresses":                {role: configs.RoleWorker, environment: scaled},
		"api without MongoDB":                       {role: configs.RoleAPI, environment: scaled[1:], want: "mongo.uri: it is not set, but waybill api"},
		"worker without Redis":                      {role: configs.RoleWorker, environment: append([]string{scaled[0]}, scaled[2:]...), want: "redis.url: it is not set, but waybill worker"},
		"MongoDB without a master key":              {environment: scaled[:1], want: "seal.key: it is not set, but mongo.uri is set"},
		"serve with Redis alone":                    {environment: scaled[1:2]},
		"open to the network over http":             {file: open + "public_url: http://track.example.com", want: "public_url"},
		"open to the network, allowed to try out":   {file: open + "public_url: http://192.0.2.1:8080\ninsecure_http: true"},
		"open to the network over https":            {file: open + "public_url: https://track.example.com"},
		"open to the network with no address":       {file: open, want: "links in messages would lead nowhere"},
		"all addresses by an empty host":            {file: "listen: ':8080'\npublic_url: http://a.example", want: "is not https"},
		"behind a proxy on loopback":                {file: "public_url: https://track.example.com"},
		"http links from behind a proxy":            {file: "public_url: http://track.example.com", want: "is not https"},
		"worker without the address for links":      {role: configs.RoleWorker, environment: scaled[:3], want: "public_url: it is not set, but waybill worker"},
		"proxies of everybody":                      {file: "trusted_proxies: 0.0.0.0/0", want: "trusts everybody"},
		"webhooks to private networks, open":        {file: open + "public_url: https://a.example\nwebhooks.allow_private_networks: true", want: "any seller could read"},
		"webhooks to private networks, proxied":     {file: "public_url: https://a.example\nwebhooks.allow_private_networks: true", want: "any seller could read"},
		"webhooks to private networks, loopback":    {file: "webhooks.allow_private_networks: true"},
		"a mail password over plain text":           {file: "smtp: {host: mail.example.com, from: a@example.com, user: u, password: hunter2, tls: none}", want: "smtp.tls"},
		"a mail password to loopback":               {file: "smtp: {host: localhost, from: a@example.com, user: u, password: hunter2, tls: none}"},
		"a mail server without a sender":            {file: "smtp: {host: mail.example.com}", want: "smtp.from: it is not set, but smtp.host is set"},
		"a mail account without a password":         {file: "smtp: {host: mail.example.com, from: a@example.com, user: u}", want: "smtp.password"},
		"a mail sender without a server":            {file: "smtp: {from: a@example.com}", want: "no e-mail would be sent"},
		"SMS without a sender":                      {file: "twilio: {account_sid: " + sid + ", auth_token: hunter2}", want: "neither this nor twilio.messaging_service_sid"},
		"SMS with a sender":                         {file: "twilio: {account_sid: " + sid + ", auth_token: hunter2, from: Waybill}"},
		"SMS with two senders":                      {file: "twilio: {account_sid: " + sid + ", auth_token: hunter2, from: Waybill, messaging_service_sid: " + strings.Replace(sid, "AC", "MG", 1) + "}", want: "leave one out"},
		"an SMS sender without an account":          {file: "twilio: {from: Waybill}", want: "no SMS would be sent"},
		"SMS sent to a stranger":                    {file: "twilio: {account_sid: " + sid + ", auth_token: hunter2, from: Waybill, base_url: 'https://evil.example'}", want: "auth token would go to a stranger"},
		"a signature of mails without a key":        {file: "smtp: {host: localhost, from: a@example.com, dkim_domain: example.com, dkim_selector: s1}", want: "smtp.dkim_key_file"},
		"a return path that nobody listens to":      {file: "bounces: {listen: '127.0.0.1:2424'}", want: "bounces.address: it is not set, but bounces.listen"},
		"a return path open to everybody":           {file: "bounces: {address: bounces@example.com, listen: ':2424'}", want: "LMTP knows no sign-in"},
		"a mail provider without a proof":           {file: "bounces: {provider: mailgun}", want: "bounces.secret"},
		"Apple's key without its name":              {file: "apns: {key_file: /k.p8, team_id: 1A2B3C4D5E, topic: com.example.a}", want: "apns.key_id"},
		"pushes sent to a stranger":                 {file: "fcm: {credentials_file: /f.json, base_url: 'https://evil.example'}", want: "access tokens would go to a stranger"},
		"a push key alone":                          {file: "webpush: {public_key: B" + strings.Repeat("A", 86) + "}", want: "webpush.private_key"},
		"sellers shed before look-ups":              {file: "limits: {shed_lookups_above: 2000}", want: "limits.shed_lookups_above"},
		"sellers shed after scans":                  {file: "limits: {shed_sellers_above: 9000}", want: "limits.shed_sellers_above"},
		"expired before delayed":                    {file: "silence: {delayed_after: 31d}", want: "silence.delayed_after"},
		"a command is not refused for its listener": {role: configs.RoleCLI, file: open},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			role := cmp.Or(test.role, configs.RoleServe)
			config, _, err := loadAs(t, role, test.file, test.environment)
			if err != nil {
				t.Fatal(err)
			}
			err = config.Validate(role)
			if test.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			var setting *configs.SettingError
			if !errors.As(err, &setting) || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}
