package tracker

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
	"unicode/utf8"
)

// Table names a kind of record in the store. Each record is one row, read and written whole.
type Table string

// The tables. What a row of each holds is said at the record's type.
const (
	Receipts      Table = "receipts"
	Legs          Table = "legs"
	Shipments     Table = "shipments"
	Orders        Table = "orders"
	Messages      Table = "messages"
	Subscriptions Table = "subscriptions"
	Suppressions  Table = "suppressions"
	Accounts      Table = "accounts"
	Keys          Table = "keys"
	Tenants       Table = "tenants"
	DataKeys      Table = "data_keys"
	Idempotency   Table = "idempotency"
	Transits      Table = "transits"
	DeadTasks     Table = "dead_tasks"
	Leases        Table = "leases"
	Counters      Table = "counters"
	Routes        Table = "routes"
	Rounds        Table = "rounds"
	Scores        Table = "scores"
	// Drift is what package drift counts and concludes; Replays are the runs of replay and what they changed.
	Drift       Table = "drift"
	Replays     Table = "replays"
	Disruptions Table = "disruptions"

	Webhooks          Table = "webhooks"
	WebhookChanges    Table = "webhook_changes"
	WebhookDeliveries Table = "webhook_deliveries"
	// Preferences are how people want to be told.
	Preferences  Table = "preferences"
	Polls        Table = "polls"
	PullAccounts Table = "pull_accounts"
	// Users are people who sign in, by Logins; Sessions hold while they are signed in, Attempts slow guessing down.
	Users    Table = "users"
	Logins   Table = "logins"
	Sessions Table = "sessions"
	Attempts Table = "attempts"
	// Audit is the log of who did what, chained.
	Audit Table = "audit"
	// Cases are problems with shipments that people work on.
	Cases Table = "cases"
	// Proofs are pictures that prove deliveries.
	Proofs Table = "proofs"
	// Wishes are how recipients want parcels delivered.
	Wishes Table = "wishes"
	// PickupPoints are lockers and counters, PickupStays the parcels that wait there, PickupBindings which of them is whose.
	PickupPoints   Table = "pickup_points"
	PickupStays    Table = "pickup_stays"
	PickupBindings Table = "pickup_bindings"
	// Returns are what customers send back.
	Returns Table = "returns"
	// Capacities are how many parcels carriers take a day.
	Capacities Table = "capacities"
	// Allocations are who was chosen to carry parcels that nobody has yet.
	Allocations Table = "allocations"
)

// Tables lists every table, for stores that lay them out beforehand and for sweeps over all of them.
func Tables() []Table {
	return []Table{
		Receipts, Legs, Shipments, Orders, Messages, Subscriptions, Suppressions, Accounts, Keys, Tenants,
		DataKeys, Idempotency, Transits, DeadTasks, Leases, Counters,
		Routes, Rounds, Scores,
		Drift, Replays,
		Disruptions,
		Webhooks, WebhookChanges, WebhookDeliveries,
		Preferences,
		Polls, PullAccounts,
		Users, Logins, Sessions, Attempts, Audit, Cases, Proofs, Wishes,
		PickupPoints, PickupStays, PickupBindings, Returns, Capacities, Allocations,
	}
}

// Row is a record as a store sees it. Stores know nothing of what Doc means.
type Row struct {
	// Key is unique within its table and never changes.
	Key string
	// Version is the version that was read; a write succeeds only while the stored one is the same, and
	// raises it by one. 0 means that the row must not exist yet.
	Version int64
	// Order is the row's place in lists, in Unix milliseconds: newest first. It never changes. It lies within
	// MaxOrder of 0, and no more than a million rows of a table share one.
	Order int64
	// Lists are the lists that the row stands in ("tenant:acme", "order:acme/1001"). Reads leave them out.
	Lists []string
	// Terms are the words under which Search finds the row. They are opaque: [0-9a-z_] only, 64 characters at most.
	// Reads leave them out.
	Terms []string
	// Due is the moment, in Unix milliseconds, from which Claim hands out the row; 0 is never.
	Due int64
	// Doc is the encoded record.
	Doc []byte
	// Indexed is the store's own note of the lists and terms it has for this row, set by reads and used by
	// the next write to leave unchanged ones alone. Callers carry it along.
	Indexed uint64
}

// What a row may hold at most, in every store.
const (
	MaxDoc   = 15 << 20 // bytes; MongoDB takes 16 MiB with everything around it
	MaxName  = 512      // bytes of a key or of a list's name
	MaxOrder = 1 << 43  // milliseconds: until the year 2248
)

// Check says why no store would take the row; nil when every store does.
func (r *Row) Check() error {
	if err := checkName("key", r.Key); err != nil {
		return err
	}
	for _, list := range r.Lists {
		if err := checkName("list", list); err != nil {
			return fmt.Errorf("row %q: %w", r.Key, err)
		}
	}
	for _, term := range r.Terms {
		if !IsTerm(term) {
			return fmt.Errorf("row %q: the term %q is not 1 to 64 of 0-9, a-z and _", r.Key, term)
		}
	}
	if len(r.Doc) > MaxDoc {
		return fmt.Errorf("row %q: its document has %d bytes, at most %d can be stored", r.Key, len(r.Doc), MaxDoc)
	}
	if r.Order <= -MaxOrder || r.Order >= MaxOrder {
		return fmt.Errorf("row %q: its order %d is no moment in Unix milliseconds", r.Key, r.Order)
	}
	return nil
}

// Index is the note that stores keep as Indexed: a hash of the lists in the upper half, of the terms in the lower.
// That a change of either goes unnoticed has a chance of one in 2^32, and lasts until the next change.
func (r *Row) Index() uint64 {
	return uint64(hashOf(r.Lists))<<32 | uint64(hashOf(r.Terms))
}

func hashOf(words []string) uint32 {
	h := fnv.New32a()
	for _, word := range words {
		_, _ = h.Write([]byte(word))
		_, _ = h.Write([]byte{0xff}) // never within UTF-8
	}
	return h.Sum32()
}

// IsTerm reports whether a row can have the term.
func IsTerm(term string) bool {
	return term != "" && len(term) <= 64 && strings.Trim(term, "0123456789abcdefghijklmnopqrstuvwxyz_") == ""
}

func checkName(what, name string) error {
	if name == "" || len(name) > MaxName || !utf8.ValidString(name) {
		return fmt.Errorf("the %s %q is not 1 to %d bytes of UTF-8", what, name, MaxName)
	}
	return nil
}

// Write is one change of a batch: the row as it shall be, or its removal.
type Write struct {
	Table  Table
	Row    Row
	Delete bool
}

// Page asks for a part of a list, newest first. The zero Page is the first 50.
type Page struct {
	// After is the last row of the page before (its Order and Key), so that rows that arrive meanwhile shift nothing.
	After *Cursor
	// Oldest turns the list round: oldest first.
	Oldest bool
	// Limit is at most 1000; 0 is 50.
	Limit int
}

// Size is how many rows the page holds at most.
func (p Page) Size() int {
	if p.Limit <= 0 {
		return 50
	}
	return min(p.Limit, 1000)
}

// Cursor is a place in a list.
type Cursor struct {
	Order int64
	Key   string
}

// Claim asks for rows that are due.
type Claim struct {
	Table Table
	// Buckets are the hash buckets to look at (see Bucket); nil is all.
	Buckets []uint8
	Now     time.Time
	// Until is the moment, after Now, at which the rows fall due again if nobody writes them before.
	Until time.Time
	// Limit is how many rows at most; without one none are handed out.
	Limit int
}

// Due sets when a row falls due, and nothing else of it: its version stays.
type Due struct {
	Key string
	// At is in Unix milliseconds, 0 for never.
	At int64
}

// The errors of a store. Callers test them with errors.Is.
var (
	// ErrConflict: the row was changed since it was read, or exists already.
	ErrConflict = errors.New("the record was changed by somebody else meanwhile")
	// ErrNotFound: there is no such record.
	ErrNotFound = errors.New("no such record")
	// ErrUnavailable: the store cannot be reached or cannot commit now; nothing was acknowledged, try again.
	ErrUnavailable = errors.New("the store is not available")
)

// Store keeps rows. Both implementations pass storetest, which is its specification in full.
// Every write that returned without error is durable (majority, fsync).
type Store interface {
	// Get reads rows by key, in the order of keys; those that do not exist are left out.
	Get(ctx context.Context, table Table, keys ...string) ([]Row, error)
	// Apply makes the writes, each for itself: results[i] is nil, ErrConflict or another error for writes[i].
	// To change or remove a row that is not there is a conflict too.
	// err is for the batch as a whole, and then nothing is known of any write. No two writes of a batch
	// name the same row.
	Apply(ctx context.Context, writes []Write) (results []error, err error)
	// List reads the rows of a list, newest first (by Order, then by Key, both falling), or the other way round.
	List(ctx context.Context, table Table, list string, page Page) ([]Row, error)
	// Search reads the rows that have all terms and, if list is not empty, stand in that list, newest first.
	// Without terms and list these are all rows of the table.
	Search(ctx context.Context, table Table, list string, terms []string, page Page) ([]Row, error)
	// Claim hands out rows that are due, the longest due first, and moves their Due to claim.Until in the same
	// step, so that of several claimants each row goes to one. Their versions stay.
	Claim(ctx context.Context, claim Claim) ([]Row, error)
	// Reschedule sets Due of many rows at once without touching their versions; unknown keys are ignored.
	Reschedule(ctx context.Context, table Table, dues []Due) error
	// Count counts the rows of a list; beyond limit it stops and answers limit.
	Count(ctx context.Context, table Table, list string, limit int) (int, error)
	// Purge removes up to limit rows whose Order is before the moment and whose Due is 0, and says how many.
	Purge(ctx context.Context, table Table, before time.Time, limit int) (int, error)
	// Ping says within the context's time whether the store can commit.
	Ping(ctx context.Context) error
	Close() error
}

// Scrubber is a store in whose files removed data stays about until it is told to be thorough.
type Scrubber interface {
	// Scrub leaves nothing of removed rows in the store's files: neither documents nor terms. It may be repeated.
	Scrub(ctx context.Context) error
}

// BucketCount is into how many buckets due rows are divided among workers.
const BucketCount = 64

// Bucket is the hash bucket of a key.
func Bucket(key string) uint8 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return uint8(h.Sum32() % BucketCount)
}

// ErrorOf joins what Apply returns for a single write.
func ErrorOf(results []error, err error) error {
	if err != nil {
		return err
	}
	return errors.Join(results...)
}
