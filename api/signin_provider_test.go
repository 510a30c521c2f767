package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"waybill/api"
	"waybill/api/oidc"
)

// vouched is a house whose staff signs in by a provider that answers on this machine.
func vouched(t *testing.T, trust bool) (*house, *mockoidc.MockOIDC) {
	t.Helper()
	m, err := mockoidc.Run()
	must(t, err)
	t.Cleanup(func() { must(t, m.Shutdown()) })
	h := newHouse(t, func(o *api.Options) {
		o.Provider = oidc.New(oidc.Options{
			Issuer: m.Issuer(), ClientID: m.ClientID, ClientSecret: m.ClientSecret, TrustEmails: trust,
			Redirect: o.PublicURL + "/signin/oidc/callback", Client: http.DefaultClient,
		})
		o.ProviderName = "Keyhouse"
	})
	return h, m
}

// atProvider goes to the provider, says who one is there, and gives the path that one is sent back to.
func (b *surfer) atProvider(m *mockoidc.MockOIDC, user mockoidc.User) string {
	b.t.Helper()
	a := b.get("/signin/oidc?next=/account")
	if a.status != http.StatusSeeOther {
		b.t.Fatalf("not sent to the provider: %d %s", a.status, a.body)
	}
	m.QueueUser(user)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Get(a.header.Get("Location"))
	must(b.t, err)
	must(b.t, response.Body.Close())
	back, err := url.Parse(response.Header.Get("Location"))
	must(b.t, err)
	if back.Path != "/signin/oidc/callback" {
		b.t.Fatalf("sent back to %s", back)
	}
	return back.RequestURI()
}

func TestStaffSignsInByTheirProvider(t *testing.T) {
	h, m := vouched(t, false)
	h.person("ada@example.com", agentSeat)
	b := h.surfer()
	if page := b.get("/signin"); !strings.Contains(string(page.body), "Sign in with Keyhouse") {
		t.Fatalf("no button:\n%s", page.body)
	}
	if a := b.get(b.atProvider(m, known("7", "ada@example.com", true))); a.header.Get("Location") != "/account" {
		t.Fatalf("%d to %q: %s", a.status, a.header.Get("Location"), a.body)
	}
	if a := b.get("/account"); a.status != http.StatusOK || !strings.Contains(string(a.body), "ada@example.com") {
		t.Errorf("signed in: %d", a.status)
	}
}

func TestWhoAProviderDoesNotLetIn(t *testing.T) {
	ada := known("7", "ada@example.com", true)
	cases := map[string]struct {
		user   mockoidc.User
		change func(b *surfer, back string) string
		status int
		said   string
	}{
		"a stranger":               {known("8", "eve@example.com", true), nil, 403, "nobody with your address"},
		"a seller's owner":         {known("9", "owner@example.com", true), nil, 403, "nobody with your address"},
		"an unverified address":    {known("7", "ada@example.com", false), nil, 403, "has not verified"},
		"no address":               {known("7", "", true), nil, 403, "has not verified"},
		"another state":            {ada, func(_ *surfer, back string) string { return strings.Replace(back, "state=", "state=x", 1) }, 400, "not begun here"},
		"a code of somebody's own": {ada, func(_ *surfer, back string) string { return strings.Replace(back, "code=", "code=x", 1) }, 400, "not begun here"},
		"another browser": {ada, func(b *surfer, back string) string {
			b.jar = map[string]string{}
			return back
		}, 400, "not begun here"},
		"after a quarter of an hour": {ada, func(b *surfer, back string) string {
			b.clock.move(15 * time.Minute)
			return back
		}, 400, "not begun here"},
		"refused there": {ada, func(*surfer, string) string { return "/signin/oidc/callback?error=access_denied" }, 401, "did not sign you in"},
		"the same answer twice": {ada, func(b *surfer, back string) string {
			before := maps.Clone(b.jar)
			b.get(back)
			b.jar = before
			return back
		}, 400, "not begun here"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h, m := vouched(t, false)
			h.person("ada@example.com", agentSeat)
			h.person("owner@example.com", ownerSeat)
			b := h.surfer()
			back := b.atProvider(m, c.user)
			if c.change != nil {
				back = c.change(b, back)
			}
			a := b.get(back)
			if a.status != c.status || !strings.Contains(string(a.body), c.said) {
				t.Fatalf("%d, want %d and %q:\n%s", a.status, c.status, c.said, a.body)
			}
			if a := b.get("/account"); a.status == http.StatusOK {
				t.Error("signed in nevertheless")
			}
			if strings.Contains(h.log.String(), "@example.com") {
				t.Error("the log has the address")
			}
		})
	}
}

func TestAddressesThatAProviderSaysNothingOf(t *testing.T) {
	for name, trust := range map[string]bool{"are not taken": false, "are, where the operator trusts it": true} {
		t.Run(name, func(t *testing.T) {
			h, m := vouched(t, trust)
			h.person("ada@example.com", operatorSeat)
			b := h.surfer()
			a := b.get(b.atProvider(m, known("7", "ada@example.com", nil)))
			if signedIn := a.status == http.StatusSeeOther; signedIn != trust {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}

func TestAProviderThatIsDown(t *testing.T) {
	h, m := vouched(t, false)
	m.QueueError(&mockoidc.ServerError{Code: http.StatusInternalServerError, Error: mockoidc.InternalServerError})
	b := h.surfer()
	if a := b.get("/signin/oidc"); a.status != http.StatusBadGateway || !strings.Contains(string(a.body), "cannot be reached now") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := b.get("/signin/oidc"); a.status != http.StatusSeeOther {
		t.Errorf("up again: %d %s", a.status, a.body)
	}
}

func TestWithoutAProvider(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/signin/oidc", "/signin/oidc/callback"} {
		if a := h.do(http.MethodGet, path, "", nil); a.status != http.StatusNotImplemented {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	if a := h.do(http.MethodGet, "/signin", "", nil); strings.Contains(string(a.body), "/signin/oidc") {
		t.Error("there is a button that leads nowhere")
	}
}

// member is somebody whom the provider knows. Of an address it says whether it was verified, or (nil) nothing.
type member struct {
	mockoidc.MockUser
	verified any
}

func known(subject, email string, verified any) *member {
	return &member{mockoidc.MockUser{Subject: subject, Email: email}, verified}
}

// Claims is what the provider says in the ID token.
func (m *member) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	text, err := json.Marshal(base)
	if err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	if err := json.Unmarshal(text, &claims); err != nil {
		return nil, err
	}
	if m.Email != "" {
		claims["email"] = m.Email
	}
	if m.verified != nil {
		claims["email_verified"] = m.verified
	}
	return claims, nil
}
