package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// Rules lists the table of routes for the tests of other files.
func Rules() map[string]rule { return rules }

func (r rule) Roles() []string {
	var roles []string
	for _, role := range r.roles {
		roles = append(roles, string(role))
	}
	return roles
}

// BySession reports whether people alone may call the route.
func (r rule) BySession() bool { return r.by == bySession }

// ByEither reports whether people may call the route besides keys.
func (r rule) ByEither() bool { return r.by == byEither }

// Settle waits for what is done after answers have gone out.
func (s *Server) Settle() { s.behind.Wait() }

// Registered lists the routes that a server has, middleware and automatic ones left out.
func (s *Server) Registered() []string {
	var list []string
	for _, route := range s.app.GetRoutes(true) {
		if route.Method == http.MethodHead || route.Method == fiber.MethodConnect || route.Path == "/" && route.Method != http.MethodGet {
			continue
		}
		list = append(list, route.Method+" "+route.Path)
	}
	return list
}

func TestARouteWithoutARuleCannotBeServed(t *testing.T) {
	defer func() {
		if cause, _ := recover().(string); !strings.Contains(cause, "no rule for GET /nowhere") {
			t.Errorf("panic %q, want one that names the route", cause)
		}
	}()
	guarded{Router: fiber.New(), server: &Server{}}.Add(http.MethodGet, "/nowhere", func(*fiber.Ctx) error { return nil })
}

func TestWritingRoutesAreMarked(t *testing.T) {
	// Reading by POST: the number stands in the body. Carriers and providers have no keys. Proofs and confirmations
	// change nothing of a tenant's.
	reads := map[string]bool{
		"POST /v1/detect": true, "POST /v1/settings/preview": true, "POST /v1/estimates": true, "POST /v1/delivery-options": true, "POST /v1/labels": true, "POST /easypost/v2/trackers/batch": true,
		// Viewers too change what is their own.
		"POST /account/seat": true, "POST /account/password": true, "POST /account/recovery": true, "POST /account/sessions": true,
		// Tries a payload, and keeps nothing.
		"POST /carrier/try": true,
		// Shows a person; the audit log has it.
		"POST /agents/shipments/:id/show": true,
	}
	for route, r := range rules {
		if strings.HasPrefix(route, "POST ") && len(r.roles) > 0 && !r.writes && !reads[route] {
			t.Errorf("%s is open to keys that only read", route)
		}
	}
}

// OperationsOf are the operations of a path of the OpenAPI document, by method.
var OperationsOf = operationsOf
