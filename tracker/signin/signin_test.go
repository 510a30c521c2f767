package signin_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waybill/tracker"
	"waybill/tracker/seal"
	"waybill/tracker/signin"
	"waybill/tracker/storetest/memory"
)

// noon is when the tests begin.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const (
	email    = "ada@example.com"
	password = "correct horse battery"
)

func TestMain(m *testing.M) {
	signin.Hashing.Memory, signin.Hashing.Iterations = 64, 1 // what costs a thief costs tests too
	os.Exit(m.Run())
}

// office is a desk with a clock that tests move.
type office struct {
	*signin.Desk
	t  *testing.T
	mu sync.Mutex
	at time.Time
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return officeOn(t, memory.New())
}

func officeOn(t *testing.T, store tracker.Store) *office {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	must(t, err)
	o := &office{t: t, at: noon}
	o.Desk = &signin.Desk{
		Store: store, Keys: keys, Now: o.now, Idle: 12 * time.Hour, Life: 7 * 24 * time.Hour, Issuer: "Waybill",
	}
	return o
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.at = o.at.Add(d)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) add(seats ...tracker.Seat) *tracker.User {
	o.t.Helper()
	if len(seats) == 0 {
		seats = []tracker.Seat{{Role: tracker.RoleOperator}}
	}
	u, err := o.Add(o.t.Context(), signin.NewUser{Identity: tracker.Identity{Email: email}, Password: password, Seats: seats})
	must(o.t, err)
	return u
}

func (o *office) try(given, place, mark string) (string, *signin.Visit, error) {
	return o.Password(o.t.Context(), signin.Try{Email: email, Password: given, Place: place, Mark: mark})
}

// enrolled is somebody with a second factor; codes makes the app's codes.
func (o *office) enrolled() (u *tracker.User, codes func() string, recovery []string) {
	o.t.Helper()
	o.add()
	_, v, err := o.try(password, "here", "")
	must(o.t, err)
	key, err := o.Offer(o.t.Context(), v.User)
	must(o.t, err)
	codes = func() string {
		code, err := totp.GenerateCode(key.Secret(), o.now())
		must(o.t, err)
		return code
	}
	recovery, _, full, err := o.Enrol(o.t.Context(), v, codes())
	must(o.t, err)
	o.pass(time.Minute)
	return full.User, codes, recovery
}

func TestAPasswordOpensASessionThatAnotherProcessKnows(t *testing.T) {
	o := newOffice(t)
	u := o.add()
	token, v, err := o.try(password, "here", "")
	must(t, err)
	if v.Session.Stage != tracker.StageFull || v.Seat().Role != tracker.RoleOperator {
		t.Errorf("the session is %+v", v.Session)
	}
	again, err := officeOn(t, o.Store).Open(t.Context(), token)
	must(t, err)
	if again.User.ID != u.ID {
		t.Errorf("the session is of %s, want %s", again.User.ID, u.ID)
	}
	rows, err := o.Store.Search(t.Context(), tracker.Sessions, "", nil, tracker.Page{})
	must(t, err)
	if len(rows) != 1 || bytes.Contains(rows[0].Doc, []byte(token)) || rows[0].Key == token {
		t.Error("the store holds the token itself")
	}
}

func TestWhoIsNotLetIn(t *testing.T) {
	for name, try := range map[string]signin.Try{
		"a wrong password":           {Email: email, Password: "wrong wrong wrong", Place: "here"},
		"nobody's address":           {Email: "eve@example.com", Password: password, Place: "here"},
		"no address":                 {Email: "nonsense", Password: password, Place: "here"},
		"no password":                {Email: email, Place: "here"},
		"a password without end":     {Email: email, Password: strings.Repeat("x", 1<<16), Place: "here"},
		"the decoy's empty password": {Email: "eve@example.com", Place: "here"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.add()
			if _, _, err := o.Password(t.Context(), try); !errors.Is(err, signin.ErrWrong) {
				t.Errorf("got %v, want signin.ErrWrong", err)
			}
		})
	}
}

func TestWeakPasswordsAreRefused(t *testing.T) {
	o := newOffice(t)
	for _, weak := range []string{"short", "aaaaaaaaaaaaaaaa", "abababababababab", "my name is ada.lovelace", strings.Repeat("long words ", 30)} {
		_, err := o.Add(t.Context(), signin.NewUser{Identity: tracker.Identity{Email: "ada.lovelace@example.com"}, Password: weak})
		if _, ok := errors.AsType[*signin.WeakError](err); !ok {
			t.Errorf("%q: got %v, want a *signin.WeakError", weak, err)
		}
	}
}

func TestAnAddressBelongsToOne(t *testing.T) {
	o := newOffice(t)
	o.add()
	_, err := o.Add(t.Context(), signin.NewUser{Identity: tracker.Identity{Email: " ADA@Example.com "}, Password: password})
	if !errors.Is(err, signin.ErrExists) {
		t.Errorf("got %v, want signin.ErrExists", err)
	}
}

func TestAnAddressThatACrashLeftHalfWayIsTakenOver(t *testing.T) {
	o := newOffice(t)
	u := o.add()
	write, err := tracker.Encode(u)
	must(t, err)
	write.Delete = true
	must(t, tracker.ErrorOf(o.Store.Apply(t.Context(), []tracker.Write{write})))
	o.pass(time.Hour)
	o.add()
	if _, _, err := o.try(password, "here", ""); err != nil {
		t.Errorf("the one who took the address over is not let in: %v", err)
	}
}

func TestGuessesWaitLongerAndLongerAndNobodyElseDoes(t *testing.T) {
	o := newOffice(t)
	u := o.add()
	mark := o.Mark(u.ID)
	wait := time.Duration(0)
	for range 8 {
		_, _, err := o.try("wrong wrong wrong", "the thief's", "")
		if early, ok := errors.AsType[*signin.WaitError](err); ok {
			if early.For <= wait {
				t.Errorf("waits %s after %s", early.For, wait)
			}
			wait = early.For
			if _, _, err := o.try(password, "the thief's", ""); !errors.As(err, &early) {
				t.Errorf("the right password is tried at once: %v", err)
			}
			o.pass(wait)
			_, _, err = o.try("wrong wrong wrong", "the thief's", "")
		}
		if !errors.Is(err, signin.ErrWrong) {
			t.Fatalf("got %v, want signin.ErrWrong", err)
		}
	}
	if wait < time.Minute {
		t.Errorf("the last wait is %s only", wait)
	}
	if _, _, err := o.try(password, "home", ""); err != nil {
		t.Errorf("elsewhere the owner is not let in: %v", err)
	}
	if _, _, err := o.try(password, "the thief's", mark); err != nil {
		t.Errorf("beside the thief the owner's own browser is not let in: %v", err)
	}
	if _, _, err := o.try(password, "the thief's", o.Mark("usr_other")); err == nil {
		t.Error("another user's mark passes")
	}
}

func TestManyGuessesAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	o := newOffice(t)
	o.add()
	checked := make(chan struct{}, 100)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, _, err := o.try("wrong wrong wrong", "here", ""); errors.Is(err, signin.ErrWrong) {
				checked <- struct{}{}
			}
		})
	}
	group.Wait()
	if n := len(checked); n > 5 {
		t.Errorf("%d of 20 guesses at once were checked", n)
	}
}

func TestASessionEnds(t *testing.T) {
	for name, do := range map[string]func(o *office, v *signin.Visit){
		"when nobody uses it":             func(o *office, _ *signin.Visit) { o.pass(12*time.Hour + time.Second) },
		"by signing out":                  func(o *office, v *signin.Visit) { must(o.t, o.End(o.t.Context(), v.Session)) },
		"by signing out everywhere":       func(o *office, v *signin.Visit) { must(o.t, o.EndAll(o.t.Context(), v.User)) },
		"with a new password":             func(o *office, v *signin.Visit) { must(o.t, o.SetPassword(o.t.Context(), v.User, "another good one")) },
		"with the user":                   func(o *office, v *signin.Visit) { must(o.t, o.Remove(o.t.Context(), v.User)) },
		"when the second factor is taken": func(o *office, v *signin.Visit) { must(o.t, o.Unenrol(o.t.Context(), v.User)) },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.add()
			token, v, err := o.try(password, "here", "")
			must(t, err)
			do(o, v)
			if _, err := o.Open(t.Context(), token); !errors.Is(err, signin.ErrNoSession) {
				t.Errorf("got %v, want signin.ErrNoSession", err)
			}
		})
	}
}

func TestASessionInUseLastsUntilItsLifeEnds(t *testing.T) {
	o := newOffice(t)
	o.add()
	token, _, err := o.try(password, "here", "")
	must(t, err)
	for o.now().Before(noon.Add(o.Life)) {
		v, err := o.Open(t.Context(), token)
		must(t, err)
		if next, _, err := o.Exchange(t.Context(), v); err != nil {
			t.Fatal(err)
		} else if next != "" {
			token = next
		}
		o.pass(6 * time.Hour)
	}
	if _, err := o.Open(t.Context(), token); !errors.Is(err, signin.ErrNoSession) {
		t.Errorf("after its life: %v", err)
	}
	rows, err := o.Store.Search(t.Context(), tracker.Sessions, "", nil, tracker.Page{})
	must(t, err)
	if len(rows) > 2 {
		t.Errorf("%d rows are left of one session", len(rows))
	}
}

func TestATokenIsExchangedOnceAndTheOldOneHoldsAMoment(t *testing.T) {
	o := newOffice(t)
	o.add()
	token, v, err := o.try(password, "here", "")
	must(t, err)
	if next, _, err := o.Exchange(t.Context(), v); err != nil || next != "" {
		t.Fatalf("a fresh token is exchanged: %q %v", next, err)
	}
	o.pass(20 * time.Minute)
	other := &signin.Visit{User: v.User, Session: new(*v.Session)}
	next, _, err := o.Exchange(t.Context(), v)
	must(t, err)
	if second, _, err := o.Exchange(t.Context(), other); err != nil || second != "" {
		t.Errorf("it is exchanged twice: %q %v", second, err)
	}
	if _, err := o.Open(t.Context(), token); err != nil {
		t.Errorf("a request under way is thrown out: %v", err)
	}
	o.pass(2 * time.Minute)
	if _, err := o.Open(t.Context(), token); !errors.Is(err, signin.ErrNoSession) {
		t.Errorf("the old token still holds: %v", err)
	}
	renewed, err := o.Open(t.Context(), next)
	must(t, err)
	if renewed.Session.ID != v.Session.ID {
		t.Error("forms of before do not fit any more")
	}
}

func codeOf(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	must(t, err)
	return code
}
