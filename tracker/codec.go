package tracker

import (
	"context"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"
)

// Record is what a row decodes to. All records of the domain are of this kind.
type Record interface {
	// place says where the record's row stands.
	place() place
	// kept is the store's part of the record.
	kept() *meta
}

// place is where a record's row stands: all of a Row but the document and the store's own part.
type place struct {
	table        Table
	key          string
	order        time.Time
	lists, terms []string
	due          int64
}

// meta is the store's part of a record, carried from read to write.
type meta struct {
	version int64
	indexed uint64
}

func (m *meta) kept() *meta { return m }

// Version is how often the record was written; 0 for one that was not stored yet.
func (m *meta) Version() int64 { return m.version }

// The documents' form: one byte that names it, then CBOR with small integer keys, compressed where that pays.
const (
	docPlain byte = 0
	docZstd  byte = 1
	// compressFrom is the size from which compression saves more than it costs (measured: below, zstd's
	// frame eats what it saves).
	compressFrom = 256
)

var (
	docEncoding = must(cbor.EncOptions{Sort: cbor.SortNone, Time: cbor.TimeRFC3339NanoUTC, NilContainers: cbor.NilContainerAsNull}.EncMode())
	docDecoding = must(cbor.DecOptions{MaxNestedLevels: 32, MaxArrayElements: 1 << 20}.DecMode())
	compressor  = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false), zstd.WithEncoderConcurrency(2)))
	expander    = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(64<<20)))
)

// must is for values that are fixed at compile time: it fails at start, on every machine, or never.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Encode makes the write that stores a record.
func Encode(record Record) (Write, error) {
	p := record.place()
	plain, err := docEncoding.Marshal(record)
	if err != nil {
		return Write{}, fmt.Errorf("encode %s %s: %w", p.table, p.key, err)
	}
	var doc []byte
	if len(plain) < compressFrom {
		doc = append(append(make([]byte, 0, 1+len(plain)), docPlain), plain...)
	} else {
		doc = compressor.EncodeAll(plain, append(make([]byte, 0, len(plain)/2), docZstd))
	}
	return Write{Table: p.table, Row: Row{
		Key: p.key, Version: record.kept().version, Order: p.order.UnixMilli(), Lists: p.lists, Terms: p.terms,
		Due: p.due, Doc: doc, Indexed: record.kept().indexed,
	}}, nil
}

// decode fills a record from its row.
func decode(row Row, record Record) error {
	if len(row.Doc) == 0 {
		return fmt.Errorf("record %s is empty", row.Key)
	}
	plain := row.Doc[1:]
	switch row.Doc[0] {
	case docPlain:
	case docZstd:
		var err error
		if plain, err = expander.DecodeAll(plain, nil); err != nil {
			return fmt.Errorf("record %s cannot be expanded: %w", row.Key, err)
		}
	default:
		return fmt.Errorf("record %s has form %d, which this version does not know; run the newer version", row.Key, row.Doc[0])
	}
	if err := docDecoding.Unmarshal(plain, record); err != nil {
		return fmt.Errorf("record %s cannot be decoded: %w", row.Key, err)
	}
	*record.kept() = meta{version: row.Version, indexed: row.Indexed}
	return nil
}

// Decode makes a record from its row.
func Decode[T any, R interface {
	*T
	Record
}](row Row) (*T, error) {
	record := new(T)
	if err := decode(row, R(record)); err != nil {
		return nil, err
	}
	return record, nil
}

// DecodeAll makes records from rows.
func DecodeAll[T any, R interface {
	*T
	Record
}](rows []Row) ([]*T, error) {
	records := make([]*T, 0, len(rows))
	for _, row := range rows {
		record, err := Decode[T, R](row)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

// Load reads one record by key, ErrNotFound where there is none. Its table follows from its type.
func Load[T any, R interface {
	*T
	Record
}](ctx context.Context, store Store, key string) (*T, error) {
	table := R(new(T)).place().table
	rows, err := store.Get(ctx, table, key)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s %q: %w", table, key, ErrNotFound)
	}
	return Decode[T, R](rows[0])
}

// LoadList reads a page of a list of records.
func LoadList[T any, R interface {
	*T
	Record
}](ctx context.Context, store Store, list string, page Page) ([]*T, error) {
	rows, err := store.List(ctx, R(new(T)).place().table, list, page)
	if err != nil {
		return nil, err
	}
	return DecodeAll[T, R](rows)
}

// Save writes one record and raises its version; ErrConflict where it was changed since it was read.
func Save(ctx context.Context, store Store, record Record) error {
	write, err := Encode(record)
	if err != nil {
		return err
	}
	if err := ErrorOf(store.Apply(ctx, []Write{write})); err != nil {
		return fmt.Errorf("save %s %s: %w", write.Table, write.Row.Key, err)
	}
	Written(record, write)
	return nil
}

// Written notes on a record that the write which Encode made of it went well, so that it can be written again: its new
// version, and what the store has indexed for it now.
func Written(record Record, write Write) {
	record.kept().version++
	record.kept().indexed = write.Row.Index()
}

// CursorOf is the place of a record in its lists, for asking for the next page.
func CursorOf(record Record) *Cursor {
	p := record.place()
	return &Cursor{Order: p.order.UnixMilli(), Key: p.key}
}
