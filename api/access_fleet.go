package api

import "waybill/tracker"

// fleetAccess is what the in-house fleet and its contractors call.
var fleetAccess = map[string]rule{
	"POST /v1/fleet/scans":                  {class: scans, roles: fleetRoles, writes: true, encoded: true, own: true},
	"GET /v1/facilities/dwell":              {class: sellers, roles: operatorRoles},
	"PUT /v1/fleet/routes/:id":              {class: scans, roles: fleetRoles, writes: true},
	"GET /v1/fleet/routes/:id":              {class: sellers, roles: append([]tracker.Role{tracker.RoleOperator}, fleetRoles...)},
	"POST /v1/fleet/routes/:id/stops/:stop": {class: scans, roles: fleetRoles, writes: true},
	"POST /v1/fleet/routes/:id/positions":   {class: scans, roles: fleetRoles, writes: true},
}
