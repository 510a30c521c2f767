package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"waybill/adapters"
	"waybill/cmd/waybill/simulate"
	"waybill/tracker"
)

// payload is what an adapter reads.
type payload struct {
	name, carrier string
	body          []byte
}

// payloads measures how many payloads one core normalises in a second.
func (b *bench) payloads(ctx context.Context, folder string) error {
	registry, err := adapters.New()
	if err != nil {
		return err
	}
	list, err := simulatedPayloads(b.now())
	if folder != "" {
		list, err = payloadsOf(registry, folder)
	}
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b.sayf("payloads normalised, on one core")
	for _, p := range list {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		receipt := &tracker.Receipt{Carrier: p.carrier, Body: p.body}
		events := 0
		for _, shipment := range registry.Read(receipt).Shipments {
			events += len(shipment.Events)
		}
		count, began, patience := 0, time.Now(), b.time/time.Duration(len(list))+10*time.Millisecond
		for time.Since(began) < patience {
			registry.Read(receipt)
			count++
		}
		b.sayf("  %9.0f/s  %6d bytes  %3d events  %s", float64(count)/time.Since(began).Seconds(), len(p.body), events, p.name)
	}
	return nil
}

// simulatedPayloads are a long history of one parcel of each carrier.
func simulatedPayloads(now time.Time) ([]payload, error) {
	var list []payload
	met := map[string]bool{}
	for _, parcel := range simulate.Population(1, 200, now) {
		if met[parcel.Carrier] || len(parcel.Scans) < 8 && parcel.Carrier != simulate.USPS {
			continue
		}
		met[parcel.Carrier] = true
		if parcel.Carrier == simulate.Fleet {
			parcel.Number = tracker.NewTrackingID()
		}
		fresh := make([]int, len(parcel.Scans))
		for i := range fresh {
			fresh[i] = i
		}
		posts, err := simulate.Tell(&parcel, parcel.Scans, fresh...)
		if err != nil {
			return nil, err
		}
		list = append(list, payload{"simulated " + parcel.Carrier, posts[0].Carrier, posts[0].Body})
	}
	slices.SortFunc(list, func(x, y payload) int { return strings.Compare(x.name, y.name) })
	return list, nil
}

// payloadsOf are the files of a folder whose format is recognised.
func payloadsOf(registry *adapters.Registry, folder string) ([]payload, error) {
	files, err := filesOf([]string{folder})
	if err != nil {
		return nil, err
	}
	var list []payload
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if carrier, _, ok := registry.Recognise(body); ok && !strings.Contains(filepath.Base(file), ".expected.") {
			list = append(list, payload{filepath.Base(file), carrier, body})
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s holds no payload of a known format", folder)
	}
	return list, nil
}
