package poll

import (
	"context"
	"sync"
	"time"

	"waybill/adapters/pull"
	"waybill/tracker"
)

// accountsFor is how long the accounts are believed before the store is asked for them again.
const accountsFor = 30 * time.Second

// opened is an account with its credentials open.
type opened struct {
	*pull.Account

	tenant  string
	version int64
}

// accounts are the accounts under which carriers are asked, kept open.
type accounts struct {
	poller *Poller

	mu        sync.Mutex
	list      []*opened
	refreshed time.Time
}

// refresh reads the accounts anew where they are no longer believed. One that cannot be opened is left out.
func (a *accounts) refresh(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.poller
	if now := p.Now(); !a.refreshed.IsZero() && now.Before(a.refreshed.Add(accountsFor)) {
		return nil
	}
	const most = 1000
	stored, err := tracker.LoadList[tracker.PullAccount](ctx, p.Store, tracker.ListAll, tracker.Page{Limit: most})
	if err != nil {
		return err
	}
	var list []*opened
	for _, one := range stored {
		if have := a.named(one.Key()); have != nil && have.version == one.Version() {
			list = append(list, have)
			continue
		}
		account, err := pull.Open(one, p.Keys)
		if err != nil {
			p.Log.Error("an account cannot be used; make it anew", "account", one.Key(), "error", err)
			continue
		}
		p.Asker.Forget(account.Key()) // what is kept of it was the old one's
		list = append(list, &opened{Account: account, tenant: one.Tenant, version: one.Version()})
	}
	a.list, a.refreshed = list, p.Now()
	return nil
}

func (a *accounts) named(key string) *opened {
	for _, account := range a.list {
		if account.Key() == key {
			return account
		}
	}
	return nil
}

// of is the account under which a seller's parcels of a carrier are asked about: its own, else the installation's;
// nil where there is neither.
func (a *accounts) of(carrier, tenant string) *opened {
	a.mu.Lock()
	defer a.mu.Unlock()
	var common *opened
	for _, account := range a.list {
		switch {
		case account.Carrier != carrier:
		case account.tenant == tenant && tenant != "":
			return account
		case account.tenant == "":
			common = account
		}
	}
	return common
}

// slots deals out when the calls of an account that has too much to ask are tried again: one after the other, in
// place of all at once.
type slots struct {
	mu   sync.Mutex
	next map[string]time.Time
}

// take gives the next slot of an account, not before a moment, and the following one a spacing later.
func (s *slots) take(account string, from time.Time, spacing time.Duration) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	slot := s.next[account]
	if slot.Before(from) {
		slot = from
	}
	s.next[account] = slot.Add(spacing)
	return slot
}
