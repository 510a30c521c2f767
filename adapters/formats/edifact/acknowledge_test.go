package edifact

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAnInterchangeIsAnsweredByItsContrl(t *testing.T) {
	now := time.Date(2026, 11, 25, 14, 5, 0, 0, time.UTC)
	good := "UNB+UNOC:3+CARRIER:14+SHOP?+CO:14+261118:1200+9'" + enclosed("D:96A", delivery) + "UNZ+1+9'"
	const head, tail = "UNB+UNOC:3+SHOP?+CO:14+CARRIER:14+261125:1405+41'UNH+1+CONTRL:D:3:UN'UCI+9+CARRIER:14+SHOP?+CO:14+", "+1'UNZ+1+41'"
	for _, c := range []struct{ name, payload, want string }{
		{"taken", good, head + "7'UNT+3" + tail},
		{"a message's count", strings.Replace(good, "UNT+05", "UNT+06", 1), head + "7'UCM+1+IFTSTA:D:96A:UN+4+29+UNT'UNT+4" + tail},
		{"a message's reference", strings.Replace(good, "UNT+05+1", "UNT+05+2", 1), head + "7'UCM+1+IFTSTA:D:96A:UN+4+28+UNT'UNT+4" + tail},
		{"a message without trailer", strings.Replace(good, "UNT+05+1'", "", 1), head + "7'UCM+1+IFTSTA:D:96A:UN+4+13+UNT'UNT+4" + tail},
		{"the interchange's count", strings.Replace(good, "UNZ+1", "UNZ+3", 1), head + "4+29+UNZ'UNT+3" + tail},
		{"the interchange's reference", strings.Replace(good, "UNZ+1+9", "UNZ+1+8", 1), head + "4+28+UNZ'UNT+3" + tail},
		{"no end", until(good, "UNZ"), head + "4+13+UNZ'UNT+3" + tail},
		{
			"a test of syntax version 4", strings.NewReplacer("UNOC:3", "UNOC:4", "+9'UNH", "+9++++++1'UNH").Replace(good),
			"UNB+UNOC:4+SHOP?+CO:14+CARRIER:14+261125:1405+41++++++1'UNH+1+CONTRL:4:1:UN'UCI+9+CARRIER:14+SHOP?+CO:14+7'UNT+3" + tail,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := Acknowledge([]byte(c.payload), 41, now); err != nil || string(got) != c.want {
				t.Errorf("%s, %v\nwant\n%s", got, err, c.want)
			}
		})
	}
	answer, err := Acknowledge([]byte("UNA|*.\\ ~"+strings.NewReplacer("?+", "\\*", ":", "|", "+", "*", "'", "~").Replace(good)+good), 99_999_999_999_999, now)
	if list := parse(answer); err != nil || len(list) != 2 || list[0].header.at(2, 0) != "SHOP*CO" || list[1].header.at(5, 0) != "1" {
		t.Errorf("%s, %v", answer, err)
	}
	for _, payload := range []string{"", enclosed("D:96A", delivery), string(answer)} {
		if got, err := Acknowledge([]byte(payload), 1, now); !errors.Is(err, ErrNothingToAcknowledge) {
			t.Errorf("%q is answered by %s, %v", payload, got, err)
		}
	}
	if _, err := Acknowledge([]byte(good), 0, now); err == nil {
		t.Error("reference 0 must be refused")
	}
	if Asked([]byte(good)) || !Asked([]byte(strings.Replace(good, "+9'UNH", "+9++++1'UNH", 1))) {
		t.Error("who asks for a CONTRL is not known by UNB")
	}
}
