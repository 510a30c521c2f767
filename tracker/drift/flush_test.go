package drift

import (
	"context"
	"fmt"
	"testing"

	"waybill/tracker"
)

func TestWhatCouldNotBeStoredIsCountedOn(t *testing.T) {
	h := newHouse(t)
	store, _ := h.store.(*memory)
	h.post(unknownCode)
	store.away = true
	if err := h.flush.Flush(context.Background()); err == nil {
		t.Fatal("a store that is away took counts in")
	}
	h.post(unknownCode)
	store.away = false
	h.look()
	summary := summaries(t, h)["ups"]
	if n := summary.Total(Payloads); n != 2 {
		t.Errorf("%d payloads are counted", n)
	}
	codes, err := Codes(context.Background(), h.store, "ups")
	if err != nil || len(codes) != 1 || codes[0].Payloads != 2 || codes[0].Text != "Held for pigeons" || codes[0].Samples[1] != "r00000001" {
		t.Errorf("%v: %+v", err, codes)
	}
}

func TestInventedCodesFillNothing(t *testing.T) {
	h := newHouse(t)
	for i := range 2 * codesMost {
		h.post(func(r *tracker.Reading) { r.UnknownCodes = []string{fmt.Sprint("x", i)} })
		if i%300 == 0 {
			h.look()
		}
	}
	h.look()
	codes, err := Codes(context.Background(), h.store, "ups")
	if err != nil || len(codes) > codesKept+flushAtOnce {
		t.Errorf("%d codes are kept (%v)", len(codes), err)
	}
	if n := summaries(t, h)["ups"].Total(Unknown); n != 2*codesMost {
		t.Errorf("%d payloads with an unknown code are counted", n)
	}
}

func TestHistoryAndSellersAreNotCounted(t *testing.T) {
	for _, source := range []tracker.Source{tracker.FromImport, tracker.FromSeller, tracker.FromAgent} {
		c := NewCollector()
		receipt, reading := scan("r1", monday)
		receipt.Source = source
		c.Read(receipt, reading)
		if days, _ := c.take(); len(days) != 0 {
			t.Errorf("what came by %s is counted", source)
		}
	}
}

func TestDevicesOfTheFleetAreOneAccount(t *testing.T) {
	c := NewCollector()
	for i := range 3 {
		receipt, reading := scan("r1", monday)
		receipt.Source, receipt.Account = tracker.FromFleet, fmt.Sprint("scanner-", i)
		c.Read(receipt, reading)
	}
	if days, _ := c.take(); len(days) != 1 {
		t.Errorf("three scanners are %d sources", len(days))
	}
}

func summaries(t *testing.T, h *house) map[string]*Summary {
	t.Helper()
	all, err := Summaries(context.Background(), h.store, h.at)
	if err != nil {
		t.Fatal(err)
	}
	byCarrier := map[string]*Summary{}
	for i := range all {
		byCarrier[all[i].Carrier] = &all[i]
	}
	return byCarrier
}
