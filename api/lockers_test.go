package api_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waybill/api"
	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/eta"
	"waybill/tracker/pickup"
)

// locker registers a locker with one compartment of each size given.
func (h *house) locker(id string, lat, lon float64, sizes ...string) {
	h.t.Helper()
	compartments := []any{}
	for i, size := range sizes {
		compartments = append(compartments, map[string]any{"id": string(rune('1' + i)), "size": size})
	}
	a := h.do(http.MethodPut, "/v1/pickup-points/"+id, h.fleet, map[string]any{
		"kind": "locker", "name": "Locker " + id, "lat": lat, "lon": lon, "hours": "always open", "keep_days": 3, "compartments": compartments,
		"address": map[string]any{"lines": []string{"Karl-Marx-Allee 1"}, "city": "Berlin", "postal_code": "10178", "country": "DE"},
	})
	if a.status != http.StatusOK {
		h.t.Fatalf("%d %s", a.status, a.body)
	}
}

func (h *house) pickups() *pickup.Desk {
	return &pickup.Desk{Store: h.store, Keys: h.keys, Ingest: h.ingest, Now: h.clock.now, Log: slog.New(slog.DiscardHandler)}
}

// codeOf is the code that the recipient's own page shows.
func (h *house) codeOf(id string) string {
	h.t.Helper()
	page := h.do(http.MethodGet, "/v1/track/"+id+"?lang=en&s="+url.QueryEscape(h.keys.Sign(notify.LinkTrack, id)), "", nil)
	code := regexp.MustCompile(`"pickup_code":"(\d{8})"`).FindSubmatch(page.body)
	if code == nil {
		h.t.Fatalf("the recipient is shown no code: %s", page.body)
	}
	return string(code[1])
}

func (h *house) milestone(id string) string {
	h.t.Helper()
	tracking, _ := h.do(http.MethodGet, "/v1/track/"+id, "", nil).json(h.t)["milestone"].(string)
	return tracking
}

// expect fails unless the answer has the status; it gives the answer.
func (h *house) expect(status int, method, path, key string, body any) answer {
	h.t.Helper()
	a := h.do(method, path, key, body)
	if a.status != status {
		h.t.Fatalf("%s %s: %d, want %d: %s", method, path, a.status, status, a.body)
	}
	return a
}

func TestAParcelIsReservedDepositedOpenedAndCollected(t *testing.T) {
	h := newHouse(t)
	h.locker("L1", 52.5212, 13.4184, "S", "M", "L")
	made := h.expect(201, "POST", "/v1/pickup-reservations", h.seller, `{"point":"L1","size":"M","reference":"cart-17"}`).json(t)
	stay, _ := made["id"].(string)
	id := h.shipment(map[string]any{"recipient": ada})
	h.expect(404, "POST", "/v1/pickup-reservations/"+stay+"/shipment", h.rival, `{"shipment":"`+id+`"}`)
	h.expect(200, "POST", "/v1/pickup-reservations/"+stay+"/shipment", h.seller, `{"shipment":"`+id+`"}`)

	put := h.expect(201, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+id+`"}`).json(t)
	if put["compartment"] != "2" || put["state"] != "waiting" || put["id"] != stay {
		t.Fatalf("%v", put)
	}
	if again := h.expect(201, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+id+`"}`).json(t); again["compartment"] != "2" {
		t.Errorf("put in again: %v", again)
	}
	code := h.codeOf(id)
	if h.milestone(id) != "available_for_pickup" {
		t.Errorf("it stands at %s", h.milestone(id))
	}
	h.expect(403, "POST", "/v1/pickup-points/L1/open", h.fleet, `{"code":"00000000"}`)
	opened := h.expect(200, "POST", "/v1/pickup-points/L1/open", h.fleet, `{"code":" `+code[:4]+" "+code[4:]+`"}`).json(t)
	if opened["compartment"] != "2" || opened["shipment"] != id {
		t.Errorf("the code opens %v", opened)
	}
	h.clock.move(time.Hour)
	h.expect(200, "POST", "/v1/pickup-stays/"+stay+"/collected", h.fleet, nil)
	h.expect(200, "POST", "/v1/pickup-stays/"+stay+"/collected", h.fleet, nil)
	h.expect(403, "POST", "/v1/pickup-points/L1/open", h.fleet, `{"code":"`+code+`"}`)
	if h.milestone(id) != "delivered" {
		t.Errorf("collected, it stands at %s", h.milestone(id))
	}
	point := h.expect(200, "GET", "/v1/pickup-points/L1", h.operator, nil).json(t)
	if point["waiting"] != 0.0 || point["reserved"] != 0.0 {
		t.Errorf("its place is not free: %v", point)
	}
	h.codeIsNowhere(code)
}

// codeIsNowhere fails where a code stands open in the log or in any record.
func (h *house) codeIsNowhere(code string) {
	h.t.Helper()
	if strings.Contains(h.log.String(), code) {
		h.t.Error("the log has the code")
	}
	for _, table := range tracker.Tables() {
		rows, err := h.store.Search(h.t.Context(), table, "", nil, tracker.Page{Limit: 1000})
		must(h.t, err)
		for _, row := range rows {
			if bytes.Contains(row.Doc, []byte(code)) {
				h.t.Errorf("a record of %s has the code in the clear", table)
			}
		}
	}
}

func TestCodesThatAreGuessedLockThePointAndAnOperatorIsTold(t *testing.T) {
	h := newHouse(t)
	h.locker("L1", 52.5212, 13.4184, "M")
	id := h.shipment(map[string]any{"recipient": ada})
	h.expect(201, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+id+`"}`)
	code := h.codeOf(id)
	for range pickup.WrongMost {
		h.expect(403, "POST", "/v1/pickup-points/L1/open", h.fleet, `{"code":"11111111"}`)
	}
	locked := h.expect(429, "POST", "/v1/pickup-points/L1/open", h.fleet, `{"code":"`+code+`"}`)
	if locked.header.Get("Retry-After") == "" {
		t.Error("it does not say when to come back")
	}
	trouble := h.expect(200, "GET", "/v1/pickup-points?trouble=true", h.operator, nil).json(t)["items"].([]any) //nolint:forcetypeassert // fails the test
	if len(trouble) != 1 || !strings.Contains(h.log.String(), "codes were guessed") {
		t.Errorf("operators are not told: %v", trouble)
	}
	h.expect(403, "POST", "/v1/pickup-points/L1/unlock", h.fleet, nil)
	h.expect(200, "POST", "/v1/pickup-points/L1/unlock", h.operator, nil)
	h.expect(200, "POST", "/v1/pickup-points/L1/open", h.fleet, `{"code":"`+code+`"}`)
}

func TestAParcelThatNobodyCollectsIsExtendedOnceAndGoesBack(t *testing.T) {
	h := newHouse(t)
	h.locker("L1", 52.5212, 13.4184, "M")
	id := h.shipment(map[string]any{"recipient": ada})
	stay, _ := h.expect(201, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+id+`"}`).json(t)["id"].(string)
	code := h.codeOf(id)
	h.expect(404, "POST", "/v1/pickup-stays/"+id+"/extension", h.rival, nil)
	h.expect(200, "POST", "/v1/pickup-stays/"+id+"/extension", h.seller, nil)
	h.expect(409, "POST", "/v1/pickup-stays/"+id+"/extension", h.agent, nil)
	h.clock.move(5 * 24 * time.Hour)
	must(t, h.pickups().Look(t.Context(), stay))
	if h.milestone(id) != "available_for_pickup" {
		t.Errorf("before its time it stands at %s", h.milestone(id))
	}
	h.clock.move(2 * 24 * time.Hour)
	must(t, h.pickups().Look(t.Context(), stay))
	if h.milestone(id) != "returning" {
		t.Errorf("nobody collected it, and it stands at %s", h.milestone(id))
	}
	h.expect(403, "POST", "/v1/pickup-points/L1/open", h.fleet, `{"code":"`+code+`"}`)
	other := h.shipment(map[string]any{"recipient": ada})
	h.expect(409, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+other+`"}`)
	h.expect(200, "POST", "/v1/pickup-stays/"+stay+"/taken-out", h.fleet, nil)
	h.expect(201, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+other+`"}`)
}

func TestABrokenOrClosedLockerRedirectsBeforeTheDriverArrives(t *testing.T) {
	h := newHouse(t)
	h.locker("L1", 52.5212, 13.4184, "M", "M")
	h.locker("FULL", 52.5213, 13.4185, "S")
	h.locker("FAR", 52.5600, 13.4184, "M", "M")
	h.locker("NEAR", 52.5250, 13.4184, "L")
	var ids [2]string
	for i := range ids {
		ids[i] = h.shipment(map[string]any{"recipient": ada})
		h.expect(201, "POST", "/v1/pickup-reservations", h.seller, `{"point":"L1","size":"M","shipment":"`+ids[i]+`"}`)
	}
	h.expect(409, "POST", "/v1/pickup-reservations", h.seller, `{"point":"L1","size":"S"}`)
	where := func(id string) any {
		return h.expect(200, "GET", "/v1/pickup-stays/"+id, h.seller, nil).json(t)["point"]
	}
	h.expect(200, "PATCH", "/v1/pickup-points/L1", h.fleet, `{"broken":["1"]}`)
	must(t, h.pickups().Relieve(t.Context(), "L1"))
	if where(ids[0]) != "L1" || where(ids[1]) != "NEAR" {
		t.Fatalf("one door is broken: %v and %v", where(ids[0]), where(ids[1]))
	}
	h.expect(200, "PATCH", "/v1/pickup-points/L1", h.fleet, `{"closed":true}`)
	must(t, h.pickups().Relieve(t.Context(), "L1"))
	if where(ids[0]) != "FAR" {
		t.Fatalf("closed: %v", where(ids[0]))
	}
	page := string(h.do(http.MethodGet, "/v1/track/"+ids[0]+"?lang=en", "", nil).body)
	if !strings.Contains(page, "Locker FAR") {
		t.Errorf("the page does not say so: %s", page)
	}
	full := h.expect(409, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+h.shipment(nil)+`"}`)
	if near, _ := full.json(t)["near"].([]any); len(near) != 1 || near[0] != "FAR" {
		t.Errorf("a driver is told %s", full.body)
	}
}

func TestMistakesAtPickupPointsAreNamed(t *testing.T) {
	h := newHouse(t)
	h.locker("L1", 52.5212, 13.4184, "M")
	id, other := h.shipment(nil), h.shipment(nil)
	h.expect(201, "POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"`+id+`"}`)
	locker := `{"kind":"locker","name":"x","lat":52.5,"lon":13.4,"hours":"x"`
	for name, c := range map[string]struct {
		method, path, key, body string
		status                  int
		says                    string
	}{
		"a parcel nobody registered":           {"POST", "/v1/pickup-points/L1/deposits", h.fleet, `{"shipment":"` + tracker.NewTrackingID() + `"}`, 422, "no shipment"},
		"a point that is not":                  {"POST", "/v1/pickup-points/L9/deposits", h.fleet, `{"shipment":"` + other + `"}`, 404, ""},
		"a reservation at a point that is not": {"POST", "/v1/pickup-reservations", h.seller, `{"point":"L9"}`, 422, "no such pickup point"},
		"another one's shipment":               {"POST", "/v1/pickup-reservations", h.rival, `{"point":"L1","shipment":"` + id + `"}`, 422, "no shipment"},
		"a parcel in a second place":           {"POST", "/v1/pickup-reservations", h.seller, `{"point":"L1","shipment":"` + id + `"}`, 409, ""},
		"a door that is not":                   {"PATCH", "/v1/pickup-points/L1", h.fleet, `{"broken":["9"]}`, 422, "no compartment"},
		"a door in use taken out":              {"PUT", "/v1/pickup-points/L1", h.fleet, locker + `,"compartments":[{"id":"2","size":"M"}]}`, 409, "has a parcel in it"},
		"in the ocean":                         {"PUT", "/v1/pickup-points/L2", h.fleet, `{"kind":"counter","name":"x","lat":0,"lon":0,"hours":"x","capacity":1}`, 422, "ocean"},
		"a counter without room":               {"PUT", "/v1/pickup-points/L2", h.fleet, `{"kind":"counter","name":"x","lat":1,"lon":1,"hours":"x"}`, 422, "capacity"},
		"a locker without doors":               {"PUT", "/v1/pickup-points/L2", h.fleet, locker + `}`, 422, "compartments"},
		"two doors of one name":                {"PUT", "/v1/pickup-points/L2", h.fleet, locker + `,"compartments":[{"id":"2","size":"M"},{"id":"2","size":"S"}]}`, 422, "another one"},
		"an extension of what is not":          {"POST", "/v1/pickup-stays/" + other + "/extension", h.seller, ``, 404, ""},
		"collected by a seller":                {"POST", "/v1/pickup-stays/" + id + "/collected", h.seller, ``, 403, ""},
	} {
		var body any
		if c.body != "" {
			body = c.body
		}
		if a := h.do(c.method, c.path, c.key, body); a.status != c.status || !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func TestPickupPointsAreImportedRowByRow(t *testing.T) {
	h := newHouse(t)
	table := "id,kind,name,lines,city,country,lat,lon,hours,capacity,compartments\n" +
		"A1,locker,Locker A1,Main Street 1,Berlin,DE,52.52,13.41,always,,S=2 M=1\n" +
		"A2,counter,Shop A2,,Berlin,DE,north,13.41,8-20,10,\n" +
		"A3,kiosk,Kiosk,,Berlin,DE,52.5,13.4,8-20,10,\n" +
		"A4,counter,\"Shop, the \"\"old\"\" one\",,Berlin,DE,52.5,13.4,8-20,10,\n" +
		"A 5,counter,Shop,,Berlin,DE,52.5,13.4,8-20,10,\n" +
		"A6,locker,Locker,,Berlin,DE,52.5,13.4,8-20,,M=many\n"
	a := h.do(http.MethodPost, "/v1/pickup-points/import", h.operator, table, "Content-Type", "text/csv")
	if a.status != http.StatusOK || a.json(t)["imported"] != 2.0 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, says := range []string{`"row":3,"field":"lat"`, `"row":4,"field":"kind"`, `"row":6,"field":"id"`, `"row":7,"field":"compartments"`} {
		if !strings.Contains(string(a.body), says) {
			t.Errorf("it does not say %s: %s", says, a.body)
		}
	}
	space := h.expect(200, "GET", "/v1/pickup-points/A1", h.fleet, nil).json(t)["space"].(map[string]any) //nolint:forcetypeassert // fails the test
	if space["S"] != 3.0 || space["M"] != 1.0 || space["L"] != 0.0 {
		t.Errorf("A1 has space for %v", space)
	}
	lines := `{"id":"B1","kind":"counter","name":"Shop","lat":52.5,"lon":13.4,"hours":"8-20","capacity":3}` + "\n{oops\n" + `{"id":"B2","kind":"counter","weight":1}` + "\n"
	b := h.do(http.MethodPost, "/v1/pickup-points/import", h.fleet, lines, "Content-Type", "application/x-ndjson")
	if b.json(t)["imported"] != 1.0 || len(b.json(t)["errors"].([]any)) != 2 { //nolint:forcetypeassert // fails the test
		t.Errorf("%s", b.body)
	}
	for name, c := range map[string]struct {
		body, contentType string
		status            int
	}{
		"no head":           {"", "text/csv", 400},
		"a head that lacks": {"id,name\n", "text/csv", 400},
		"a picture":         {"x", "image/png", 415},
	} {
		if a := h.do(http.MethodPost, "/v1/pickup-points/import", h.fleet, c.body, "Content-Type", c.contentType); a.status != c.status {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// soon answers that everything comes in two days.
type soon struct{}

func (soon) Ask(_ context.Context, q *eta.Question, now time.Time) (*eta.Answer, error) {
	if q.Level == tracker.SameDay {
		return nil, errors.New("no such service")
	}
	at := now.Add(48 * time.Hour)
	return &eta.Answer{Estimate: &tracker.Estimate{P10: at, P50: at, P90: at.Add(time.Hour), Zone: "Europe/Berlin"}, ArrivesBy: at}, nil
}

func TestDeliveryOptionsHaveServicesAndTheNearestPointsWithRoom(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Estimator = soon{} })
	h.locker("NEAR", 52.5212, 13.4184, "M")
	h.locker("NEXT", 52.5312, 13.4184, "L")
	h.locker("SMALL", 52.5213, 13.4184, "S")
	h.locker("PARIS", 48.8566, 2.3522, "M")
	one := `"origin":{"city":"Köln","country":"DE"},"destination":{"city":"Berlin","country":"DE"},"purchased_at":"2026-11-23T12:00:00Z"`
	ask := func() []any {
		a := h.expect(200, "POST", "/v1/delivery-options", h.seller, `{"options":[
			{"reference":"a",`+one+`,"lat":52.5210,"lon":13.4180,"services":[{"level":"standard"},{"carrier":"dhl","level":"express"}]},
			{"reference":"b",`+one+`,"size":"XXL"},
			{"reference":"c",`+one+`,"lat":52.5210}]}`)
		options, _ := a.json(t)["options"].([]any)
		return options
	}
	options := ask()
	first, _ := options[0].(map[string]any)
	points, _ := first["pickup_points"].([]any)
	names := func(points []any) (out []any) {
		for _, p := range points {
			out = append(out, p.(map[string]any)["id"]) //nolint:forcetypeassert // fails the test
		}
		return out
	}
	if services, _ := first["services"].([]any); len(services) != 2 || len(points) != 2 || names(points)[0] != "NEAR" || names(points)[1] != "NEXT" {
		t.Fatalf("%v", first)
	}
	for i := 1; i < 3; i++ {
		if wrong, _ := options[i].(map[string]any); wrong["status"] != 422.0 {
			t.Errorf("a mistake is not told: %v", wrong)
		}
	}
	h.expect(201, "POST", "/v1/pickup-reservations", h.seller, `{"point":"NEAR","size":"M"}`)
	first, _ = ask()[0].(map[string]any)
	if points, _ := first["pickup_points"].([]any); len(points) != 1 || names(points)[0] != "NEXT" {
		t.Errorf("a point that is full is offered: %v", points)
	}
	h.clock.move(pickup.ReserveFor)
	first, _ = ask()[0].(map[string]any)
	if points, _ := first["pickup_points"].([]any); len(points) != 2 {
		t.Errorf("a reservation that ended takes a place: %v", points)
	}
}
