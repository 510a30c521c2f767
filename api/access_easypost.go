package api

import (
	"time"

	"waybill/tracker"
)

// createListGone: EasyPost has taken it out of its own libraries; it is kept for old ones.
var createListGone = deprecation{since: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), instead: "POST /easypost/v2/trackers"}

// easypostAccess is EasyPost's API.
var easypostAccess = map[string]rule{
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
}
