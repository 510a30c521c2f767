package drift

import (
	"strings"
	"sync"
	"time"

	"waybill/tracker"
)

const (
	// sourcesMost bounds the sources of a day in memory. Accounts are made by operators and formats by mappings: more
	// of them is a mistake of ours, and then those beyond are counted under their carrier alone.
	sourcesMost = 2000
	// codesMost bounds the unknown codes between two flushes; those beyond are counted and not listed.
	codesMost = 1000
	// codeBytes and textBytes bound what is kept of a carrier's words.
	codeBytes, textBytes = 80, 240
)

// Collector counts in memory what is read of payloads. It implements tracker.Observer, is safe for concurrent use, and
// allocates only for a source or a code that it has not seen since the last flush.
type Collector struct {
	mu    sync.Mutex
	days  map[dayKey]*Day
	codes map[codeKey]*Code
	// totals are since the start, by carrier, for metrics.
	totals map[string]*totals
}

type totals [counts]uint64

type dayKey struct {
	Source
	day int32
}

type codeKey struct{ carrier, format, code string }

// NewCollector makes a Collector with nothing counted.
func NewCollector() *Collector {
	return &Collector{days: map[dayKey]*Day{}, codes: map[codeKey]*Code{}, totals: map[string]*totals{}}
}

// Read counts what was read of a payload. History (imports, replays) and what is no carrier's own (sellers' and agents'
// milestones) is left out.
func (c *Collector) Read(receipt *tracker.Receipt, reading *tracker.Reading) {
	switch receipt.Source {
	case tracker.FromWebhook, tracker.FromUpload, tracker.FromPoll, tracker.FromFleet:
	case tracker.FromSeller, tracker.FromAgent, tracker.FromImport:
		return
	}
	// A receipt that was written since it came was in quarantine, and counted when it came.
	if receipt.Version() > 1 {
		return
	}
	source := Source{Carrier: receipt.Carrier, Account: receipt.Account, Format: reading.Format}
	if receipt.Source == tracker.FromFleet {
		source.Account = "" // the fleet's accounts are its devices
	}
	n := countReading(receipt, reading)
	c.mu.Lock()
	defer c.mu.Unlock()
	day := c.day(source, receipt.ReceivedAt)
	c.total(source.Carrier, &n)
	at := receipt.ReceivedAt.Unix()
	day.Hours[at%daySeconds/hourSeconds].add(&n)
	if n[Posts] > 0 {
		day.Posted = max(day.Posted, at)
	}
	for i, count := range n {
		if count > 0 {
			day.Samples[i].put(receipt.ID)
		}
	}
	for _, code := range reading.UnknownCodes {
		c.unknown(source, code, receipt, reading)
	}
}

// Pulled counts a request to a carrier's API. failure is "" where it was answered, else why it failed in a word or two
// ("timeout", "status 503"), without anything of the request.
func (c *Collector) Pulled(carrier, account, failure string, at time.Time) {
	var n Counts
	n[Asked] = 1
	if failure != "" {
		n[Failed] = 1
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total(carrier, &n)
	day := c.day(Source{Carrier: carrier, Account: account}, at)
	day.Hours[at.Unix()%daySeconds/hourSeconds].add(&n)
	if failure == "" {
		day.Answered = max(day.Answered, at.Unix())
	} else if at.Unix() >= day.Refusal {
		day.Refusal, day.Reason = at.Unix(), clip(failure, codeBytes)
	}
}

func (c *Collector) total(carrier string, n *Counts) {
	sum := c.totals[carrier]
	if sum == nil {
		sum = &totals{}
		c.totals[carrier] = sum
	}
	for i := range n {
		sum[i] += uint64(n[i])
	}
}

// Totals gives, of each carrier and kind, how many of how many were counted since the start.
func (c *Collector) Totals(yield func(carrier string, k Kind, hits, trials uint64)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for carrier, sum := range c.totals {
		for _, k := range Kinds {
			if sum[k.Trials] > 0 {
				yield(carrier, k, sum[k.Hits], sum[k.Trials])
			}
		}
	}
}

// day is where a source is counted.
func (c *Collector) day(source Source, at time.Time) *Day {
	key := dayKey{source, dayOf(at)}
	day, ok := c.days[key]
	if !ok && len(c.days) >= sourcesMost {
		key.Source = Source{Carrier: source.Carrier}
		day, ok = c.days[key]
	}
	if !ok {
		day = &Day{Source: key.Source, Day: key.day}
		c.days[key] = day
	}
	return day
}

func (c *Collector) unknown(source Source, code string, receipt *tracker.Receipt, reading *tracker.Reading) {
	key := codeKey{source.Carrier, source.Format, clip(code, codeBytes)}
	known := c.codes[key]
	if known == nil {
		if len(c.codes) >= codesMost {
			return
		}
		known = &Code{Carrier: key.carrier, Format: key.format, Code: key.code, First: receipt.ReceivedAt.Unix()}
		c.codes[key] = known
	}
	one := Code{Payloads: 1, First: receipt.ReceivedAt.Unix(), Last: receipt.ReceivedAt.Unix()}
	if known.Text == "" {
		one.Text = textOf(code, reading)
	}
	one.Samples[0] = receipt.ID
	known.merge(&one)
}

// textOf is what the carrier writes beside a code.
func textOf(code string, reading *tracker.Reading) string {
	for i := range reading.Shipments {
		for j := range reading.Shipments[i].Events {
			if e := &reading.Shipments[i].Events[j]; e.Code == code {
				return clip(e.Text, textBytes)
			}
		}
	}
	return ""
}

// clip bounds a text, at the border of a character, and makes it one that can be stored.
func clip(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	return strings.ToValidUTF8(text, "")
}
