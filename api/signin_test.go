package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waybill/api"
	"waybill/tracker"
	"waybill/tracker/signin"
)

const goodPassword = "correct horse battery"

// The seats of the tests.
var (
	operatorSeat = tracker.Seat{Role: tracker.RoleOperator}
	agentSeat    = tracker.Seat{Role: tracker.RoleAgent}
	ownerSeat    = tracker.Seat{Role: tracker.RoleSeller, Tenant: "acme", Level: tracker.LevelOwner}
	viewerSeat   = tracker.Seat{Role: tracker.RoleSeller, Tenant: "acme", Level: tracker.LevelViewer}
	carrierSeat  = tracker.Seat{Role: tracker.RoleCarrier, Account: "ups/main"}
)

// surfer is a browser without a screen: it keeps cookies, follows nothing, and fills in forms.
type surfer struct {
	*house
	jar  map[string]string
	page answer
}

func (h *house) surfer() *surfer { return &surfer{house: h, jar: map[string]string{}} }

// person adds somebody and signs them in.
func (h *house) person(email string, seats ...tracker.Seat) *surfer {
	h.t.Helper()
	_, err := h.people.Add(h.t.Context(), signin.NewUser{
		Identity: tracker.Identity{Email: email}, Password: goodPassword, Seats: seats,
	})
	must(h.t, err)
	b := h.surfer()
	b.get("/signin")
	if a := b.post("/signin", url.Values{"email": {email}, "password": {goodPassword}}); a.status != http.StatusSeeOther {
		h.t.Fatalf("sign in: %d %s", a.status, a.body)
	}
	return b
}

func (b *surfer) send(request *http.Request) answer {
	b.t.Helper()
	request.Header.Set("Accept", "text/html")
	for name, value := range b.jar {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := b.App().Test(request, 60_000)
	must(b.t, err)
	defer func() { _ = response.Body.Close() }()
	for _, cookie := range response.Cookies() {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
			b.t.Errorf("the cookie %s is open to scripts or other sites", cookie.Name)
		}
		b.jar[cookie.Name] = cookie.Value
		if cookie.Expires.Year() == 1970 || cookie.MaxAge < 0 {
			delete(b.jar, cookie.Name)
		}
	}
	body, err := io.ReadAll(response.Body)
	must(b.t, err)
	return answer{response.StatusCode, response.Header, body}
}

func (b *surfer) get(path string) answer {
	b.t.Helper()
	b.page = b.send(httptest.NewRequest(http.MethodGet, path, nil))
	return b.page
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// token is the form token of the page that is shown.
func (b *surfer) token() string {
	if match := csrfField.FindSubmatch(b.page.body); match != nil {
		return string(match[1])
	}
	return ""
}

// post sends a form of the page that is shown.
func (b *surfer) post(path string, form url.Values) answer {
	b.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	form.Set("csrf", b.token())
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(request)
}

func TestSomebodySignsInAndOut(t *testing.T) {
	h := newHouse(t)
	b := h.surfer()
	if a := b.get("/account"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/signin?next=%2Faccount" {
		t.Fatalf("a page without a session: %d to %s", a.status, a.header.Get("Location"))
	}
	b = h.person("ada@example.com", operatorSeat)
	a := b.get("/home")
	if a.status != http.StatusOK || !strings.Contains(string(a.body), "ada@example.com") {
		t.Fatalf("the first page: %d %s", a.status, a.body)
	}
	if a.header.Get("Cache-Control") != "no-store" || !strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers of a person's page: %v", a.header)
	}
	before := b.jar["waybill"]
	if a := b.post("/signout", nil); a.status != http.StatusSeeOther {
		t.Fatalf("sign out: %d %s", a.status, a.body)
	}
	b.jar["waybill"] = before
	if a := b.get("/home"); a.status != http.StatusSeeOther {
		t.Errorf("after signing out, with the cookie of before: %d", a.status)
	}
}

func TestARestartSignsNobodyOut(t *testing.T) {
	h := newHouse(t)
	b := h.person("ada@example.com", operatorSeat)
	b.house = serverOn(t, h.store)
	if a := b.get("/home"); a.status != http.StatusOK {
		t.Errorf("in a new process: %d", a.status)
	}
}

func TestASessionInUseGetsANewToken(t *testing.T) {
	h := newHouse(t)
	b := h.person("ada@example.com", operatorSeat)
	old := b.jar["waybill"]
	h.clock.move(20 * time.Minute)
	if a := b.get("/home"); a.status != http.StatusOK || b.jar["waybill"] == old {
		t.Fatalf("after 20 minutes: %d, with the same token: %v", a.status, b.jar["waybill"] == old)
	}
	if a := b.post("/account/seat", url.Values{"seat": {"operator"}}); a.status != http.StatusSeeOther {
		t.Errorf("the form of the page before does not fit: %d %s", a.status, a.body)
	}
}

func TestASecondFactorOnTheWayIn(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.SignIn.StaffCodes = true })
	b := h.person("ada@example.com", operatorSeat)
	if a := b.get("/home"); a.status != http.StatusSeeOther {
		t.Fatalf("without the second factor that staff needs: %d", a.status)
	}
	a := b.get("/signin/enrol?next=/account")
	secret := strings.ReplaceAll(regexp.MustCompile(`<code>([A-Z2-7 ]+)</code>`).FindStringSubmatch(string(a.body))[1], " ", "")
	if !strings.Contains(string(a.body), `src="data:image/png;base64,`) {
		t.Error("no picture to scan is shown")
	}
	if a := b.post("/signin/enrol", url.Values{"code": {"000000"}}); a.status != http.StatusUnauthorized {
		t.Errorf("a wrong code: %d", a.status)
	}
	a = b.post("/signin/enrol", url.Values{"code": {codeAt(t, h, secret)}, "next": {"/account"}})
	if a.status != http.StatusOK || strings.Count(string(a.body), "<li><code>") != 10 {
		t.Fatalf("the recovery codes: %d %s", a.status, a.body)
	}
	if a := b.get("/home"); a.status != http.StatusOK {
		t.Errorf("with the second factor: %d", a.status)
	}

	h.clock.move(time.Minute)
	b = h.surfer()
	b.get("/signin")
	a = b.post("/signin", url.Values{"email": {"ada@example.com"}, "password": {goodPassword}, "next": {"/account"}})
	if to := a.header.Get("Location"); to != "/signin/code?next=%2Faccount" {
		t.Fatalf("the password leads to %s", to)
	}
	if a := b.get("/home"); a.status != http.StatusSeeOther {
		t.Errorf("between password and code: %d", a.status)
	}
	b.get("/signin/code?next=/account")
	a = b.post("/signin/code", url.Values{"code": {codeAt(t, h, secret)}, "next": {"/account"}})
	if a.header.Get("Location") != "/account" {
		t.Errorf("the code leads to %s: %d %s", a.header.Get("Location"), a.status, a.body)
	}
}

func codeAt(t *testing.T, h *house, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, h.clock.now())
	must(t, err)
	return code
}

func TestAWrongPasswordSaysNothingOfTheAccount(t *testing.T) {
	h := newHouse(t)
	h.person("ada@example.com", operatorSeat)
	var seen []string
	for _, email := range []string{"ada@example.com", "eve@example.com"} {
		b := h.surfer()
		b.get("/signin")
		a := b.post("/signin", url.Values{"email": {email}, "password": {"wrong wrong wrong"}})
		if a.status != http.StatusUnauthorized || len(b.jar["waybill"]) > 0 {
			t.Errorf("%s: %d", email, a.status)
		}
		seen = append(seen, strings.ReplaceAll(csrfField.ReplaceAllString(string(a.body), ""), email, ""))
	}
	if seen[0] != seen[1] {
		t.Error("the answers for somebody and for nobody differ")
	}
}

func TestAfterManyWrongTriesThePageSaysHowLongToWait(t *testing.T) {
	h := newHouse(t)
	h.person("ada@example.com", operatorSeat)
	b := h.surfer()
	b.get("/signin")
	for range 5 {
		b.post("/signin", url.Values{"email": {"ada@example.com"}, "password": {"wrong wrong wrong"}})
	}
	a := b.post("/signin", url.Values{"email": {"ada@example.com"}, "password": {goodPassword}})
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "15" || !strings.Contains(string(a.body), "in a minute") {
		t.Errorf("%d, Retry-After %s: %s", a.status, a.header.Get("Retry-After"), a.body)
	}
}

func TestWhereSigningInLeads(t *testing.T) {
	h := newHouse(t)
	b := h.person("ada@example.com", operatorSeat)
	for next, want := range map[string]string{
		"/account": "/account", "/t/X1?carrier=ups": "/t/X1?carrier=ups", "": "/home", "https://evil.example.com/": "/home",
		"//evil.example.com": "/home", `/\evil.example.com`: "/home", "javascript:alert(1)": "/home", "account": "/home", "/%5cevil\r\nX: y": "/home",
	} {
		a := b.get("/signin?next=" + url.QueryEscape(next))
		if to := a.header.Get("Location"); to != want {
			t.Errorf("%q leads to %q, want %q", next, to, want)
		}
	}
}

// TestPagesAskForTheirRole tries every page of people, and every call that people may make, as each of them.
func TestPagesAskForTheirRole(t *testing.T) {
	h := newHouse(t)
	people := map[string]*surfer{}
	for _, seat := range []tracker.Seat{operatorSeat, agentSeat, ownerSeat, carrierSeat} {
		people[string(seat.Role)] = h.person(string(seat.Role)+"@example.com", seat)
		people[string(seat.Role)].get("/home")
	}
	path := strings.NewReplacer(":id", "x1", ":carrier", "ups", ":account", "main", ":number", "X1", ":name", "x")
	for route, rule := range api.Rules() {
		if !rule.BySession() && !rule.ByEither() || strings.Contains(route, "/account/") {
			continue // what is one's own would end the sessions of the test
		}
		t.Run(route, func(t *testing.T) {
			method, pattern, _ := strings.Cut(route, " ")
			for role, b := range people {
				request := httptest.NewRequest(method, path.Replace(pattern), strings.NewReader(""))
				request.Header.Set("X-Csrf-Token", b.token())
				a := b.send(request)
				if open := slices.Contains(rule.Roles(), role); open && (a.status == 401 || a.status == 403) || !open && a.status != 403 {
					t.Errorf("role %s: %d %s", role, a.status, a.body)
				}
			}
		})
	}
}

func TestWritesOfPeopleCarryTheFormsToken(t *testing.T) {
	h := newHouse(t)
	b := h.person("ada@example.com", operatorSeat)
	must(t, tracker.Save(t.Context(), h.store, &tracker.DeadTask{ID: "x", Kind: "x", At: noon}))
	b.get("/home")
	for name, c := range map[string]struct {
		header []string
		want   int
	}{
		"with the token":             {[]string{"X-Csrf-Token", b.token()}, http.StatusNotImplemented},
		"without":                    {nil, http.StatusForbidden},
		"with another's":             {[]string{"X-Csrf-Token", h.keys.Sign("form", "other")}, http.StatusForbidden},
		"from another site":          {[]string{"X-Csrf-Token", b.token(), "Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"from a neighbour":           {[]string{"X-Csrf-Token", b.token(), "Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		"from another origin":        {[]string{"X-Csrf-Token", b.token(), "Origin", "https://evil.example.com"}, http.StatusForbidden},
		"from a page of ours":        {[]string{"X-Csrf-Token", b.token(), "Origin", "null", "Sec-Fetch-Site", "same-origin"}, http.StatusNotImplemented},
		"from here, says the origin": {[]string{"X-Csrf-Token", b.token(), "Origin", "http://waybill.test"}, http.StatusNotImplemented},
	} {
		request := httptest.NewRequest(http.MethodPost, "/v1/operator/dead-tasks/x/retry", nil)
		for i := 0; i+1 < len(c.header); i += 2 {
			request.Header.Set(c.header[i], c.header[i+1])
		}
		if a := b.send(request); a.status != c.want {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for _, path := range []string{"/signin", "/signout", "/account/sessions"} {
		request := httptest.NewRequest(http.MethodPost, path, strings.NewReader("csrf=forged"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if a := b.send(request); a.status != http.StatusForbidden {
			t.Errorf("%s with a forged token: %d", path, a.status)
		}
	}
}

func TestWhoIsSeveralThingsChoosesOne(t *testing.T) {
	h := newHouse(t)
	b := h.person("ada@example.com", agentSeat, viewerSeat)
	if a := b.get("/home"); !strings.Contains(string(a.body), `value="seller:acme"`) {
		t.Fatalf("no choice is offered: %s", a.body)
	}
	if a := b.post("/account/seat", url.Values{"seat": {"seller:acme"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := b.get("/v1/search?q=lovelace"); a.status != http.StatusForbidden {
		t.Errorf("as a seller's viewer the agents' search answers %d", a.status)
	}
	b.get("/home")
	b.post("/account/seat", url.Values{"seat": {"operator"}})
	if a := b.get("/v1/operator/quarantine"); a.status != http.StatusForbidden {
		t.Errorf("a seat that one has not is taken: %d", a.status)
	}
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	h := newHouse(t)
	b := h.person("ada@example.com", operatorSeat)
	other := h.surfer()
	other.get("/signin")
	other.post("/signin", url.Values{"email": {"ada@example.com"}, "password": {goodPassword}})
	b.get("/account")
	for name, c := range map[string]struct {
		old, fresh string
		want       int
	}{
		"a wrong old one":       {"wrong wrong wrong", "another good one", http.StatusUnauthorized},
		"a new one that is bad": {goodPassword, "short", http.StatusUnprocessableEntity},
	} {
		if a := b.post("/account/password", url.Values{"old": {c.old}, "new": {c.fresh}}); a.status != c.want {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	a := b.post("/account/password", url.Values{"old": {goodPassword}, "new": {"another good one"}})
	if a.header.Get("Location") != "/account?said=password" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := b.get("/account?said=password"); !strings.Contains(string(a.body), "The password was changed") {
		t.Errorf("here: %d %s", a.status, a.body)
	}
	h.clock.move(10 * time.Second) // so long may a process trust what it found
	if a := other.get("/home"); a.status != http.StatusSeeOther {
		t.Errorf("elsewhere: %d", a.status)
	}
}

func TestNothingOfAPersonIsLogged(t *testing.T) {
	h := newHouse(t)
	b := h.person("ada@example.com", operatorSeat)
	b.get("/account")
	b.post("/signin", url.Values{"email": {"ada@example.com"}, "password": {"wrong wrong wrong"}})
	for _, secret := range []string{"ada@", goodPassword, b.jar["waybill"], "wrong wrong"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}
