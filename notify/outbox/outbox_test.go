package outbox

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"waybill/notify"
	"waybill/notify/notifytest"
	"waybill/tracker"
)

func TestSuite(t *testing.T) {
	notifytest.Run(t, func(*testing.T) *notifytest.Rig {
		box := New(100, time.Now)
		return &notifytest.Rig{
			Channel: box.Channel(tracker.Email), To: "ada@example.com", Sent: func() int { return len(box.List()) },
		}
	})
}

func TestTheLatestAreKept(t *testing.T) {
	box := New(3, time.Now)
	for i := range 5 {
		if _, err := box.Channel(tracker.SMS).Send(t.Context(), notify.Envelope{ID: strconv.Itoa(i), To: "+15005550006"}); err != nil {
			t.Fatal(err)
		}
	}
	ids := []string{}
	for _, kept := range box.List() {
		ids = append(ids, kept.ID)
	}
	if !slices.Equal(ids, []string{"4", "3", "2"}) {
		t.Errorf("kept %q, want the latest three, newest first", ids)
	}
	if _, ok := box.Get("0"); ok {
		t.Error("a message that fell out is still found")
	}
	if kept, ok := box.Get("3"); !ok || kept.Channel != tracker.SMS {
		t.Errorf("message 3: %+v, %v", kept, ok)
	}
}
