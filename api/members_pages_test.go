package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/signin"
)

// idOf is the id of the user of an address.
func (h *house) idOf(email string) string {
	h.t.Helper()
	u, err := h.people.Find(h.t.Context(), email)
	must(h.t, err)
	return u.ID
}

func TestAnOwnerDecidesOverMembers(t *testing.T) {
	h := newHouse(t)
	b := h.person("owner@example.com", ownerSeat)
	b.get("/members")
	b.shows("owner@example.com (you)", "Somebody more")
	a := b.post("/members", url.Values{"email": {"New@Example.com"}, "name": {"New Member"}, "level": {"viewer"}})
	shown := regexp.MustCompile(`<code>([^<]+)</code>`).FindStringSubmatch(string(a.body))
	if a.status != http.StatusOK || shown == nil {
		t.Fatalf("%d %s", a.status, a.body)
	}
	id := h.idOf("new@example.com")
	fresh := h.surfer()
	fresh.get("/signin")
	if in := fresh.post("/signin", url.Values{"email": {"new@example.com"}, "password": {shown[1]}}); in.status != http.StatusSeeOther {
		t.Fatalf("the new member signs in: %d %s", in.status, in.body)
	}
	if a := fresh.get("/members"); a.status != http.StatusForbidden {
		t.Errorf("a viewer sees the members: %d", a.status)
	}
	b.get("/members")
	if a := b.post("/members/"+id+"/level", url.Values{"level": {"owner"}}); a.status != http.StatusSeeOther {
		t.Fatalf("made an owner: %d %s", a.status, a.body)
	}
	h.clock.move(time.Minute) // by then all processes know
	if a := fresh.get("/members"); a.status != http.StatusOK {
		t.Errorf("an owner does not see the members: %d", a.status)
	}
	fresh.shows("New Member")
	b.get("/members")
	if a := b.post("/members/"+id+"/password", nil); a.status != http.StatusOK || !strings.Contains(string(a.body), "Their new password is") {
		t.Errorf("a new password: %d %s", a.status, a.body)
	}
	h.clock.move(time.Minute)
	if a := fresh.get("/members"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/signin") {
		t.Errorf("with a new password the old session goes on: %d", a.status)
	}
	b.get("/members")
	if a := b.post("/members/"+id+"/remove", nil); a.status != http.StatusSeeOther {
		t.Fatalf("removed: %d %s", a.status, a.body)
	}
	if _, err := h.people.Find(t.Context(), "new@example.com"); err == nil {
		t.Error("who is nothing else here is kept")
	}
	var actions []string
	for _, e := range h.entries(id) {
		actions = append(actions, e.Action)
	}
	if got := strings.Join(actions, " "); !strings.Contains(got, "member.added") || !strings.Contains(got, "member.removed") || !strings.Contains(got, "member.password") {
		t.Errorf("the audit log has %s", got)
	}
}

func TestWhatAnOwnerCannotDoToMembers(t *testing.T) {
	h := newHouse(t)
	b := h.person("owner@example.com", ownerSeat)
	staff := tracker.Seat{Role: tracker.RoleAgent}
	_, err := h.people.Add(t.Context(), signin.NewUser{Identity: tracker.Identity{Email: "agent@example.com"}, Password: goodPassword, Seats: []tracker.Seat{ownerSeat, staff}})
	must(t, err)
	_, err = h.people.Add(t.Context(), signin.NewUser{
		Identity: tracker.Identity{Email: "rival@example.com"}, Password: goodPassword, Seats: []tracker.Seat{{Role: tracker.RoleSeller, Tenant: "globex", Level: tracker.LevelOwner}},
	})
	must(t, err)
	me, agent, rival := h.idOf("owner@example.com"), h.idOf("agent@example.com"), h.idOf("rival@example.com")
	b.get("/members")
	if a := b.post("/members/"+agent+"/remove", nil); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if u, err := h.people.Find(t.Context(), "agent@example.com"); err != nil || len(u.Seats) != 1 || u.Seats[0] != staff {
		t.Errorf("whose other work goes on: %v %v", u, err)
	}
	b.get("/members")
	b.post("/members", url.Values{"email": {"agent@example.com"}, "level": {"member"}})
	for name, c := range map[string]struct {
		path string
		form url.Values
		want int
	}{
		"the last owner leaves":                  {"/members/" + me + "/remove", nil, http.StatusConflict},
		"the last owner steps down":              {"/members/" + me + "/level", url.Values{"level": {"viewer"}}, http.StatusConflict},
		"a password of who works for others too": {"/members/" + agent + "/password", nil, http.StatusConflict},
		"another seller's member":                {"/members/" + rival + "/remove", nil, http.StatusNotFound},
		"a password of another seller's member":  {"/members/" + rival + "/password", nil, http.StatusNotFound},
		"a level that is none":                   {"/members/" + me + "/level", url.Values{"level": {"king"}}, http.StatusUnprocessableEntity},
		"no level":                               {"/members/" + me + "/level", nil, http.StatusUnprocessableEntity},
		"who is a member already":                {"/members", url.Values{"email": {"owner@example.com"}, "level": {"member"}}, http.StatusConflict},
		"no address":                             {"/members", url.Values{"email": {"nobody"}, "level": {"member"}}, http.StatusUnprocessableEntity},
	} {
		b.get("/members")
		if a := b.post(c.path, c.form); a.status != c.want {
			t.Errorf("%s: %d, want %d", name, a.status, c.want)
		}
	}
}
