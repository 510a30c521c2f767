package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"waybill/api/web"
	"waybill/cmd/waybill/simulate"
	"waybill/configs"
	"waybill/notify/outbox"
	"waybill/tracker"
)

const (
	// demoTenant is the demo's seller.
	demoTenant = "demo"
	// demoRequests is how many requests a minute one key may make in the demo: the simulation has but one.
	demoRequests = 1_000_000
	// demoMessages is how many messages the outbox page keeps.
	demoMessages = 500
	// demoPorts is how many ports are tried, from the one in the settings on.
	demoPorts = 20
)

func (p *program) demoCommand() *cobra.Command {
	var seed uint64
	cmd := &cobra.Command{
		Use:     "demo",
		GroupID: "try",
		Short:   "Start everything on this machine, with a simulation to watch",
		Long: "Starts API, pages and workers in one process, with a seller, carriers, a fleet and customers made up, and plays\n" +
			"their shipments in the carriers' real formats. Nothing leaves the machine: messages and webhooks land on the outbox page.\n" +
			"The data is in a temporary folder that is removed at the end, unless --data names one to keep. While it runs,\n" +
			"type a number and Enter for another speed.",
		Example: "  waybill demo\n  waybill demo --shipments 1000 --speed 600\n  waybill demo --data ./demo --listen 127.0.0.1:9000",
		Args:    arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleDemo, "data-dir", "listen", "demo-shipments", "demo-speed", "log-level")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "the same seed plays the same shipments (else another every time)")
	short := map[string]string{"data": "data-dir", "shipments": "demo-shipments", "speed": "demo-speed"}
	cmd.Flags().SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if long, ok := short[name]; ok {
			name = long
		}
		return pflag.NormalizedName(name)
	})
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		config, origins, err := s.load()
		if err != nil {
			return err
		}
		if origins["data_dir"] == configs.OriginDefault {
			if config.DataDir, err = os.MkdirTemp("", "waybill-demo-"); err != nil {
				return fmt.Errorf("make a folder for the demo: %w; name one by --data", err)
			}
			defer func() { _ = os.RemoveAll(config.DataDir) }()
		}
		if origins["log.level"] == configs.OriginDefault {
			config.Log.Level = "warn" // the addresses are to be seen
		}
		return p.demo(cmd.Context(), config, seed)
	}
	return cmd
}

func (p *program) demo(ctx context.Context, config configs.Config, seed uint64) (err error) {
	listener, err := p.listenNear(ctx, config.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	config.Listen = listener.Addr().String()
	config.PublicURL = "http://" + config.Listen
	config.Limits.KeyRequestsPerMinute = demoRequests
	config.Limits.LookupsPerMinute = demoRequests
	var box *outbox.Outbox
	if config.Demo.Outbox {
		box = outbox.New(demoMessages, p.now)
	}
	hooked := box != nil && onLoopback(listener.Addr())
	config.Webhooks.AllowPrivateNetworks = config.Webhooks.AllowPrivateNetworks || hooked
	a, err := p.newApp(ctx, config, configs.RoleDemo, box)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if hooked {
		end, failed := a.receive(ctx, box)
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, end()) }()
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- a.run(running, listener) }()
	played := a.play(running, simulation{seed: seed, size: config.Demo.Shipments, speed: config.Demo.Speed})
	if ctx.Err() != nil {
		played = nil // it was told to stop
	}
	stop()
	return errors.Join(played, <-served)
}

// play makes the demo's people and plays their shipments until the context ends.
func (a *app) play(ctx context.Context, s simulation) error {
	client, _, err := a.players(ctx, a.config.PublicURL, demoTenant)
	if err != nil {
		return err
	}
	keys := map[tracker.Role]string{tracker.RoleSeller: client.SellerKey, tracker.RoleFleet: client.FleetKey}
	testKey, sandbox := tracker.NewTestKey(demoTenant, demoTenant, a.program.now())
	if err := a.saveKey(ctx, testKey); err != nil {
		return err
	}
	for _, role := range []tracker.Role{tracker.RoleAgent, tracker.RoleOperator} {
		key, secret := tracker.NewKey("", role, demoTenant, a.program.now())
		if err := a.saveKey(ctx, key); err != nil {
			return err
		}
		keys[role] = secret
	}
	people, err := a.demoPeople(ctx, client.Accounts[simulate.UPS].Name)
	if err != nil {
		return err
	}
	driver := a.driver(client, s)
	bar := a.program.progress(s.size+1, "the past days")
	driver.Progress = func(done, _ int) { bar.set(done) }
	watched, others, err := driver.Past(ctx)
	bar.finish()
	if err != nil {
		return err
	}
	a.welcome(watched, others, keys, sandbox, client.Accounts[simulate.UPS])
	a.introduce(people)
	go readSpeeds(a.program.stdin, driver.Clock, a.program.stdout)
	driver.Live(ctx)
	return nil
}

// listenNear listens at an address, or at one of the next ports where that one is taken.
func (p *program) listenNear(ctx context.Context, address string) (net.Listener, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, usageError{fmt.Errorf("listen: %w", err)}
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, usageError{fmt.Errorf("listen: %w", err)}
	}
	var taken error
	for next := port; next < port+demoPorts; next++ {
		listener, err := listen(ctx, net.JoinHostPort(host, strconv.Itoa(next)))
		if err == nil {
			if next != port {
				_, _ = fmt.Fprintf(p.stderr, "port %d is taken by another program; using %d\n", port, next)
			}
			return listener, nil
		}
		taken = err
		if port == 0 {
			break
		}
	}
	return nil, fmt.Errorf("no port from %d on is free: %w", port, taken)
}

// welcome says what there is to see and to try.
func (a *app) welcome(watched simulate.Registered, others []simulate.Registered, keys map[tracker.Role]string, sandbox string, ups simulate.Account) {
	base, out := a.config.PublicURL, &strings.Builder{}
	fmt.Fprintf(out, "\nWaybill runs at %s, with its data in %s\n\n", base, a.config.DataDir)
	fmt.Fprintf(out, "  Home page                  %s/\n", base)
	fmt.Fprintf(out, "  A parcel on its last mile  %s\n", watched.RecipientURL)
	for _, other := range others {
		fmt.Fprintf(out, "  Another under way          %s\n", other.PageURL)
	}
	if a.config.Demo.Outbox {
		fmt.Fprintf(out, "  Messages and webhooks      %s/outbox\n", base)
	}
	fmt.Fprintf(out, "  API reference              %s/docs\n\n", base)
	fmt.Fprintf(out, "  Keys: seller   %s\n        sandbox  %s (its parcels are made up: EZ1000000001 to EZ7000000007)\n"+
		"        fleet    %s\n        agent    %s\n        operator %s\n\n",
		keys[tracker.RoleSeller], sandbox, keys[tracker.RoleFleet], keys[tracker.RoleAgent], keys[tracker.RoleOperator])
	fmt.Fprintf(out, "Look a parcel up, register one, and post a scan of it as UPS does:\n\n")
	fmt.Fprintf(out, "  curl %s/v1/track/%s\n\n", base, watched.ID)
	fmt.Fprintf(out, "  curl %s/v1/shipments -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\\n"+
		"    -d '{\"tracking_number\":\"1Z999AA10123456784\",\"order\":\"1001\"}'\n\n", base, keys[tracker.RoleSeller])
	now := a.program.now().UTC() // which is the time in Iceland, all year
	fmt.Fprintf(out, "  curl %s/v1/carriers/ups/%s/events -H '%s: %s' -H 'Content-Type: application/json' \\\n"+
		"    -d '{\"trackingNumber\":\"1Z999AA10123456784\",\"localActivityDate\":\"%s\",\"localActivityTime\":\"%s\","+
		"\"activityLocation\":{\"city\":\"Reykjavik\",\"country\":\"IS\"},"+
		"\"activityStatus\":{\"type\":\"I\",\"code\":\"OT\",\"description\":\"Out For Delivery Today\"}}'\n\n",
		base, ups.Name, ups.Header, ups.Secret, now.Format("20060102"), now.Format("150405"))
	fmt.Fprintf(out, "A second is %g simulated ones; type a number and Enter for another speed. Stop with Ctrl-C.\n", a.config.Demo.Speed)
	_, _ = fmt.Fprintln(a.program.stdout, out.String())
}

// keptMessages shows the outbox on its page.
type keptMessages struct{ *outbox.Outbox }

// Kept implements api.Outbox.
func (k keptMessages) Kept(most int) []web.OutboxMessage {
	list := k.List()
	list = list[:min(most, len(list))]
	messages := make([]web.OutboxMessage, len(list))
	for i, m := range list {
		messages[i] = web.OutboxMessage{
			ID: m.ID, Channel: string(m.Channel), To: m.To, Subject: m.Content.Subject, Text: m.Content.Text, HTML: m.Content.HTML, At: m.At,
		}
		switch m.Channel {
		case tracker.SMS:
			messages[i].Text, messages[i].HTML, messages[i].Subject = m.Content.SMS, "", ""
		case tracker.Push:
			messages[i].Text, messages[i].HTML = string(m.Content.Push), ""
		}
	}
	return messages
}
