package drift

import (
	"strconv"
	"strings"
	"time"
)

// Source is where payloads come from: a carrier, its account, and the format of the payloads; "" where none was
// recognised.
type Source struct {
	Carrier string `cbor:"1,keyasint" json:"carrier"`
	Account string `cbor:"2,keyasint,omitempty" json:"account,omitempty"`
	Format  string `cbor:"3,keyasint,omitempty" json:"format,omitempty"`
}

// String is how keys have it.
func (s Source) String() string { return s.Carrier + "/" + s.Account + "/" + s.Format }

func compareSources(a, b Source) int { return strings.Compare(a.String(), b.String()) }

// samplesMost is how many receipts stand for what was counted.
const samplesMost = 3

// Samples are ids of receipts in which something was counted, the latest first.
type Samples [samplesMost]string

// put takes a receipt in, if it is one of the latest. Ids of receipts sort by time.
func (s *Samples) put(id string) {
	for i, have := range s {
		if id == have {
			return
		}
		if id > have {
			copy(s[i+1:], s[i:])
			s[i] = id
			return
		}
	}
}

func (s *Samples) merge(other *Samples) {
	for _, id := range other {
		s.put(id)
	}
}

// Day is what was counted of a source on a day of UTC, by its hours. Days merge: in any order, each part once.
type Day struct {
	Source `cbor:"1,keyasint"`
	// Day counts from 1970.
	Day   int32      `cbor:"2,keyasint"`
	Hours [24]Counts `cbor:"3,keyasint"`
	// Samples are receipts by what was counted in them.
	Samples [counts]Samples `cbor:"4,keyasint"`
	// Posted, Answered and Refusal are when the carrier sent its last payload, when our last request to it was answered,
	// and when the last one failed, in Unix seconds; 0 for never. Reason is why it failed.
	Posted   int64  `cbor:"5,keyasint,omitempty"`
	Answered int64  `cbor:"6,keyasint,omitempty"`
	Refusal  int64  `cbor:"7,keyasint,omitempty"`
	Reason   string `cbor:"8,keyasint,omitempty"`
}

const (
	hourSeconds = 3600
	daySeconds  = 24 * hourSeconds
)

func dayOf(t time.Time) int32 { return int32(t.Unix() / daySeconds) } //nolint:gosec // within int32 for 5 million years

// merge adds another part of the same day.
func (d *Day) merge(other *Day) {
	for i := range d.Hours {
		d.Hours[i].add(&other.Hours[i])
	}
	for i := range d.Samples {
		d.Samples[i].merge(&other.Samples[i])
	}
	d.Posted, d.Answered = max(d.Posted, other.Posted), max(d.Answered, other.Answered)
	if other.Refusal > d.Refusal || other.Refusal == d.Refusal && other.Reason > d.Reason {
		d.Refusal, d.Reason = other.Refusal, other.Reason
	}
}

// start is the day's first moment.
func (d *Day) start() time.Time { return time.Unix(int64(d.Day)*daySeconds, 0).UTC() }

func (d *Day) key() string { return "day:" + strconv.Itoa(int(d.Day)) + ":" + d.Source.String() }

func listOfDay(day int32) string { return "day:" + strconv.Itoa(int(day)) }

// Code is a code that the mapping does not know.
type Code struct {
	Carrier string `cbor:"1,keyasint" json:"carrier"`
	Format  string `cbor:"2,keyasint,omitempty" json:"format,omitempty"`
	Code    string `cbor:"3,keyasint" json:"code"`
	// Text is the carrier's own.
	Text string `cbor:"4,keyasint,omitempty" json:"text,omitempty"`
	// Payloads counts those that had it.
	Payloads uint64 `cbor:"5,keyasint" json:"payloads"`
	// First and Last are in Unix seconds.
	First   int64   `cbor:"6,keyasint" json:"-"`
	Last    int64   `cbor:"7,keyasint" json:"-"`
	Samples Samples `cbor:"8,keyasint" json:"-"`
}

// merge adds what was seen of the code elsewhere. Of two texts the longer one stays.
func (c *Code) merge(other *Code) {
	c.Payloads += other.Payloads
	if c.First == 0 || other.First < c.First {
		c.First = other.First
	}
	c.Last = max(c.Last, other.Last)
	if len(other.Text) > len(c.Text) || len(other.Text) == len(c.Text) && other.Text > c.Text {
		c.Text = other.Text
	}
	c.Samples.merge(&other.Samples)
}

func (c *Code) key() string { return "code:" + c.Carrier + "/" + c.Format + "/" + c.Code }

func listOfCodes(carrier string) string { return "codes:" + carrier }
