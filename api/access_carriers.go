package api

// carriersAccess is what carriers call; they prove themselves by their account's own secret.
var carriersAccess = map[string]rule{
	// Carriers prove themselves by their account's own secret.
	"POST /v1/carriers/:carrier/:account/events": {class: scans, encoded: true, own: true},
	"GET /v1/carriers/:carrier/:account/events":  {class: scans, own: true},
}
