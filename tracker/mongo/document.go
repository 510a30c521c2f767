package mongo

import (
	"go.mongodb.org/mongo-driver/bson"

	"waybill/tracker"
)

// A row is one document of its table's collection:
//
//	_id    key
//	v      version
//	ord    Order
//	due    Due; absent when it is never due, and b with it
//	b      Bucket of the key
//	ix     Indexed
//	lists  lists, never null
//	terms  terms, never null
//	doc    the encoded record
//	claim  who claimed it last: an id that each Claim makes for itself
//	must   an empty array, see updateModel
type document struct {
	Key     string `bson:"_id"`
	Version int64  `bson:"v"`
	Order   int64  `bson:"ord"`
	Due     int64  `bson:"due"`
	Indexed int64  `bson:"ix"`
	Doc     []byte `bson:"doc"`
}

// projection names the fields of document.
var projection = bson.D{{Key: "v", Value: 1}, {Key: "ord", Value: 1}, {Key: "due", Value: 1}, {Key: "ix", Value: 1}, {Key: "doc", Value: 1}}

// index is an index of every collection.
type index struct {
	keys   bson.D
	sparse bool
}

// indexes serve all filters and sorts of this package. An index can hold one array alone, so lists and terms have
// their own; whichever narrows a search better, the other is a filter. The index of what is due is sparse, as
// most rows are never due.
var indexes = []index{
	{keys: bson.D{{Key: "lists", Value: 1}, {Key: "ord", Value: -1}, {Key: "_id", Value: -1}}},
	{keys: bson.D{{Key: "terms", Value: 1}, {Key: "ord", Value: -1}, {Key: "_id", Value: -1}}},
	{keys: bson.D{{Key: "ord", Value: -1}, {Key: "_id", Value: -1}}},
	{keys: bson.D{{Key: "b", Value: 1}, {Key: "due", Value: 1}}, sparse: true},
}

func (d *document) row() tracker.Row {
	return tracker.Row{
		Key: d.Key, Version: d.Version, Order: d.Order, Due: d.Due, Doc: d.Doc,
		Indexed: uint64(d.Indexed), //nolint:gosec // bits
	}
}

// insertion is a row's first document.
func insertion(row *tracker.Row) bson.D {
	doc := bson.D{
		{Key: "_id", Value: row.Key},
		{Key: "v", Value: int64(1)},
		{Key: "ord", Value: row.Order},
		{Key: "ix", Value: int64(row.Index())}, //nolint:gosec // bits
		{Key: "lists", Value: array(row.Lists)},
		{Key: "terms", Value: array(row.Terms)},
		{Key: "doc", Value: notNil(row.Doc)},
		{Key: "must", Value: bson.A{}},
	}
	set, _ := dueFields(row.Key, row.Due)
	return append(doc, set...)
}

// change is the update of a row's document. Lists and terms are left alone where they are as Indexed says.
func change(row *tracker.Row) bson.D {
	set, unset := dueFields(row.Key, row.Due)
	set = append(set,
		bson.E{Key: "v", Value: row.Version + 1}, bson.E{Key: "doc", Value: notNil(row.Doc)},
		bson.E{Key: "must.$[]", Value: 0})
	if now := row.Index(); now != row.Indexed {
		set = append(set, bson.E{Key: "ix", Value: int64(now)}) //nolint:gosec // bits
		if now>>32 != row.Indexed>>32 {
			set = append(set, bson.E{Key: "lists", Value: array(row.Lists)})
		}
		if uint32(now) != uint32(row.Indexed) { //nolint:gosec // the lower half is meant
			set = append(set, bson.E{Key: "terms", Value: array(row.Terms)})
		}
	}
	return update(set, unset)
}

// dueFields say when a row falls due: what to set, or what to take away.
func dueFields(key string, due int64) (set, unset bson.D) {
	if due == 0 {
		return nil, bson.D{{Key: "due", Value: ""}, {Key: "b", Value: ""}}
	}
	return bson.D{{Key: "due", Value: due}, {Key: "b", Value: int32(tracker.Bucket(key))}}, nil
}

// update puts operators together; MongoDB refuses empty ones.
func update(set, unset bson.D) bson.D {
	var ops bson.D
	if len(set) > 0 {
		ops = append(ops, bson.E{Key: "$set", Value: set})
	}
	if len(unset) > 0 {
		ops = append(ops, bson.E{Key: "$unset", Value: unset})
	}
	return ops
}

// array is words as an array, each once; nil would become null.
func array(words []string) bson.A {
	all := make(bson.A, 0, len(words))
	seen := make(map[string]bool, len(words))
	for _, word := range words {
		if !seen[word] {
			seen[word] = true
			all = append(all, word)
		}
	}
	return all
}

func notNil(doc []byte) []byte {
	if doc == nil {
		return []byte{}
	}
	return doc
}
