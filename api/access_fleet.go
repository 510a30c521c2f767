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
	"GET /v1/fleet/routes/:id/wishes":       {class: scans, roles: fleetRoles},
	"POST /v1/fleet/shipments/:id/proofs":   {class: scans, roles: fleetRoles, writes: true},

	"PUT /v1/pickup-points/:id":           {class: scans, roles: siteRoles, writes: true},
	"PATCH /v1/pickup-points/:id":         {class: scans, roles: siteRoles, writes: true},
	"GET /v1/pickup-points/:id":           {class: sellers, roles: siteRoles},
	"GET /v1/pickup-points":               {class: sellers, roles: siteRoles},
	"POST /v1/pickup-points/import":       {class: scans, roles: siteRoles, writes: true, encoded: true},
	"POST /v1/pickup-points/:id/unlock":   {class: sellers, roles: operatorRoles, writes: true},
	"POST /v1/pickup-points/:id/deposits": {class: scans, roles: fleetRoles, writes: true},
	"POST /v1/pickup-points/:id/open":     {class: scans, roles: fleetRoles, writes: true},
	"GET /v1/pickup-stays/:id":            {class: sellers, roles: append([]tracker.Role{tracker.RoleSeller, tracker.RoleAgent}, siteRoles...)},
	"POST /v1/pickup-stays/:id/collected": {class: scans, roles: fleetRoles, writes: true},
	"POST /v1/pickup-stays/:id/taken-out": {class: scans, roles: fleetRoles, writes: true},
	"POST /v1/pickup-stays/:id/extension": {class: sellers, roles: append([]tracker.Role{tracker.RoleSeller, tracker.RoleAgent}, siteRoles...), writes: true},
}

// siteRoles are those who keep the register of places.
var siteRoles = []tracker.Role{tracker.RoleFleet, tracker.RoleOperator}
