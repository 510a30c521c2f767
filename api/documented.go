package api

import (
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"waybill/api/view"
	"waybill/api/web"
)

// plainRoute documents a route that is served without huma, for speed or since its body has no one form.
type plainRoute struct {
	id, method, path, tag, summary, description string
	// request is a value of the type that the JSON body has, a sample where the body has no one form.
	request any
	status  string
	// answer is a value of the type that is answered with.
	answer any
}

// sample is a body in a form that no schema tells.
type sample struct{ media, text string }

// lookUpQuery are the query parameters of the plain look-ups, and plainQuery who takes them.
var (
	lookUpQuery = []*huma.Param{
		{
			Name: "lang", In: "query", Description: "The language of the words; without it Accept-Language decides.",
			Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{"de"}},
		},
		{
			Name: "carrier", In: "query", Description: "Which of the candidates is meant.",
			Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{"ups"}},
		},
		{
			Name: "s", In: "query", Description: "The signature of a link that opens the details.",
			Schema: &huma.Schema{Type: huma.TypeString},
		},
	}
	signature  = []*huma.Param{lookUpQuery[0], lookUpQuery[2]}
	plainQuery = map[string][]*huma.Param{
		"track": lookUpQuery, "track-live": lookUpQuery, "track-cases": signature, "track-returns": signature, "track-return": signature, "track-report": signature, "track-write": signature,
		"track-wish": signature, "track-wishes": signature,
	}
)

var plainRoutes = []plainRoute{
	{
		"post-carrier-events", http.MethodPost, "/v1/carriers/{carrier}/{account}/events", "Carriers", "Post scans in the carrier's own format",
		"Proved by the account's secret: the header `credential` (UPS Track Alert), an HMAC-SHA256 of the body, HTTP Basic, or a " +
			"token. What cannot be read is kept, acknowledged with 202 and looked at by a person.",
		sample{fiber.MIMEApplicationJSON, `{"trackingNumber":"1Z999AA10123456784", …}`},
		"202",
		Accepted{},
	},
	{
		"get-carrier-event", http.MethodGet, "/v1/carriers/{carrier}/{account}/events", "Carriers", "Tell a scan by the query",
		"For carriers that do so (DPD's Tracking Push), with the account's secret as ?token=; answered in the carrier's own form.", nil, "200", nil,
	},
	{
		"post-fleet-scans", http.MethodPost, "/v1/fleet/scans", "Fleet", "Post scans of the in-house fleet",
		"One scan as a JSON object, several as a list, any number as NDJSON (Content-Type: application/x-ndjson).\n\nRoles: fleet.",
		sample{fiber.MIMEApplicationJSON, `{"code":"WB2345679ABCDEFGJ","kind":"barcode","action":"arrived","at":"2026-11-23T14:05:00+01:00","device":"scanner-7"}`},
		"202",
		Accepted{},
	},
	{
		"import-pickup-points", http.MethodPost, "/v1/pickup-points/import", "Pickup points", "Import pickup points",
		"CSV with a head line (Content-Type: text/csv), or NDJSON: one point a line, as it is put, with its `id`. A row with a mistake " +
			"costs no other.\n\nRoles: fleet, operator.",
		sample{"text/csv", "id,kind,name,lines,city,postal_code,country,lat,lon,hours,keep_days,capacity,compartments\n" +
			"BER-L12,locker,Locker 12,Karl-Marx-Allee 1,Berlin,10178,DE,52.5212,13.4184,always open,7,,S=10 M=8 L=2\n"},
		"200",
		ImportedPoints{},
	},
	{
		"post-proof", http.MethodPost, "/v1/fleet/shipments/{id}/proofs", "Fleet", "Bring a photo of a delivery, or a signature",
		"The body is the JPEG or PNG itself, up to 12 MB; ?kind=signature for a signature. It is turned, shrunk, freed of what the phone hides in " +
			"it, and sealed. Name its url in the delivering scan.\n\nRoles: fleet.",
		sample{"image/jpeg", ""},
		"201",
		ProofFile{},
	},
	{
		"track", http.MethodGet, "/v1/track/{number}", "Customers", "Look a number up",
		"No key, nothing personal, but for the details that a signed link opens. ETag and If-None-Match save the body.", nil, "200",
		view.Tracking{},
	},
	{
		"track-live", http.MethodGet, "/v1/track/{number}/live", "Customers", "Watch a number",
		"Server-sent events: the look-up anew after every change, as event `tracking`.", nil, "200",
		view.Tracking{},
	},
	{
		"track-proof", http.MethodPost, "/v1/track/{number}/proof", "Customers", "Open the details by the postal code",
		"The answer's Location has the signature that opens them from now on.",
		ProofInput{},
		"200",
		view.Tracking{},
	},
	{
		"track-returns", http.MethodGet, "/v1/track/{number}/returns", "Customers", "What the recipient sends back, and what still can be",
		"With the signature of the recipient's link.", nil, "200",
		TrackReturns{},
	},
	{
		"track-return", http.MethodPost, "/v1/track/{number}/returns", "Customers", "Send something back",
		"Within the seller's rules, with the signature of the recipient's link.",
		ReturnWish{},
		"201",
		TrackReturns{},
	},
	{
		"track-subscribe", http.MethodPost, "/v1/track/{number}/subscriptions", "Customers", "Be told of a shipment",
		"E-mail and SMS are asked to confirm first.",
		Wish{},
		"202",
		Asked{},
	},
	{
		"parcels-link", http.MethodPost, "/v1/parcels/link", "Customers", "Send a link to an address",
		"An e-mail or SMS with a link that shows all parcels that go to the address; nobody is told whether anything does. For apps: open " +
			"/parcels/enter?id=…&token=… yourself, as a deep link, and exchange both.",
		LinkInput{},
		"202", nil,
	},
	{
		"parcels-session", http.MethodPost, "/v1/parcels/session", "Customers", "Exchange a link for a token",
		"Each link once, within 20 minutes. With the token of before in Authorization, the new one shows the parcels of both addresses.",
		SessionInput{},
		"201",
		CustomerSession{},
	},
	{
		"parcels-leave", http.MethodDelete, "/v1/parcels/session", "Customers", "End a token; ?everywhere=true ends all of the same person",
		"", nil, "204", nil,
	},
	{
		"parcels", http.MethodGet, "/v1/parcels", "Customers", "All parcels of a person, over all sellers",
		"With the token as Authorization: Bearer. ?q= looks for an item, an order or a number.", nil, "200",
		Parcels{},
	},
	{
		"parcels-device", http.MethodPost, "/v1/parcels/devices", "Customers", "Have an app be told of all parcels",
		"With the token as Authorization: Bearer. Send it at each start of the app, as its platform advises: parcels that are new are " +
			"added. Each push carries a `url` to open, and `shown` to confirm it by.",
		DeviceInput{},
		"201",
		DeviceTold{},
	},
	{
		"parcels-device-remove", http.MethodPost, "/v1/parcels/devices/remove", "Customers", "Tell an app nothing more",
		"With the token as Authorization: Bearer; of no parcel of anybody.",
		DeviceInput{},
		"204", nil,
	},
	{
		"parcels-preferences", http.MethodGet, "/v1/parcels/{id}/preferences", "Customers", "How the recipient's addresses are told",
		"With the token as Authorization: Bearer. It holds for all parcels of the parcel's seller.", nil, "200",
		Preferences{},
	},
	{
		"parcels-prefer", http.MethodPut, "/v1/parcels/{id}/preferences", "Customers", "Choose how an address is told",
		"With the token as Authorization: Bearer.",
		PreferenceInput{},
		"200",
		Preferences{},
	},
	{
		"track-wish", http.MethodGet, "/v1/track/{number}/wish", "Customers", "How the recipient wants it delivered, and what can be wished for",
		"With the ?s= of the signed link.", nil, "200",
		WishOutput{},
	},
	{
		"track-wishes", http.MethodPost, "/v1/track/{number}/wish", "Customers", "Say how it is to be delivered",
		"With the ?s= of the signed link. Only what is offered; the latest wish counts.",
		WishInput{},
		"201",
		WishOutput{},
	},
	{
		"track-cases", http.MethodGet, "/v1/track/{number}/cases", "Customers", "What the recipient reported, and what became of it",
		"With the ?s= of the signed link.", nil, "200",
		TrackCases{},
	},
	{
		"track-report", http.MethodPost, "/v1/track/{number}/cases", "Customers", "Report a problem",
		"With the ?s= of the signed link. The kinds are missing, damaged, wrong_item, late, no_news, misinformation and something_else.",
		NewCase{},
		"201",
		TrackCases{},
	},
	{
		"track-write", http.MethodPost, "/v1/track/{number}/cases/{id}/messages", "Customers", "Write on to what was reported",
		"With the ?s= of the signed link.",
		TrackCaseMessage{},
		"201",
		TrackCases{},
	},
	{
		"message-shown", http.MethodPost, "/v1/messages/{id}/shown", "Customers", "Say that a device showed a push",
		"Apps post here, without a body, what the push carries as `shown`. A push that no device showed within two hours (20 " +
			"minutes where it is urgent) is told by e-mail, where the recipient gave an address.",
		nil, "204", nil,
	},
}

// documentPlainRoutes puts the routes that huma does not serve into the OpenAPI document.
func (s *Server) documentPlainRoutes() {
	document := s.api.OpenAPI()
	for _, r := range plainRoutes {
		op := &huma.Operation{
			OperationID: r.id, Method: r.method, Path: r.path, Tags: []string{r.tag}, Summary: r.summary, Description: r.description,
			Parameters: slices.Clone(plainQuery[r.id]),
			Responses:  map[string]*huma.Response{r.status: {Description: http.StatusText(http.StatusOK)}},
		}
		if r.answer != nil {
			schema := document.Components.Schemas.Schema(reflect.TypeOf(r.answer), true, r.id)
			op.Responses[r.status].Content = map[string]*huma.MediaType{"application/json": {Schema: schema}}
		}
		switch request := r.request.(type) {
		case nil:
		case sample:
			op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{request.media: request.documented()}}
		default:
			kind := reflect.TypeOf(request)
			s.bodies[kind] = document.Components.Schemas.Schema(kind, true, r.id)
			op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{fiber.MIMEApplicationJSON: {Schema: s.bodies[kind]}}}
		}
		for name := range pathParameters(r.path) {
			op.Parameters = append(op.Parameters, &huma.Param{
				Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			})
		}
		document.AddOperation(op)
	}
}

func (s sample) documented() *huma.MediaType {
	if s.text == "" {
		return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return &huma.MediaType{Example: s.text}
}

// documentProblems says of every operation that it may answer with a problem, in place of the error that huma would.
func (s *Server) documentProblems() {
	document := s.api.OpenAPI()
	answer := &huma.Response{
		Description: "A problem (RFC 9457). Decide by its code, never by its texts.",
		Content: map[string]*huma.MediaType{
			problemType: {Schema: document.Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")},
		},
	}
	for _, item := range document.Paths {
		for _, op := range operationsOf(item) {
			op.Responses["default"] = answer
		}
	}
	schemas := document.Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
}

// jsonAnswer describes an answer by its type, where an operation has several.
func (s *Server) jsonAnswer(description string, of reflect.Type) *huma.Response {
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{
		fiber.MIMEApplicationJSON: {Schema: s.api.OpenAPI().Components.Schemas.Schema(of, true, of.Name())},
	}}
}

// operationsOf are the operations of a path, by method.
func operationsOf(item *huma.PathItem) map[string]*huma.Operation {
	all := map[string]*huma.Operation{
		http.MethodGet: item.Get, http.MethodPut: item.Put, http.MethodPost: item.Post, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
	}
	maps.DeleteFunc(all, func(_ string, op *huma.Operation) bool { return op == nil })
	return all
}

// problemRows is the table of problems for the reference page.
func problemRows() []web.ProblemRow {
	rows := make([]web.ProblemRow, len(problemCodes))
	for i, row := range problemCodes {
		rows[i] = web.ProblemRow{Code: row.code, Title: row.title, Status: row.status}
	}
	return rows
}
