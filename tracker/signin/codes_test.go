package signin_test

import (
	"errors"
	"testing"
	"time"

	"waybill/tracker"
	"waybill/tracker/signin"
)

func TestASecondFactorIsAskedFor(t *testing.T) {
	o := newOffice(t)
	_, codes, _ := o.enrolled()
	token, v, err := o.try(password, "here", "")
	must(t, err)
	if v.Session.Stage != tracker.StageCode {
		t.Fatalf("the password alone makes the stage %q", v.Session.Stage)
	}
	fresh, full, err := o.Code(t.Context(), v, codes(), "")
	must(t, err)
	if full.Session.Stage != tracker.StageFull || fresh == token {
		t.Errorf("the code makes the stage %q, with the same token: %v", full.Session.Stage, fresh == token)
	}
	if _, err := o.Open(t.Context(), token); !errors.Is(err, signin.ErrNoSession) {
		t.Errorf("the token from before the code still opens: %v", err)
	}
}

func TestACodeHoldsOnce(t *testing.T) {
	for name, recovery := range map[string]bool{"the app's": false, "a recovery code": true} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			_, codes, rescue := o.enrolled()
			code := codes()
			if recovery {
				code = rescue[3]
			}
			_, first, err := o.try(password, "here", "")
			must(t, err)
			_, _, err = o.Code(t.Context(), first, code, "")
			must(t, err)
			_, second, err := o.try(password, "here", "")
			must(t, err)
			if _, _, err := o.Code(t.Context(), second, code, ""); !errors.Is(err, signin.ErrWrong) {
				t.Errorf("the second time: %v", err)
			}
		})
	}
}

func TestOldRecoveryCodesEndWithNewOnes(t *testing.T) {
	o := newOffice(t)
	u, _, old := o.enrolled()
	fresh, err := o.Renew(t.Context(), u)
	must(t, err)
	_, v, err := o.try(password, "here", "")
	must(t, err)
	if _, _, err := o.Code(t.Context(), v, old[0], ""); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("an old one: %v", err)
	}
	if _, _, err := o.Code(t.Context(), v, fresh[0], ""); err != nil {
		t.Errorf("a new one: %v", err)
	}
}

func TestWrongCodesEndTheSignInAndWait(t *testing.T) {
	o := newOffice(t)
	u, codes, _ := o.enrolled()
	mark := o.Mark(u.ID)
	token, v, err := o.try(password, "here", "")
	must(t, err)
	for range 5 {
		if _, _, err := o.Code(t.Context(), v, "000000", ""); !errors.Is(err, signin.ErrWrong) {
			t.Fatalf("got %v, want signin.ErrWrong", err)
		}
	}
	if _, err := o.Open(t.Context(), token); !errors.Is(err, signin.ErrNoSession) {
		t.Errorf("after five wrong codes: %v", err)
	}
	_, v, err = o.try(password, "a thief's", "")
	must(t, err)
	if _, _, err = o.Code(t.Context(), v, codes(), ""); !errors.As(err, new(*signin.WaitError)) {
		t.Errorf("from another address it goes on at once: %v", err)
	}
	if _, _, err = o.Code(t.Context(), v, codes(), mark); err != nil {
		t.Errorf("the owner's own browser is not let in: %v", err)
	}
}

func TestStaffSetUpASecondFactorWhereItIsWanted(t *testing.T) {
	for name, c := range map[string]struct {
		seat tracker.Seat
		want tracker.Stage
	}{
		"an agent": {tracker.Seat{Role: tracker.RoleAgent}, tracker.StageEnrol},
		"a seller": {tracker.Seat{Role: tracker.RoleSeller, Tenant: "acme", Level: tracker.LevelOwner}, tracker.StageFull},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.StaffCodes = true
			o.add(c.seat)
			_, v, err := o.try(password, "here", "")
			must(t, err)
			if v.Session.Stage != c.want {
				t.Errorf("the stage is %q, want %q", v.Session.Stage, c.want)
			}
			if _, _, err := o.Code(t.Context(), v, "000000", ""); !errors.Is(err, signin.ErrNoSession) {
				t.Errorf("a code where none is wanted: %v", err)
			}
		})
	}
}

func TestEnrollingSignsOutWhoCameWithoutACode(t *testing.T) {
	o := newOffice(t)
	o.add()
	other, _, err := o.try(password, "elsewhere", "")
	must(t, err)
	_, v, err := o.try(password, "here", "")
	must(t, err)
	key, err := o.Offer(t.Context(), v.User)
	must(t, err)
	if _, _, _, err := o.Enrol(t.Context(), v, "000000"); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("a wrong code: %v", err)
	}
	again, err := o.Offer(t.Context(), v.User)
	must(t, err)
	if again.Secret() != key.Secret() {
		t.Error("the secret changes while it is being set up")
	}
	o.pass(time.Second)
	if _, _, _, err := o.Enrol(t.Context(), v, codeOf(t, key.Secret(), o.now())); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Open(t.Context(), other); !errors.Is(err, signin.ErrNoSession) {
		t.Errorf("the session without a code: %v", err)
	}
}

func TestWhoAProviderVouchesFor(t *testing.T) {
	o := newOffice(t)
	u := o.add(tracker.Seat{Role: tracker.RoleAgent})
	const issuer = "https://login.example.com"
	if _, _, err := o.Vouched(t.Context(), issuer, "sub-1", "eve@example.com"); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("a stranger: %v", err)
	}
	_, v, err := o.Vouched(t.Context(), issuer, "sub-1", email)
	must(t, err)
	if v.User.ID != u.ID || v.Session.Stage != tracker.StageFull {
		t.Errorf("signed in as %s at stage %q", v.User.ID, v.Session.Stage)
	}
	if _, _, err := o.Vouched(t.Context(), issuer, "sub-1", "renamed@example.com"); err != nil {
		t.Errorf("linked, under another address: %v", err)
	}
	v.User.Disabled = true
	must(t, o.EndAll(t.Context(), v.User))
	if _, _, err := o.Vouched(t.Context(), issuer, "sub-1", email); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("revoked: %v", err)
	}
}

func TestSellersAreNotVouchedFor(t *testing.T) {
	o := newOffice(t)
	o.add(tracker.Seat{Role: tracker.RoleSeller, Tenant: "acme", Level: tracker.LevelOwner})
	if _, _, err := o.Vouched(t.Context(), "https://login.example.com", "sub-1", email); !errors.Is(err, signin.ErrWrong) {
		t.Errorf("got %v, want signin.ErrWrong", err)
	}
}
