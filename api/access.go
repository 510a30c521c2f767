package api

import (
	"maps"
	"slices"

	"waybill/tracker"
)

// class is what a request counts as when too much is going on: the lower classes are turned away first.
type class uint8

const (
	// lookups are public look-ups and pages, shed first.
	lookups class = iota
	// sellers are calls with a key, shed next.
	sellers
	// scans are posts of carriers and the fleet, taken in as long as the machine can.
	scans
	// operations are probes and metrics, never shed.
	operations
)

var classNames = [...]string{"lookups", "sellers", "scans", "operations"}

// String is the class's name in metrics.
func (c class) String() string { return classNames[c] }

// door is how callers of a route prove who they are.
type door uint8

const (
	// byKey: by an API key alone.
	byKey door = iota
	// byEither: by an API key, or by the cookie of a person who is signed in. A write with the cookie carries the form's
	// token too (csrf in a form, X-CSRF-Token else).
	byEither
	// bySession: by the cookie alone; pages of people. Without one a browser is led to /signin.
	bySession
)

// rule says who may call a route, and how it counts.
type rule struct {
	class class
	// roles may call it; none is everybody.
	roles []tracker.Role
	// by is how they prove it.
	by door
	// owners: of a seller's members only its owners may.
	owners bool
	// writes needs the scope write, all else read, unless scope names another.
	writes bool
	scope  tracker.Scope
	// encoded bodies are inflated by the handler itself, with a bound; elsewhere they are refused.
	encoded bool
	// idempotent routes remember their answer under the Idempotency-Key.
	idempotent bool
	// own: the route limits itself, by something else than address and key.
	own bool
	// deprecated says that the route will go; nil for all others.
	deprecated *deprecation
	// quiet requests are logged at level debug: pages refresh, probes come every second.
	quiet bool
}

// The roles of the table below.
var (
	sellerRoles   = []tracker.Role{tracker.RoleSeller}
	fleetRoles    = []tracker.Role{tracker.RoleFleet}
	staffRoles    = []tracker.Role{tracker.RoleAgent, tracker.RoleOperator}
	operatorRoles = []tracker.Role{tracker.RoleOperator}
	// caseRoles work on customers' problems: sellers on their own.
	caseRoles    = []tracker.Role{tracker.RoleSeller, tracker.RoleAgent, tracker.RoleOperator}
	carrierRoles = []tracker.Role{tracker.RoleCarrier}
	// peopleRoles are all who sign in.
	peopleRoles = []tracker.Role{tracker.RoleSeller, tracker.RoleAgent, tracker.RoleOperator, tracker.RoleCarrier}
)

// rules is the one table of routes, of all audiences: a route that is not here cannot be served.
var rules = func() map[string]rule {
	all := map[string]rule{}
	for _, of := range []map[string]rule{
		carriersAccess, fleetAccess, sellersAccess, easypostAccess, customersAccess, peopleAccess, staffAccess, machinesAccess,
	} {
		maps.Copy(all, of)
	}
	return all
}()

// needs is the scope that a key must have to call the route.
func (r *rule) needs() tracker.Scope {
	switch {
	case r.scope != "":
		return r.scope
	case r.writes:
		return tracker.ScopeWrite
	}
	return tracker.ScopeRead
}

// allows reports whether a role may call the route.
func (r *rule) allows(role tracker.Role) bool { return slices.Contains(r.roles, role) }
