package notify

import (
	"errors"
	"testing"

	"waybill/tracker"
)

func TestWhoseChoiceHolds(t *testing.T) {
	delivered, delayed := []tracker.Moment{tracker.MomentDelivered}, []tracker.Moment{tracker.MomentDelayed}
	for _, test := range []struct {
		name         string
		subscription tracker.Subscription
		preference   *tracker.Preference
		tenant       *tracker.Tenant
		delivered    bool
		delayed      bool
	}{
		{"nobody chose", tracker.Subscription{Channel: tracker.Email}, nil, nil, true, true},
		{"the seller for all", tracker.Subscription{Channel: tracker.Email}, nil, &tracker.Tenant{Moments: map[tracker.Channel][]tracker.Moment{tracker.Email: delayed}}, false, true},
		{"the seller for another channel", tracker.Subscription{Channel: tracker.Email}, nil, &tracker.Tenant{Moments: map[tracker.Channel][]tracker.Moment{tracker.SMS: delayed}}, true, true},
		{"the seller for this parcel", tracker.Subscription{Channel: tracker.Email, Moments: delivered, Recipient: true}, nil, &tracker.Tenant{Moments: map[tracker.Channel][]tracker.Moment{tracker.Email: delayed}}, true, false},
		{"the person for all, over the seller", tracker.Subscription{Channel: tracker.Email, Moments: delivered, Recipient: true}, &tracker.Preference{Chosen: true, Moments: delayed}, nil, false, true},
		{"the person for all: nothing", tracker.Subscription{Channel: tracker.Email}, &tracker.Preference{Chosen: true}, nil, false, false},
		{"the person for this parcel, over all", tracker.Subscription{Channel: tracker.Email, Moments: delivered}, &tracker.Preference{Chosen: true, Moments: delayed}, nil, true, false},
		{"a daily mail alone chooses no moments", tracker.Subscription{Channel: tracker.Email}, &tracker.Preference{Daily: true}, nil, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := wants(&test.subscription, test.preference, test.tenant, tracker.MomentDelivered); got != test.delivered {
				t.Errorf("delivered is told: %v", got)
			}
			if got := wants(&test.subscription, test.preference, test.tenant, tracker.MomentDelayed); got != test.delayed {
				t.Errorf("delayed is told: %v", got)
			}
		})
	}
}

func TestWhatAnAddressChoseIsKept(t *testing.T) {
	o := newOffice(t)
	s := o.recipient()
	signature := o.keys.Sign(LinkPreferences, s.ID)
	if _, c, err := o.desk.ChoiceOf(t.Context(), s.ID, signature); err != nil || c.Moments != nil || c.Daily {
		t.Errorf("%+v, %v", c, err)
	}
	for _, c := range []Choice{{Moments: []tracker.Moment{tracker.MomentDelivered}, Daily: true}, {Moments: []tracker.Moment{}}} {
		if err := o.desk.Choose(t.Context(), s.ID, signature, c); err != nil {
			t.Fatal(err)
		}
		_, got, err := o.desk.ChoiceOf(t.Context(), s.ID, signature)
		if err != nil || len(got.Moments) != len(c.Moments) || got.Moments == nil || got.Daily != c.Daily {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if err := o.desk.Choose(t.Context(), s.ID, o.keys.Sign(LinkUnsubscribe, s.ID), Choice{}); !errors.Is(err, ErrLink) {
		t.Errorf("with another link: %v", err)
	}
	if err := o.desk.Choose(t.Context(), s.ID, signature, Choice{Moments: []tracker.Moment{"birthday"}}); !errors.Is(err, ErrMoment) {
		t.Errorf("of a moment that is none: %v", err)
	}
}
