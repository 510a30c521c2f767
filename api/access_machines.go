package api

// machinesAccess is what providers and monitoring call.
var machinesAccess = map[string]rule{
	"POST /v1/providers/twilio/status":  {class: sellers, own: true},
	"POST /v1/providers/twilio/inbound": {class: sellers, own: true},
	"POST /v1/providers/email":          {class: sellers, own: true},
	"GET /healthz":                      {class: operations, quiet: true},
	"GET /readyz":                       {class: operations, quiet: true},
	"GET /metrics":                      {class: operations, quiet: true},
}
