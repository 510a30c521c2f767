package api

// peopleAccess is the way in, and what belongs to whoever is signed in.
var peopleAccess = map[string]rule{
	"GET /signin":               {class: lookups},
	"POST /signin":              {class: lookups},
	"GET /signin/oidc":          {class: lookups},
	"GET /signin/oidc/callback": {class: lookups},
	"GET /signin/code":          {class: lookups},
	"POST /signin/code":         {class: lookups},
	"GET /signin/enrol":         {class: lookups},
	"POST /signin/enrol":        {class: lookups},
	"POST /signout":             {class: lookups},
	"GET /home":                 {class: sellers, roles: peopleRoles, by: bySession, quiet: true},
	"GET /account":              {class: sellers, roles: peopleRoles, by: bySession, quiet: true},
	"POST /account/seat":        {class: sellers, roles: peopleRoles, by: bySession},
	"POST /account/password":    {class: sellers, roles: peopleRoles, by: bySession},
	"POST /account/recovery":    {class: sellers, roles: peopleRoles, by: bySession},
	"POST /account/sessions":    {class: sellers, roles: peopleRoles, by: bySession},
}
