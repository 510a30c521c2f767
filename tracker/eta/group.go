package eta

import (
	"context"
	"fmt"
	"hash/crc32"
	"math"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"

	"waybill/tracker"
)

// halfLife is after how long a delivery counts half: networks change with seasons and contracts.
const halfLife = 90 * 24 * time.Hour

// landmark is the moment from which weights grow: a delivery weighs 2^(its time since / halfLife), and all weights are
// divided by that of now when they are used. Weights given at different times, by anybody, can thus be added.
var landmark = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

func weightAt(t time.Time) float64 { return math.Exp2(float64(t.Sub(landmark)) / float64(halfLife)) }

// neverOld begins the orders of groups, so that they are not purged with the samples. No list shows them.
var neverOld = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// group is what the deliveries of a group of lanes taught.
//
//	key  "group:<lane.groups>"
type group struct {
	// Weights are the weighted counts of transit times by bucket.
	Weights []float64 `cbor:"1,keyasint,omitempty"`
	// Errors are those of the carrier's own estimates, by errorBucket.
	Errors []float64 `cbor:"2,keyasint,omitempty"`
	// Deliveries counts them, unweighted.
	Deliveries int64 `cbor:"3,keyasint,omitempty"`
	// Pending are samples that are counted in but may not yet be marked as folded.
	Pending []string `cbor:"4,keyasint,omitempty"`

	row tracker.Row
}

const groupPrefix = "group:"

// addTo adds a weight to a bucket, making the list as long as it must be.
func addTo(list []float64, size, bucket int, weight float64) []float64 {
	if len(list) < size {
		list = append(list, make([]float64, size-len(list))...)
	}
	list[bucket] += weight
	return list
}

// counts are weights as they count now.
func counts(weights []float64, now time.Time) []float64 {
	scale := 1 / weightAt(now)
	out := make([]float64, len(weights))
	for i, w := range weights {
		out[i] = w * scale
	}
	return out
}

// readGroups reads groups from the store; new ones are empty.
func readGroups(ctx context.Context, store tracker.Store, keys []string) (map[string]*group, error) {
	rowKeys := make([]string, len(keys))
	groups := make(map[string]*group, len(keys))
	for i, key := range keys {
		rowKeys[i] = groupPrefix + key
		// Few rows may share an order: the hash parts them.
		groups[key] = &group{row: tracker.Row{Key: rowKeys[i], Order: neverOld + int64(crc32.ChecksumIEEE([]byte(key)))}}
	}
	rows, err := store.Get(ctx, tracker.Transits, rowKeys...)
	if err != nil {
		return nil, fmt.Errorf("read transit times: %w", err)
	}
	for _, row := range rows {
		g := groups[row.Key[len(groupPrefix):]]
		if err := cbor.Unmarshal(row.Doc, g); err != nil {
			return nil, fmt.Errorf("decode transit times %s: %w", row.Key, err)
		}
		g.row = row
	}
	return groups, nil
}

// write is the write that stores the group.
func (g *group) write() (tracker.Write, error) {
	doc, err := cbor.Marshal(g)
	if err != nil {
		return tracker.Write{}, fmt.Errorf("encode transit times %s: %w", g.row.Key, err)
	}
	row := g.row
	row.Doc = doc
	return tracker.Write{Table: tracker.Transits, Row: row}, nil
}

const (
	// cachedFor is how old groups may be that estimates rest on; cachedMost bounds how many are kept.
	cachedFor  = 30 * time.Second
	cachedMost = 20_000
)

// cache keeps groups that were read lately.
type cache struct {
	store tracker.Store

	mu     sync.Mutex
	groups map[string]cached
}

type cached struct {
	group *group
	at    time.Time
}

// get gives groups by key, from the cache where they are fresh. They must not be changed.
func (c *cache) get(ctx context.Context, keys []string, now time.Time) ([]*group, error) {
	found := make([]*group, len(keys))
	var missing []string
	c.mu.Lock()
	for i, key := range keys {
		if have, ok := c.groups[key]; ok && now.Sub(have.at).Abs() < cachedFor {
			found[i] = have.group
		} else {
			missing = append(missing, key)
		}
	}
	c.mu.Unlock()
	if len(missing) == 0 {
		return found, nil
	}
	read, err := readGroups(ctx, c.store, missing)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.groups)+len(read) > cachedMost || c.groups == nil {
		c.groups = make(map[string]cached, len(read))
	}
	for key, g := range read {
		c.groups[key] = cached{g, now}
	}
	for i, key := range keys {
		if found[i] == nil {
			found[i] = read[key]
		}
	}
	return found, nil
}
