package bounce

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"waybill/notify"
	"waybill/tracker"
	"waybill/tracker/seal"
)

const testMessage = "0123456789abcdef0123456789abcdef"

// desk keeps what it is told.
type desk struct {
	mu   sync.Mutex
	told []notify.Arrival
	fail error
}

func (d *desk) Arrived(_ context.Context, channel tracker.Channel, a notify.Arrival) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if channel != tracker.Email {
		return errors.New("not by e-mail")
	}
	if d.fail == nil {
		d.told = append(d.told, a)
	}
	return d.fail
}

func (d *desk) last() notify.Arrival {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.told) == 0 {
		return notify.Arrival{}
	}
	return d.told[len(d.told)-1]
}

func testKeys(t *testing.T) *seal.Keys {
	t.Helper()
	keys, err := seal.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestATokenComesBackWhateverMailServersDoToIt(t *testing.T) {
	keys := testKeys(t)
	address := ReturnPath(keys, "bounces@example.com", testMessage)
	for _, form := range []string{address, "<" + address + ">", strings.ToUpper(address)} {
		if message, ours := messageOf(keys, tokenIn(form)); !ours || message != testMessage {
			t.Errorf("%s: %q, %v", form, message, ours)
		}
	}
	if local, _, _ := strings.Cut(address, "@"); len(local) > 64 {
		t.Errorf("the local part has %d characters, 64 are allowed (RFC 5321)", len(local))
	}
	token := Token(keys, testMessage)
	for name, forged := range map[string]string{
		"another message": "1" + token[1:], "another signature": token[:47] + "x", "none": testMessage, "empty": "", "too long": token + "0",
	} {
		if _, ours := messageOf(keys, forged); ours {
			t.Errorf("%s: %q is taken for ours", name, forged)
		}
	}
}

// told is what follows from a report, in short.
func told(a notify.Arrival) string {
	switch {
	case a.Message == "":
		return "nothing"
	case a.Gone && a.State == tracker.MessageArrived:
		return "complained"
	case a.Gone:
		return "no mailbox"
	}
	return string(a.State)
}
