package api

// carriersAccess is what carriers call; they prove themselves by their account's own secret.
var carriersAccess = map[string]rule{
	// Carriers prove themselves by their account's own secret.
	"POST /v1/carriers/:carrier/:account/events": {class: scans, encoded: true, own: true},
	"GET /v1/carriers/:carrier/:account/events":  {class: scans, own: true},

	// The pages of their integrators.
	"GET /carrier":         {class: sellers, roles: carrierRoles, by: bySession, quiet: true},
	"POST /carrier/secret": {class: sellers, roles: carrierRoles, by: bySession, writes: true},
	"GET /carrier/try":     {class: sellers, roles: carrierRoles, by: bySession, quiet: true},
	"POST /carrier/try":    {class: sellers, roles: carrierRoles, by: bySession},
}
