package mongo

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
)

// listener hears every command and looks for the index that serves it.
type listener struct {
	t    *testing.T
	mu   sync.Mutex
	seen map[string]bool
}

// started is told each command before it is sent, perhaps several at once.
func (l *listener) started(_ context.Context, started *event.CommandStartedEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen[started.CommandName] = true
	var command struct {
		Filter   bson.Raw `bson:"filter"`
		Sort     bson.Raw `bson:"sort"`
		Updates  []filter `bson:"updates"`
		Deletes  []filter `bson:"deletes"`
		Pipeline []struct {
			Match bson.Raw `bson:"$match"`
		} `bson:"pipeline"`
	}
	if err := bson.Unmarshal(started.Command, &command); err != nil {
		l.t.Errorf("read the command %s: %v", started.CommandName, err)
	}
	switch {
	case len(command.Sort) > 5: // an empty document has five bytes
		l.seen["find sorted"] = true
		l.expectIndex(command.Filter, command.Sort, started)
	case started.CommandName == "find":
		l.expectIndex(command.Filter, nil, started)
	case started.CommandName == "aggregate":
		l.expectIndex(command.Pipeline[0].Match, nil, started)
	}
	for _, write := range slices.Concat(command.Updates, command.Deletes) {
		l.expectIndex(write.Query, nil, started)
	}
}

type filter struct {
	Query bson.Raw `bson:"q"`
}

func (l *listener) expectIndex(filter, sort bson.Raw, started *event.CommandStartedEvent) {
	if !slices.ContainsFunc(indexes, func(index index) bool { return index.serves(filter, sort) }) && !byKey(filter, sort) {
		l.t.Errorf("no index serves %.500s", started.Command)
	}
}

// byKey reports whether the index that every collection has on _id serves a query.
func byKey(filter, sort bson.Raw) bool {
	return index{keys: bson.D{{Key: "_id", Value: 1}}}.serves(filter, sort)
}

// serves reports whether the index narrows the filter, and gives the sort's order, by its prefix: first fields that
// the filter sets equal to something, then those of the sort, all in its direction or all against it.
func (i index) serves(filter, sort bson.Raw) bool {
	for at, key := range i.keys {
		rest := i.keys[at:]
		if at > 0 && sort == nil || sort != nil && sorts(rest, sort) && !(i.sparse && at == 0) {
			return true
		}
		if !equal(filter.Lookup(key.Key)) {
			return false
		}
	}
	return sort == nil
}

func sorts(keys bson.D, sort bson.Raw) bool {
	fields, err := sort.Elements()
	if err != nil || len(fields) > len(keys) {
		return false
	}
	turned := int64(0)
	for n, field := range fields {
		direction := field.Value().AsInt64() * int64(keys[n].Value.(int)) //nolint:forcetypeassert // as declared
		if field.Key() != keys[n].Key || turned != 0 && direction != turned {
			return false
		}
		turned = direction
	}
	return true
}

// equal reports whether a condition is one of equality, with one value or several.
func equal(condition bson.RawValue) bool {
	if condition.Type == 0 {
		return false
	}
	operators, ok := condition.DocumentOK()
	if !ok {
		return true
	}
	first, err := operators.IndexErr(0)
	return err == nil && (!strings.HasPrefix(first.Key(), "$") || slices.Contains([]string{"$in", "$all", "$eq"}, first.Key()))
}

func TestServes(t *testing.T) {
	lists := index{keys: bson.D{{Key: "lists", Value: 1}, {Key: "ord", Value: -1}, {Key: "_id", Value: -1}}}
	for name, test := range map[string]struct {
		filter, sort bson.D
		want         bool
	}{
		"equality, then the sort":           {bson.D{{Key: "lists", Value: "l"}}, bson.D{{Key: "ord", Value: -1}}, true},
		"the sort turned round":             {bson.D{{Key: "lists", Value: "l"}}, bson.D{{Key: "ord", Value: 1}, {Key: "_id", Value: 1}}, true},
		"the sort half turned round":        {bson.D{{Key: "lists", Value: "l"}}, bson.D{{Key: "ord", Value: 1}, {Key: "_id", Value: -1}}, false},
		"a sort by a field that is missing": {bson.D{{Key: "lists", Value: "l"}}, bson.D{{Key: "due", Value: 1}}, false},
		"no equality before the sort":       {bson.D{{Key: "terms", Value: "t"}}, bson.D{{Key: "ord", Value: -1}}, false},
		"a range before the sort":           {bson.D{{Key: "lists", Value: bson.D{{Key: "$gt", Value: "l"}}}}, bson.D{{Key: "ord", Value: -1}}, false},
		"no sort":                           {bson.D{{Key: "lists", Value: "l"}}, nil, true},
		"nothing of the index":              {bson.D{{Key: "due", Value: 1}}, nil, false},
	} {
		filter, sort := raw(t, test.filter), raw(t, test.sort)
		if got := lists.serves(filter, sort); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func raw(t *testing.T, doc bson.D) bson.Raw {
	t.Helper()
	if doc == nil {
		return nil
	}
	bytes, err := bson.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}
