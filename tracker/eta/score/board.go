package score

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/ledger"
)

// Board keeps the scorecards in the store.
type Board struct {
	ledger *ledger.Ledger[Fact, Account]
}

// Fact is what a finished shipment, or one of its carriages, tells.
type Fact struct {
	Outcome *Outcome `cbor:"1,keyasint,omitempty"`
	Visits  []Visit  `cbor:"2,keyasint,omitempty"`
	// Undo: the outcome proved wrong and is taken back.
	Undo bool `cbor:"3,keyasint,omitempty"`
}

// Account is a card's week by day, or a facility's month.
//
//	key  "card/<scope>/<level>/<carrier>/<service>/<origin>><destination>/<week>", "dwell/<carrier>/<place>/<month>"
type Account struct {
	Days  map[int]*Tally `cbor:"1,keyasint,omitempty"`
	Dwell Dwell          `cbor:"2,keyasint,omitempty"`
}

const (
	cardPrefix, dwellPrefix = "card/", "dwell/"
	monthLayout             = "2006-01"
	dwellList               = "dwell"
	week                    = 7
	// kept is for how long counts are kept: the longest window and some days.
	kept = 100 * day
)

// Level is what a card is of: a carrier, one of its services, a lane of that.
type Level string

// The levels of cards.
const (
	ByCarrier Level = "carrier"
	ByService Level = "service"
	ByLane    Level = "lane"
)

// NewBoard makes a Board on a store.
func NewBoard(store tracker.Store) *Board {
	return &Board{ledger: &ledger.Ledger[Fact, Account]{Store: store, Table: tracker.Scores, Count: countInto, Keep: keep}}
}

// scopeOf is the scope of a tenant's cards; "" is that of all.
func scopeOf(tenant string) string {
	if tenant == "" {
		return "all"
	}
	return "tenant:" + word(tenant)
}

func listOf(scope string, level Level) string { return cardPrefix + scope + "/" + string(level) }

func (c Card) key(scope string, level Level, weekNumber int) string {
	service, lane := c.Service, c.Origin+">"+c.Destination
	if level == ByCarrier {
		service = ""
	}
	if level != ByLane {
		lane = ""
	}
	return strings.Join([]string{listOf(scope, level), word(c.Carrier), service, lane, strconv.Itoa(weekNumber)}, "/")
}

// cardOfKey reads a key.
func cardOfKey(key string) (card Card, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 7 {
		return card, false
	}
	card.Carrier, card.Service = parts[3], parts[4]
	card.Origin, card.Destination, _ = strings.Cut(parts[5], ">")
	return card, true
}

// keep says in which list an account stands and until when it is kept.
func keep(key string) (list string, until time.Time) {
	last := key[strings.LastIndexByte(key, '/')+1:]
	if strings.HasPrefix(key, dwellPrefix) {
		if end, ok := endOfMonth(last); ok {
			return dwellList, end.Add(kept)
		}
		return dwellList, time.Time{}
	}
	number, err := strconv.Atoi(last)
	parts := strings.SplitN(key, "/", 4)
	if err != nil || len(parts) != 4 {
		return "", time.Time{}
	}
	return strings.Join(parts[:3], "/"), time.Unix(0, 0).UTC().Add(time.Duration(number*week+week) * day).Add(kept)
}

func countInto(key string, account *Account, fact *Fact) error {
	if fact.Outcome != nil {
		if account.Days == nil {
			account.Days = map[int]*Tally{}
		}
		if account.Days[fact.Outcome.Day] == nil {
			account.Days[fact.Outcome.Day] = &Tally{}
		}
		if fact.Undo {
			return account.Days[fact.Outcome.Day].Remove(fact.Outcome)
		}
		return account.Days[fact.Outcome.Day].Add(fact.Outcome)
	}
	if account.Dwell == nil {
		account.Dwell = Dwell{}
	}
	for i := range fact.Visits {
		if fact.Visits[i].Account == key {
			if err := account.Dwell.add(&fact.Visits[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// outcomeID is the id under which a shipment's outcome is noted, as its lesson of a number.
func outcomeID(shipment string, lesson int) string {
	if lesson == 1 {
		return "shipment:" + shipment
	}
	return fmt.Sprintf("shipment:%s/%d", shipment, lesson)
}

// Unlearn takes back the shipment's latest lesson, whose outcome proved wrong. Again it changes nothing.
func (b *Board) Unlearn(ctx context.Context, t *tracker.Tracking, now time.Time) error {
	id := outcomeID(t.Shipment.ID, t.Shipment.Lesson.Number)
	fact, accounts, err := b.ledger.Noted(ctx, id)
	if err != nil || fact == nil {
		return err // it was never counted: its times could not be
	}
	fact.Undo = true
	if err := b.ledger.Note(ctx, "undo:"+id, *fact, now, accounts...); err != nil {
		return fmt.Errorf("take back the score of shipment %s: %w", t.Shipment.ID, err)
	}
	return nil
}

// Learn counts a finished shipment as its next lesson, and the stays of its carriages; each once, however often it is handed in within a
// month. One that is not finished, or of the sandbox, counts for nothing.
func (b *Board) Learn(ctx context.Context, t *tracker.Tracking, now time.Time) error {
	if t.Shipment == nil || t.Shipment.Test {
		return nil
	}
	card, outcome, ok := outcomeOf(t, now)
	if !ok {
		return nil
	}
	var accounts []string
	for _, scope := range []string{scopeOf(""), scopeOf(t.Shipment.Tenant)} {
		for _, level := range []Level{ByCarrier, ByService, ByLane} {
			accounts = append(accounts, card.key(scope, level, outcome.Day/week))
		}
	}
	id := outcomeID(t.Shipment.ID, t.Shipment.Lesson.Number+1)
	if err := b.ledger.Note(ctx, id, Fact{Outcome: &outcome}, now, accounts...); err != nil {
		return fmt.Errorf("score shipment %s: %w", t.Shipment.ID, err)
	}
	for i := range t.Carriages {
		visits := visitsOf(&t.Carriages[i])
		if len(visits) == 0 {
			continue
		}
		seen := map[string]bool{}
		var facilities []string
		for _, v := range visits {
			if !seen[v.Account] {
				seen[v.Account], facilities = true, append(facilities, v.Account)
			}
		}
		// Several sellers may follow one carriage: its first scan tells it from others under the same number.
		first := t.Carriages[i].Generation.Events[0].Time.Instant().Unix()
		id := fmt.Sprintf("stays:%s/%d", t.Carriages[i].LegKey, first)
		if err := b.ledger.Note(ctx, id, Fact{Visits: visits}, now, facilities...); err != nil {
			return fmt.Errorf("score the stays of %s: %w", t.Carriages[i].LegKey, err)
		}
	}
	return nil
}

// Fold brings what was learnt since the last time onto the board.
func (b *Board) Fold(ctx context.Context, now time.Time) error { return b.ledger.Fold(ctx, now) }
