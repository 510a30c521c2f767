package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/valyala/fasthttp"

	"waybill/tracker"
)

// search measures how long an agent's search takes with so many shipments, by each thing that a customer may know.
func (b *bench) search(ctx context.Context, count int) error {
	return b.withRunning(ctx, func(ctx context.Context, r *running) error {
		if err := b.fillShipments(ctx, r, count); err != nil {
			return err
		}
		key, secret := tracker.NewKey("", tracker.RoleAgent, "bench", r.program.now())
		if err := r.saveKey(ctx, key); err != nil {
			return err
		}
		one := *b
		one.connections = 1 // an agent waits for one search after the other
		for _, kind := range searchKinds {
			sum, err := one.load(ctx, r.config.Listen, fasthttp.StatusOK, func(n int, request *fasthttp.Request) {
				// Steps of a large prime visit shipments of all ages.
				query := kind.query(n * 7_368_787 % count)
				request.SetRequestURI(r.config.PublicURL + "/v1/search?limit=20&q=" + url.QueryEscape(query))
				request.Header.Set("Authorization", "Bearer "+secret)
			})
			if err != nil {
				return fmt.Errorf("by %s: %w", kind.name, err)
			}
			b.sayf("search by %s among %d shipments: half within %s, p99 %s (goal 200 ms)", kind.name, count,
				sum.quantile(0.5).Round(100*time.Microsecond), sum.quantile(0.99).Round(100*time.Microsecond))
		}
		return nil
	})
}

// searchKinds are what a customer may know, of the n-th shipment.
var searchKinds = []struct {
	name  string
	query func(n int) string
}{
	{"a whole order number", benchOrder},
	{"part of an order number", func(n int) string { return benchOrder(n)[3:] }},
	{"e-mail", func(n int) string { return benchPerson(n).Email }},
	{"phone", func(n int) string { return benchPerson(n).Phone }},
	{"the end of a phone number", func(n int) string { phone := benchPerson(n).Phone; return phone[len(phone)-6:] }},
	{"the beginning of a name", func(n int) string { return benchPerson(n).Name[:4] }},
	{"first and last name", func(n int) string { return benchPerson(n).Name }},
	{"postal code", func(n int) string { return benchPerson(n).Address.PostalCode }},
}

func benchOrder(n int) string { return fmt.Sprintf("SO-%08d", n) }

// benchPerson is the n-th customer: names are shared by many, as in life.
func benchPerson(n int) tracker.Recipient {
	first := [...]string{"Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Katherine", "Margaret", "Niklaus", "Radia"}
	last := [...]string{"Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Johnson", "Hamilton", "Wirth", "Perlman"}
	return tracker.Recipient{
		Name:  first[n%len(first)] + " " + last[n/7%len(last)] + fmt.Sprintf("son%d", n%997),
		Email: fmt.Sprintf("customer%d@example.com", n), Phone: fmt.Sprintf("+49151%08d", n),
		Address: tracker.Address{Lines: []string{"Hauptstraße 1"}, City: "Berlin", PostalCode: fmt.Sprintf("%05d", n*37%100_000), Country: "DE"},
	}
}

// fillShipments stores shipments with their recipients, a second apart.
func (b *bench) fillShipments(ctx context.Context, r *running, count int) error {
	const batch = 1000
	bar := b.progress(count, "shipments")
	defer bar.finish()
	for from := 0; from < count; from += batch {
		writes := make([]tracker.Write, 0, 2*batch)
		for n := from; n < min(from+batch, count); n++ {
			made := r.program.now().UTC().Add(-time.Duration(count-n) * time.Second)
			id := tracker.NewTrackingID()
			s := &tracker.Shipment{
				ID: id, Tenant: fmt.Sprintf("seller-%d", n%50), Order: benchOrder(n), Registered: true, CreatedAt: made, UpdatedAt: made,
				Legs: []tracker.ShipmentLeg{{LegKey: tracker.LegKey{Carrier: tracker.FleetCarrier, Number: id}, Since: made}},
			}
			key, err := tracker.SealRecipient(r.keys, s, benchPerson(n), made)
			if err != nil {
				return err
			}
			for _, record := range []tracker.Record{s, key} {
				write, err := tracker.Encode(record)
				if err != nil {
					return err
				}
				writes = append(writes, write)
			}
		}
		if err := tracker.ErrorOf(r.store.Apply(ctx, writes)); err != nil {
			return err
		}
		bar.add(len(writes) / 2)
	}
	return nil
}
