package lastmile

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/ledger"
)

// Model keeps what stops taught in the store, shared by all workers.
type Model struct {
	ledger *ledger.Ledger[Fact, State]

	mu    sync.Mutex
	paces map[string]cachedPace
}

type cachedPace struct {
	pace *Pace
	at   time.Time
}

// network is the account that all stops are counted into.
const network = "network"

const (
	// cachedFor is how old a pace may be, cachedMost how many are kept.
	cachedFor  = 30 * time.Second
	cachedMost = 2_000
	// driverKept is for how long after its quarter what a driver taught is kept: it is about a person.
	driverKept = 92 * 24 * time.Hour
)

// NewModel makes a Model on a store.
func NewModel(store tracker.Store) *Model {
	return &Model{
		paces: map[string]cachedPace{},
		ledger: &ledger.Ledger[Fact, State]{
			Store: store, Table: tracker.Rounds,
			Count: func(_ string, account *State, fact *Fact) error { account.Add(fact); return nil },
			Keep: func(key string) (string, time.Time) {
				if quarter, ok := quarterOf(key); ok {
					return "", quarter.AddDate(0, 3, 0).Add(driverKept)
				}
				return "", time.Time{}
			},
		},
	}
}

func depotAccount(r *tracker.Route) string {
	if r.Depot == "" {
		return ""
	}
	return "depot/" + r.Depot
}

// driverAccount is of one driver in one quarter of a year.
func driverAccount(r *tracker.Route, at time.Time) string {
	if r.Driver == "" {
		return ""
	}
	return fmt.Sprintf("driver/%s/%s", r.Driver, quarter(at).Format("2006-01"))
}

func quarter(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
}

func quarterOf(account string) (time.Time, bool) {
	if !strings.HasPrefix(account, "driver/") {
		return time.Time{}, false
	}
	at, err := time.Parse("2006-01", account[strings.LastIndexByte(account, '/')+1:])
	return at, err == nil
}

// Pace is the pace of a route, from what is known now.
func (m *Model) Pace(ctx context.Context, r *tracker.Route, now time.Time) (*Pace, error) {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		zone = time.UTC
	}
	depot, driver, before := depotAccount(r), driverAccount(r, now), driverAccount(r, quarter(now).Add(-time.Hour))
	key := strings.Join([]string{zone.String(), depot, driver}, "|")
	m.mu.Lock()
	cached, known := m.paces[key]
	m.mu.Unlock()
	if known && now.Sub(cached.at).Abs() < cachedFor {
		return cached.pace, nil
	}
	keys := []string{network}
	for _, account := range []string{depot, driver, before} {
		if account != "" {
			keys = append(keys, account)
		}
	}
	states, err := m.ledger.Read(ctx, keys...)
	if err != nil {
		return nil, err
	}
	own := states[driver]
	if past := states[before]; own != nil && past != nil {
		own.Merge(past)
	}
	pace := NewPace(zone, states[network], states[depot], own, now)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.paces) >= cachedMost {
		clear(m.paces)
	}
	m.paces[key] = cachedPace{pace, now}
	return pace, nil
}

// Learn takes in what the closed stops of a route taught that were not learnt yet, and marks them; the caller stores the
// route. A stop is learnt once, though its mark may be lost.
func (m *Model) Learn(ctx context.Context, r *tracker.Route, pace *Pace, now time.Time) error {
	for i := range r.Stops {
		s := &r.Stops[i]
		if !s.Closed() || s.Learnt {
			continue
		}
		if fact, ok := pace.FactOf(r, i); ok {
			accounts := []string{network}
			for _, account := range []string{depotAccount(r), driverAccount(r, s.ClosedAt)} {
				if account != "" {
					accounts = append(accounts, account)
				}
			}
			id := fmt.Sprintf("%s/%x/%s", r.ID, r.CreatedAt.Unix(), s.ID)
			if err := m.ledger.Note(ctx, id, fact, now, accounts...); err != nil {
				return err
			}
		}
		s.Learnt, s.Foretold = true, nil
	}
	return nil
}

// Fold brings what was learnt since the last time into the forecasts.
func (m *Model) Fold(ctx context.Context, now time.Time) error { return m.ledger.Fold(ctx, now) }
