package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waybill/cmd/waybill/simulate"
	"waybill/configs"
	"waybill/tracker"
)

// simulation is what a simulation may be told.
type simulation struct {
	seed  uint64
	size  int
	speed float64
}

func (p *program) simulateCommand() *cobra.Command {
	var server string
	var play simulation
	cmd := &cobra.Command{
		Use:     "simulate",
		GroupID: "try",
		Short:   "Play a shop's shipments against a running server",
		Long: "Plays shipments of several carriers and of the in-house fleet against a running server, in the carriers' real\n" +
			"formats and through their own doors. It makes a seller \"simulation\", accounts and keys in the store of the\n" +
			"settings, which must be the server's, and removes the accounts and keys at the end. While it runs, type a\n" +
			"number and Enter for another speed.",
		Example: "  waybill simulate --shipments 500 --speed 600\n  waybill simulate --server https://track.example.com --seed 7",
		Args:    arguments(cobra.NoArgs),
	}
	s := p.settings(cmd, configs.RoleCLI, "data-dir")
	cmd.Flags().StringVar(&server, "server", "", "address of the server (else public_url)")
	cmd.Flags().Uint64Var(&play.seed, "seed", 0, "the same seed plays the same shipments (else another every time)")
	cmd.Flags().IntVar(&play.size, "shipments", 300, "shipments under way at once")
	cmd.Flags().Float64Var(&play.speed, "speed", 60, "simulated seconds per second")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if play.speed <= 0 || play.size <= 0 {
			return usageError{errors.New("--speed and --shipments must be above 0")}
		}
		return s.withData(cmd.Context(), p.openData, func(d *data) error {
			if server == "" {
				server = d.config.PublicURL
			}
			return d.simulate(cmd.Context(), server, play)
		})
	}
	return cmd
}

// simulate plays against a server until the context ends.
func (d *data) simulate(ctx context.Context, server string, play simulation) error {
	client, leave, err := d.players(ctx, server, "simulation")
	defer leave()
	if err != nil {
		return err
	}
	if err := client.Reach(ctx); err != nil {
		return err
	}
	driver := d.driver(client, play)
	bar := d.program.progress(play.size+1, "shipments so far")
	driver.Progress = func(done, _ int) { bar.set(done) }
	watched, _, err := driver.Past(ctx)
	bar.finish()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(d.program.stdout, "a page that moves: %s\nstop with Ctrl-C; a number and Enter is another speed\n", watched.RecipientURL)
	go readSpeeds(d.program.stdin, driver.Clock, d.program.stdout)
	driver.Live(ctx)
	return nil
}

// driver makes a simulation of a client. Without a seed every one is another.
func (d *data) driver(client *simulate.Client, play simulation) *simulate.Driver {
	if play.seed == 0 {
		play.seed = uint64(d.program.now().UnixNano())
	}
	return &simulate.Driver{
		Client: client, Clock: simulate.NewClock(d.program.now, play.speed), Real: d.program.now, Seed: play.seed, Size: play.size,
		Log: d.log,
	}
}

// players makes a seller's and a fleet's key and an account of every carrier that is played; leave removes them.
func (d *data) players(ctx context.Context, server, name string) (client *simulate.Client, leave func(), err error) {
	var made []tracker.Record
	leave = func() {
		for _, record := range made {
			if err := remove(context.WithoutCancel(ctx), d.store, record); err != nil {
				d.log.Warn("a key or account of the simulation is left; revoke it by hand", "error", err)
			}
		}
	}
	client = &simulate.Client{
		Base: strings.TrimSuffix(server, "/"), Accounts: map[string]simulate.Account{},
		HTTP: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 32}},
	}
	for _, role := range []tracker.Role{tracker.RoleSeller, tracker.RoleFleet} {
		tenant := ""
		if role == tracker.RoleSeller {
			tenant = name
		}
		key, secret := tracker.NewKey(tenant, role, name, d.program.now())
		if err := d.saveKey(ctx, key); err != nil {
			return nil, leave, err
		}
		made = append(made, key)
		if role == tracker.RoleSeller {
			client.SellerKey = secret
		} else {
			client.FleetKey = secret
		}
	}
	for _, carrier := range []string{simulate.UPS, simulate.FedEx, simulate.USPS, simulate.DHL} {
		account, secret, err := d.createAccount(ctx, carrier, fmt.Sprintf("%s-%x", name, d.program.now().Unix()), "", "")
		if err != nil {
			return nil, leave, err
		}
		made = append(made, account)
		client.Accounts[carrier] = simulate.Account{
			Carrier: carrier, Name: account.Name, Verification: account.Verification, Header: account.Header, Secret: secret,
		}
	}
	return client, leave, nil
}

// readSpeeds takes a new speed from every line until the input ends.
func readSpeeds(in io.Reader, clock *simulate.Clock, out io.Writer) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "speed"))
		speed, err := strconv.ParseFloat(text, 64)
		switch {
		case text == "":
		case err != nil || speed <= 0:
			_, _ = fmt.Fprintf(out, "%q is no speed: give simulated seconds per second, such as 600\n", text)
		default:
			clock.SetSpeed(speed)
			_, _ = fmt.Fprintf(out, "a second is now %s\n", time.Duration(speed*float64(time.Second)).Round(time.Second))
		}
	}
}
