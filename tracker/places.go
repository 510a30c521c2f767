package tracker

import "time"

// Names of lists. Package-external callers ask for lists by these functions only.

// ListOfNumber is the legs of a tracking number, over all carriers.
func ListOfNumber(number string) string { return "number:" + number }

// ListOfTenant is a seller's shipments, orders, keys or messages.
func ListOfTenant(tenant string) string { return "tenant:" + tenant }

// ListOfMilestone is a seller's shipments that stand at a milestone.
func ListOfMilestone(tenant string, m Milestone) string {
	return "milestone:" + tenant + "/" + m.String()
}

// ListOfOrder is the shipments of a seller's order.
func ListOfOrder(tenant, order string) string { return "order:" + tenant + "/" + order }

// ListOfReference is the shipments that a seller calls by one reference.
func ListOfReference(tenant, reference string) string { return "reference:" + tenant + "/" + reference }

// ListOfTrackingNumber is a seller's shipments that travel under a carrier's number.
func ListOfTrackingNumber(tenant, number string) string { return "code:" + tenant + "/" + number }

// ListOfTenantCarrier is a seller's shipments that travel with a carrier.
func ListOfTenantCarrier(tenant, carrier string) string { return "carrier:" + tenant + "/" + carrier }

// ListOfTag is a seller's shipments with a tag.
func ListOfTag(tenant, tag string) string { return "tag:" + tenant + "/" + tag }

// ListOfConsignment is the shipments that travel together.
func ListOfConsignment(tenant, consignment string) string {
	return "consignment:" + tenant + "/" + consignment
}

// ListOfShipment is the messages or subscriptions of a shipment.
func ListOfShipment(id string) string { return "shipment:" + id }

// ListOfDigest is the list of messages that wait for the daily mail of a preference.
func ListOfDigest(preference string) string { return "digest:" + preference }

// ListOfAddress is the subscriptions of an address, by its blind index.
func ListOfAddress(blind string) string { return "address:" + blind }

// ListOfProvider is the message that a provider knows by an id of its own.
func ListOfProvider(channel Channel, id string) string {
	return "provider:" + string(channel) + "/" + id
}

// ListOfAccount is the receipts that came through a carrier's account.
func ListOfAccount(carrier, account string) string { return "account:" + carrier + "/" + account }

// ListOfCarrier is the accounts, or the receipts, of a carrier.
func ListOfCarrier(carrier string) string { return "carrier:" + carrier }

const (
	// ListAll is every record of a table that keeps such a list (tenants, keys, accounts, dead tasks, messages).
	ListAll = "all"
	// ListQuarantine is the receipts of which nothing could be made.
	ListQuarantine = "quarantine"
	// ListUnsent is the messages whose outcome a person must look at: unknown or failed.
	ListUnsent = "unsent"
)

func (r *Receipt) place() place {
	lists := []string{ListOfCarrier(r.Carrier)}
	if r.Account != "" {
		lists = append(lists, ListOfAccount(r.Carrier, r.Account))
	}
	if r.Quarantine != "" {
		lists = append(lists, ListQuarantine)
	}
	return place{table: Receipts, key: r.ID, order: r.ReceivedAt, lists: lists, due: r.due}
}

func (l *Leg) place() place {
	p := place{table: Legs, key: l.LegKey.String(), order: l.CreatedAt, lists: []string{ListOfNumber(l.Number)}}
	if l.Effect != nil {
		p.due = dueAt(l.Effect.Since)
	}
	return p
}

func (s *Shipment) place() place {
	lists := []string{ListOfTenant(s.Tenant), ListOfMilestone(s.Tenant, s.View.Milestone)}
	if s.Order != "" {
		lists = append(lists, ListOfOrder(s.Tenant, s.Order))
	}
	if s.Consignment != "" {
		lists = append(lists, ListOfConsignment(s.Tenant, s.Consignment))
	}
	if s.Reference != "" {
		lists = append(lists, ListOfReference(s.Tenant, s.Reference))
	}
	lists = append(append(lists, s.kindLists()...), s.watchLists()...)
	p := place{table: Shipments, key: s.ID, order: s.CreatedAt, lists: lists, terms: s.searchTerms()}
	p.due = dueAt(s.View.NextLook)
	if !s.Registered {
		p.due = dueAt(s.CreatedAt.Add(registerWithin))
	}
	return p
}

func (o *Order) place() place {
	p := place{table: Orders, key: o.Tenant + "/" + o.Number, order: o.CreatedAt, lists: []string{ListOfTenant(o.Tenant)}}
	if o.Effect != nil {
		p.due = dueAt(o.Effect.Since)
	}
	return p
}

func (m *Message) place() place {
	lists := []string{ListAll, ListOfShipment(m.Shipment), ListOfTenant(m.Tenant)}
	if m.Provider != "" {
		lists = append(lists, ListOfProvider(m.Channel, m.Provider))
	}
	if m.State == MessageUnknown || m.State == MessageFailed {
		lists = append(lists, ListUnsent)
	}
	if m.Digest != "" && m.State == MessageDecided {
		lists = append(lists, ListOfDigest(m.Digest))
	}
	p := place{table: Messages, key: m.ID, order: m.DecidedAt, lists: lists}
	switch m.State {
	case MessageDecided, MessageSending, MessageSent, MessageUnknown: // a push that was sent waits to be shown
		p.due = dueAt(m.DueAt)
	case MessageArrived, MessageFailed, MessageSuppressed:
	}
	return p
}

func (s *Subscription) place() place {
	return place{
		table: Subscriptions, key: s.ID, order: s.CreatedAt,
		lists: []string{ListOfShipment(s.Shipment), ListOfAddress(s.Blind)},
	}
}

func (s *Suppression) place() place { return place{table: Suppressions, key: s.Key, order: s.At} }

func (t *Tenant) place() place {
	return place{table: Tenants, key: t.ID, order: t.CreatedAt, lists: []string{ListAll}}
}

func (k *Key) place() place {
	lists := []string{ListAll}
	if k.Tenant != "" {
		lists = append(lists, ListOfTenant(k.Tenant))
	}
	return place{table: Keys, key: k.Hash, order: k.CreatedAt, lists: lists}
}

func (a *Account) place() place {
	return place{
		table: Accounts, key: AccountKey(a.Carrier, a.Name), order: a.CreatedAt,
		lists: []string{ListAll, ListOfCarrier(a.Carrier)},
	}
}

// AccountKey is the key of a carrier's account.
func AccountKey(carrier, name string) string { return carrier + "/" + name }

func (d *DataKey) place() place { return place{table: DataKeys, key: d.ID, order: d.CreatedAt} }

func (d *DeadTask) place() place {
	return place{table: DeadTasks, key: d.ID, order: d.At, lists: []string{ListAll}}
}

func (a *Answer) place() place { return place{table: Idempotency, key: a.Key, order: a.CreatedAt} }

// dueAt is the earliest of some moments as a row's Due; zero times are never.
func dueAt(moments ...time.Time) int64 {
	var earliest int64
	for _, t := range moments {
		if t.IsZero() {
			continue
		}
		if ms := t.UnixMilli(); earliest == 0 || ms < earliest {
			earliest = ms
		}
	}
	return earliest
}
