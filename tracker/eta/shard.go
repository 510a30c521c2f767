package eta

import (
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

const (
	// shards is into how many rows the state is divided, by the groups that it is of.
	shards = 32
	// layout is the version of the rows' form. The transit model has a version of its own.
	layout = 1
	// groupsMost and talliesMost bound what a shard holds: about 2 MB.
	groupsMost  = 24_000
	talliesMost = 3_000
)

// The rows of the state in table Transits. Their order is far in the future, so that they are not purged with the samples.
const (
	headKey     = "eta/head"
	shardPrefix = "eta/shard/"
)

var neverOld = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

func shardKey(i int) string { return fmt.Sprintf("%s%02d", shardPrefix, i) }

// head says how far folding has come. It is written by the one worker that folds.
//
//	key  "eta/head"
type head struct {
	// Layout and Model are the versions of all rows of the state.
	Layout int `cbor:"1,keyasint"`
	Model  int `cbor:"2,keyasint"`
	// Seq counts the batches that were folded. While Batch holds the keys of samples, batch Seq is being folded.
	Seq   int64    `cbor:"3,keyasint"`
	Batch []string `cbor:"4,keyasint,omitempty"`
	// Learnt counts the deliveries, Refused those whose times cannot be.
	Learnt  int64 `cbor:"5,keyasint,omitempty"`
	Refused int64 `cbor:"6,keyasint,omitempty"`

	row tracker.Row
}

// shard is a part of the state.
//
//	key  "eta/shard/<number>"
type shard struct {
	Layout int `cbor:"1,keyasint"`
	Model  int `cbor:"2,keyasint"`
	// Seq is the last batch that is in.
	Seq     int64   `cbor:"3,keyasint"`
	Transit []byte  `cbor:"4,keyasint,omitempty"`
	Tallies tallies `cbor:"5,keyasint,omitempty"`

	state *transit.State
	row   tracker.Row
}

// errNewer: the state was written by a newer version, which must not be overwritten.
var errNewer = errors.New("the state of the estimates was written by a newer version of waybill; this one leaves it alone")

// version compares the versions of a row with this program's: negative is an older row.
func version(rowLayout, rowModel int) int {
	switch {
	case rowLayout > layout || rowModel > transit.Version:
		return 1
	case rowLayout < layout || rowModel < transit.Version:
		return -1
	}
	return 0
}

func newShard(i int) *shard {
	return &shard{
		Layout: layout, Model: transit.Version, Tallies: tallies{}, state: transit.NewState(),
		row: tracker.Row{Key: shardKey(i), Order: neverOld},
	}
}

// readHead makes a head of its row, or a new one where there is none.
func readHead(rows []tracker.Row) (*head, error) {
	h := &head{Layout: layout, Model: transit.Version, row: tracker.Row{Key: headKey, Order: neverOld}}
	if len(rows) == 0 {
		return h, nil
	}
	h.Layout, h.Model = 0, 0
	if err := unpack(rows[0].Doc, h); err != nil {
		return nil, fmt.Errorf("read %s: %w", headKey, err)
	}
	h.row = rows[0]
	if version(h.Layout, h.Model) > 0 {
		return h, errNewer
	}
	return h, nil
}

// readShard makes a shard of its row. One of an older version is empty.
func readShard(i int, row tracker.Row) (*shard, error) {
	s := newShard(i)
	read := &shard{}
	if err := unpack(row.Doc, read); err != nil {
		return nil, fmt.Errorf("read %s: %w", row.Key, err)
	}
	switch v := version(read.Layout, read.Model); {
	case v > 0:
		return nil, errNewer
	case v < 0:
		s.row = row
		return s, nil
	}
	if len(read.Transit) > 0 {
		state, err := transit.Decode(read.Transit)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", row.Key, err)
		}
		s.state = state
	}
	s.Seq, s.row = read.Seq, row
	if read.Tallies != nil {
		s.Tallies = read.Tallies
	}
	return s, nil
}

// write is the write that stores the shard.
func (s *shard) write(now time.Time) (tracker.Write, error) {
	s.state.Prune(now)
	s.state.Bound(now, groupsMost)
	s.Tallies.bound(talliesMost)
	var err error
	if s.Transit, err = s.state.Encode(); err != nil {
		return tracker.Write{}, fmt.Errorf("encode %s: %w", s.row.Key, err)
	}
	return packed(s.row, s)
}

func (h *head) write() (tracker.Write, error) { return packed(h.row, h) }

// packed is the write of a row of table Transits with a document.
func packed(row tracker.Row, doc any) (tracker.Write, error) {
	plain, err := encoding.Marshal(doc)
	if err != nil {
		return tracker.Write{}, fmt.Errorf("encode %s: %w", row.Key, err)
	}
	row.Doc = compressor.EncodeAll(plain, nil)
	return tracker.Write{Table: tracker.Transits, Row: row}, nil
}

func unpack(doc []byte, into any) error {
	plain, err := expander.DecodeAll(doc, nil)
	if err != nil {
		return fmt.Errorf("expand: %w", err)
	}
	if err := decoding.Unmarshal(plain, into); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return nil
}

var (
	encoding   = must(cbor.EncOptions{ShortestFloat: cbor.ShortestFloat16, Time: cbor.TimeUnixMicro}.EncMode())
	decoding   = must(cbor.DecOptions{MaxMapPairs: 1 << 20, MaxArrayElements: 1 << 20}.DecMode())
	compressor = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1)))
	expander   = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20)))
)

// must is for values that are fixed at compile time: it fails at start, on every machine, or never.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// shardFor is the shard that a tally stands in.
func shardFor(key string) int { return int(crc32.ChecksumIEEE([]byte(key)) % shards) }
