package api

import (
	"slices"
	"time"

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
	// peopleRoles are all who sign in.
	peopleRoles = []tracker.Role{tracker.RoleSeller, tracker.RoleAgent, tracker.RoleOperator, tracker.RoleCarrier}
)

// createListGone: EasyPost has taken it out of its own libraries; it is kept for old ones.
var createListGone = deprecation{since: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), instead: "POST /easypost/v2/trackers"}

// rules is the one table of routes: a route that is not here cannot be served.
var rules = map[string]rule{
	// Carriers prove themselves by their account's own secret.
	"POST /v1/carriers/:carrier/:account/events": {class: scans, encoded: true, own: true},
	"GET /v1/carriers/:carrier/:account/events":  {class: scans, own: true},

	"POST /v1/fleet/scans": {class: scans, roles: fleetRoles, writes: true, encoded: true, own: true},

	"GET /v1/scorecards":                    {class: sellers, roles: append([]tracker.Role{tracker.RoleOperator}, sellerRoles...)},
	"GET /v1/facilities/dwell":              {class: sellers, roles: operatorRoles},
	"PUT /v1/fleet/routes/:id":              {class: scans, roles: fleetRoles, writes: true},
	"GET /v1/fleet/routes/:id":              {class: sellers, roles: append([]tracker.Role{tracker.RoleOperator}, fleetRoles...)},
	"POST /v1/fleet/routes/:id/stops/:stop": {class: scans, roles: fleetRoles, writes: true},
	"POST /v1/fleet/routes/:id/positions":   {class: scans, roles: fleetRoles, writes: true},

	"POST /v1/shipments":                   {class: sellers, roles: sellerRoles, writes: true, idempotent: true},
	"GET /v1/shipments":                    {class: sellers, roles: sellerRoles},
	"GET /v1/shipments/:id":                {class: sellers, roles: sellerRoles},
	"DELETE /v1/shipments/:id":             {class: sellers, roles: sellerRoles, writes: true},
	"GET /v1/shipments/:id/events":         {class: sellers, roles: sellerRoles},
	"POST /v1/shipments/:id/events":        {class: sellers, roles: sellerRoles, writes: true, idempotent: true},
	"POST /v1/shipments/:id/legs":          {class: sellers, roles: sellerRoles, writes: true, idempotent: true},
	"POST /v1/shipments/:id/subscriptions": {class: sellers, roles: sellerRoles, writes: true, idempotent: true},
	"GET /v1/shipments/:id/messages":       {class: sellers, roles: append([]tracker.Role{tracker.RoleSeller}, staffRoles...)},
	"POST /v1/messages/:id/resend": {
		class: sellers, roles: append([]tracker.Role{tracker.RoleSeller}, staffRoles...), writes: true,
	},
	"GET /v1/settings":   {class: sellers, roles: sellerRoles},
	"PATCH /v1/settings": {class: sellers, roles: sellerRoles, writes: true},
	"PUT /v1/settings/wordings/:moment/:channel/:locale":    {class: sellers, roles: sellerRoles, writes: true},
	"DELETE /v1/settings/wordings/:moment/:channel/:locale": {class: sellers, roles: sellerRoles, writes: true},
	"POST /v1/settings/preview":                             {class: sellers, roles: sellerRoles},
	"POST /v1/orders":                                       {class: sellers, roles: sellerRoles, writes: true, idempotent: true},
	"GET /v1/orders/:id":                                    {class: sellers, roles: sellerRoles},
	"POST /v1/orders/:id/events":                            {class: sellers, roles: sellerRoles, writes: true, idempotent: true},
	"POST /v1/detect":                                       {class: sellers, roles: append([]tracker.Role{tracker.RoleSeller}, staffRoles...)},

	// Answers that show a secret are not remembered under an idempotency key.
	"POST /v1/webhooks":                              {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"GET /v1/webhooks":                               {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks},
	"GET /v1/webhooks/:id":                           {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks},
	"PATCH /v1/webhooks/:id":                         {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"DELETE /v1/webhooks/:id":                        {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"POST /v1/webhooks/:id/secret":                   {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"POST /v1/webhooks/:id/enable":                   {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"POST /v1/webhooks/:id/test":                     {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"POST /v1/webhooks/:id/replay":                   {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true, idempotent: true},
	"GET /v1/webhooks/:id/deliveries":                {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks},
	"GET /v1/webhooks/:id/deliveries/:event":         {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks},
	"POST /v1/webhooks/:id/deliveries/:event/resend": {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},

	"POST /v1/estimates":         {class: sellers, roles: sellerRoles},
	"POST /v1/disruptions":       {class: sellers, roles: operatorRoles, by: byEither, writes: true},
	"GET /v1/disruptions":        {class: sellers, roles: operatorRoles, by: byEither},
	"DELETE /v1/disruptions/:id": {class: sellers, roles: operatorRoles, by: byEither, writes: true},

	"GET /v1/track/:number":                {class: lookups, own: true, quiet: true},
	"GET /v1/track/:number/live":           {class: lookups, quiet: true},
	"POST /v1/track/:number/proof":         {class: lookups},
	"POST /v1/track/:number/subscriptions": {class: lookups, writes: true},
	"OPTIONS /v1/track/*":                  {class: lookups, quiet: true},

	"GET /v1/keys":             {class: sellers, roles: sellerRoles, by: byEither, owners: true, scope: tracker.ScopeKeys},
	"POST /v1/keys":            {class: sellers, roles: sellerRoles, by: byEither, owners: true, scope: tracker.ScopeKeys, writes: true},
	"POST /v1/keys/:id/rotate": {class: sellers, roles: sellerRoles, by: byEither, owners: true, scope: tracker.ScopeKeys, writes: true},
	"DELETE /v1/keys/:id":      {class: sellers, roles: sellerRoles, by: byEither, owners: true, scope: tracker.ScopeKeys, writes: true},

	"POST /easypost/v2/trackers":                    {class: sellers, roles: sellerRoles, writes: true},
	"POST /easypost/v2/trackers/batch":              {class: sellers, roles: sellerRoles},
	"POST /easypost/v2/trackers/create_list":        {class: sellers, roles: sellerRoles, writes: true, deprecated: &createListGone},
	"GET /easypost/v2/trackers":                     {class: sellers, roles: sellerRoles},
	"GET /easypost/v2/trackers/:id":                 {class: sellers, roles: sellerRoles},
	"DELETE /easypost/v2/trackers/:id":              {class: sellers, roles: sellerRoles, writes: true},
	"POST /easypost/v2/webhooks":                    {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"GET /easypost/v2/webhooks":                     {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks},
	"GET /easypost/v2/webhooks/:id":                 {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks},
	"PATCH /easypost/v2/webhooks/:id":               {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"DELETE /easypost/v2/webhooks/:id":              {class: sellers, roles: sellerRoles, scope: tracker.ScopeWebhooks, writes: true},
	"GET /easypost/v2/events":                       {class: sellers, roles: sellerRoles},
	"GET /easypost/v2/events/:id":                   {class: sellers, roles: sellerRoles},
	"GET /easypost/v2/events/:id/payloads":          {class: sellers, roles: sellerRoles},
	"GET /easypost/v2/events/:id/payloads/:payload": {class: sellers, roles: sellerRoles},

	"GET /v1/search":                         {class: sellers, roles: staffRoles, by: byEither},
	"GET /v1/operator/carriers":              {class: sellers, roles: operatorRoles, by: byEither},
	"GET /v1/operator/quarantine":            {class: sellers, roles: operatorRoles, by: byEither},
	"GET /v1/operator/quarantine/:id":        {class: sellers, roles: operatorRoles, by: byEither},
	"GET /v1/operator/dead-tasks":            {class: sellers, roles: operatorRoles, by: byEither},
	"POST /v1/operator/dead-tasks/:id/retry": {class: sellers, roles: operatorRoles, by: byEither, writes: true},
	"POST /v1/providers/twilio/status":       {class: sellers, own: true},
	"POST /v1/providers/twilio/inbound":      {class: sellers, own: true},
	"POST /v1/messages/:id/shown":            {class: sellers, own: true},
	"POST /v1/providers/email":               {class: sellers, own: true},
	"GET /v1/push-key":                       {class: lookups, quiet: true},
	"GET /healthz":                           {class: operations, quiet: true},
	"GET /readyz":                            {class: operations, quiet: true},
	"GET /metrics":                           {class: operations, quiet: true},
	"GET /openapi.json":                      {class: lookups, quiet: true},
	"GET /docs":                              {class: lookups, quiet: true},
	"GET /":                                  {class: lookups, quiet: true},
	"GET /find":                              {class: lookups, quiet: true},
	"GET /t/:number":                         {class: lookups, own: true, quiet: true},
	"GET /t/:number/live":                    {class: lookups, quiet: true},
	"POST /t/:number/proof":                  {class: lookups},
	"POST /t/:number/subscriptions":          {class: lookups, writes: true},
	"GET /subscriptions/:id/confirm":         {class: lookups},
	"POST /subscriptions/:id/confirm":        {class: lookups},
	"GET /subscriptions/:id/unsubscribe":     {class: lookups},
	"POST /subscriptions/:id/unsubscribe":    {class: lookups},
	"GET /subscriptions/:id/preferences":     {class: lookups},
	"POST /subscriptions/:id/preferences":    {class: lookups},
	"GET /static/:name":                      {class: lookups, own: true, quiet: true},
	"GET /sw.js":                             {class: lookups, own: true, quiet: true},
	"GET /manifest.webmanifest":              {class: lookups, own: true, quiet: true},

	// What operators look at, mend, give out and erase, and their pages.
	"POST /v1/operator/quarantine/:id/replay": {class: sellers, roles: operatorRoles, by: byEither, writes: true},
	"GET /v1/operator/queues":                 {class: sellers, roles: operatorRoles, by: byEither},
	"GET /v1/operator/audit":                  {class: sellers, roles: operatorRoles, by: byEither},
	"POST /v1/operator/persons/find":          {class: sellers, roles: operatorRoles, by: byEither, writes: true},
	"POST /v1/operator/persons/export":        {class: sellers, roles: operatorRoles, by: byEither, writes: true},
	"POST /v1/operator/persons/erase":         {class: sellers, roles: operatorRoles, by: byEither, writes: true},
	"GET /operators/quarantine":               {class: sellers, roles: operatorRoles, by: bySession, quiet: true},
	"GET /operators/quarantine/:id":           {class: sellers, roles: operatorRoles, by: bySession},
	"POST /operators/quarantine/:id/replay":   {class: sellers, roles: operatorRoles, by: bySession, writes: true},
	"GET /operators/tasks":                    {class: sellers, roles: operatorRoles, by: bySession, quiet: true},
	"POST /operators/tasks/retry":             {class: sellers, roles: operatorRoles, by: bySession, writes: true},
	"GET /operators/persons":                  {class: sellers, roles: operatorRoles, by: bySession, quiet: true},
	"POST /operators/persons":                 {class: sellers, roles: operatorRoles, by: bySession, writes: true},
	"POST /operators/persons/export":          {class: sellers, roles: operatorRoles, by: bySession, writes: true},
	"POST /operators/persons/erase":           {class: sellers, roles: operatorRoles, by: bySession, writes: true},
	"GET /operators/audit":                    {class: sellers, roles: operatorRoles, by: bySession, quiet: true},

	// People sign in; what follows is their own.
	"GET /signin":            {class: lookups},
	"POST /signin":           {class: lookups},
	"GET /signin/code":       {class: lookups},
	"POST /signin/code":      {class: lookups},
	"GET /signin/enrol":      {class: lookups},
	"POST /signin/enrol":     {class: lookups},
	"POST /signout":          {class: lookups},
	"GET /home":              {class: sellers, roles: peopleRoles, by: bySession, quiet: true},
	"GET /account":           {class: sellers, roles: peopleRoles, by: bySession, quiet: true},
	"POST /account/seat":     {class: sellers, roles: peopleRoles, by: bySession},
	"POST /account/password": {class: sellers, roles: peopleRoles, by: bySession},
	"POST /account/recovery": {class: sellers, roles: peopleRoles, by: bySession},
	"POST /account/sessions": {class: sellers, roles: peopleRoles, by: bySession},

	// A seller's endpoints, on pages.
	"GET /webhooks":                               {class: sellers, roles: sellerRoles, by: bySession, quiet: true},
	"POST /webhooks":                              {class: sellers, roles: sellerRoles, by: bySession, writes: true},
	"GET /webhooks/:id":                           {class: sellers, roles: sellerRoles, by: bySession, quiet: true},
	"POST /webhooks/:id/test":                     {class: sellers, roles: sellerRoles, by: bySession, writes: true},
	"POST /webhooks/:id/enable":                   {class: sellers, roles: sellerRoles, by: bySession, writes: true},
	"POST /webhooks/:id/disable":                  {class: sellers, roles: sellerRoles, by: bySession, writes: true},
	"POST /webhooks/:id/replay":                   {class: sellers, roles: sellerRoles, by: bySession, writes: true},
	"GET /webhooks/:id/deliveries/:event":         {class: sellers, roles: sellerRoles, by: bySession, quiet: true},
	"POST /webhooks/:id/deliveries/:event/resend": {class: sellers, roles: sellerRoles, by: bySession, writes: true},

	"GET /outbox":     {class: lookups, quiet: true},
	"GET /outbox/:id": {class: lookups, quiet: true},
}

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
