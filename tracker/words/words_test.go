package words

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"waybill/tracker"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestEveryLanguageHasTheSameTextsAsEnglish(t *testing.T) {
	want := keysOf(t, "en")
	for _, language := range Languages() {
		got := keysOf(t, language)
		for key := range want {
			if _, there := got[key]; !there {
				t.Errorf("%s lacks %s", language, key)
			}
		}
		for key, text := range got {
			if _, there := want[key]; !there {
				t.Errorf("%s has %s, which English has not", language, key)
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s is empty", language, key)
			}
		}
	}
}

func TestEveryStatusHasWords(t *testing.T) {
	for _, language := range Languages() {
		w := For(language)
		for _, s := range tracker.Substatuses() {
			if text := w.Substatus(s); text == "status."+string(s) || text == "" {
				t.Errorf("%s: substatus %s has no words", language, s)
			}
			m := s.Milestone()
			explains := (m == tracker.Exception || m == tracker.AttemptFailed) && s != m.Plain() && s != "delayed"
			if got := w.Reason(s) != ""; got != explains {
				t.Errorf("%s: substatus %s has a reason: %v, want %v", language, s, got, explains)
			}
		}
		for m := tracker.Pending; int(m) < tracker.MilestoneCount; m++ {
			if text := w.Milestone(m); strings.HasPrefix(text, "milestone.") || text == "" {
				t.Errorf("%s: milestone %s has no words", language, m)
			}
		}
	}
}

func TestNothingIsSaidOfNothing(t *testing.T) {
	w := For("en")
	if w.Milestone(tracker.NoMilestone) != "" || w.Substatus("") != "" || w.Reason("") != "" || w.Stamp(tracker.Stamp{}) != "" {
		t.Error("an unknown status or time has words")
	}
	if got := w.Say("no.such.key"); got != "no.such.key" {
		t.Errorf("a missing text says %q, want its key", got)
	}
}

func TestForChoosesTheBestLocale(t *testing.T) {
	for given, want := range map[string]string{
		"":                               "en",
		"de":                             "de",
		"de-CH":                          "de",
		"pt_BR":                          "pt",
		"pt-PT":                          "pt-PT",
		"en-US":                          "en-US",
		"en-NZ":                          "en-GB",
		"fr-CA,fr;q=0.9":                 "fr-CA",
		"tlh, ja;q=0.5":                  "ja",
		"zz-nonsense-;;q=,":              "en",
		strings.Repeat("de,", 200) + "x": "en",
	} {
		if got := For(given).Tag(); got != want {
			t.Errorf("For(%.20q) speaks %s, want %s", given, got, want)
		}
	}
	if got := For("tlh", "es").Tag(); got != "es" {
		t.Errorf("the second wish is not heard: %s", got)
	}
}

func TestClockAndDayFollowThePlace(t *testing.T) {
	at := time.Date(2026, 11, 24, 20, 5, 0, 0, time.UTC)
	for tag, want := range map[string]string{
		"en":    "Tuesday 24 November, 20:05",
		"en-US": "Tuesday, November 24, 8:05 pm",
		"de":    "Dienstag, 24. November, 20:05 Uhr",
		"fr":    "mardi 24 novembre, 20:05",
		"fr-CA": "mardi 24 novembre, 20 h 05",
		"es":    "martes, 24 de noviembre, 20:05",
		"pt":    "terça-feira, 24 de novembro, 20:05",
		"ja":    "11月24日火曜日 20:05",
	} {
		if got := For(tag).Moment(at); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	day, err := tracker.ParseStamp("2026-11-24")
	if err != nil {
		t.Fatal(err)
	}
	if got := For("en").Stamp(day); got != "Tuesday 24 November" {
		t.Errorf("a day without hour: %q", got)
	}
	if got := For("de").Date(at); got != "24. November 2026" {
		t.Errorf("a date with year: %q", got)
	}
}

func TestHeadlinesReadAsWritten(t *testing.T) {
	var out bytes.Buffer
	for _, tag := range append(Languages(), "en-US") {
		w := For(tag)
		fmt.Fprintf(&out, "%s\n", tag)
		for _, h := range everyHeadline() {
			text := w.Headline(h)
			if strings.Contains(text, "headline.") || strings.Contains(text, "<no value>") {
				t.Errorf("%s: %s has no text: %q", tag, h.Kind, text)
			}
			fmt.Fprintf(&out, "  %-20s %s\n", h.Kind, text)
		}
	}
	const golden = "testdata/headlines.txt"
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, out.Bytes()) {
		t.Errorf("the headlines differ from %s; run the test with -update and read the difference\n%s", golden, out.String())
	}
}

func everyHeadline() []tracker.Headline {
	day := func(d, hour int) time.Time { return time.Date(2026, 11, d, hour, 0, 0, 0, time.UTC) }
	at := tracker.StampAt(day(23, 14))
	return []tracker.Headline{
		{Kind: tracker.HeadPending},
		{Kind: tracker.HeadBackOrdered, To: day(30, 0)},
		{Kind: tracker.HeadInfoReceived},
		{Kind: tracker.HeadOnTheWay},
		{Kind: tracker.HeadArriving, From: day(26, 8), To: day(26, 20), Days: 3},
		{Kind: tracker.HeadArriving, From: day(26, 10), To: day(26, 14), Days: 3, Hours: true},
		{Kind: tracker.HeadArriving, From: day(24, 8), To: day(24, 20), Days: 1},
		{Kind: tracker.HeadArriving, From: day(24, 10), To: day(24, 14), Days: 1, Hours: true},
		{Kind: tracker.HeadArrivingBy, From: day(23, 12), To: day(23, 20)},
		{Kind: tracker.HeadArrivingRange, From: day(24, 8), To: day(26, 20), Days: 3},
		{Kind: tracker.HeadDelayed},
		{Kind: tracker.HeadDelayed, Reason: "delayed_by_carrier"},
		{Kind: tracker.HeadDelayedUntil, To: day(24, 20), Days: 1, Reason: "delayed_by_weather"},
		{Kind: tracker.HeadDelayedUntil, To: day(23, 20)},
		{Kind: tracker.HeadOutForDelivery},
		{Kind: tracker.HeadAttemptFailed, Reason: "recipient_unavailable"},
		{Kind: tracker.HeadPickup},
		{Kind: tracker.HeadPickup, Place: "Kiosk Sonne"},
		{Kind: tracker.HeadDelivered},
		{Kind: tracker.HeadDelivered, At: at},
		{Kind: tracker.HeadException},
		{Kind: tracker.HeadException, Reason: "incorrect_address"},
		{Kind: tracker.HeadReturning},
		{Kind: tracker.HeadReturned, At: at},
		{Kind: tracker.HeadCancelled},
		{Kind: tracker.HeadExpired},
	}
}

// keysOf reads the keys of a language from its files, whatever their sections.
func keysOf(t *testing.T, language string) map[string]string {
	t.Helper()
	entries, err := files.ReadDir("locales")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, entry := range entries {
		if !slices.Contains(strings.Split(entry.Name(), "."), language) {
			continue
		}
		data, err := files.ReadFile("locales/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := yaml.Unmarshal(data, &tree); err != nil {
			t.Fatalf("%s: %v", entry.Name(), err)
		}
		flatten("", tree, keys)
	}
	return keys
}

// flatten gathers texts by their path; the forms of a plural are one text.
func flatten(prefix string, tree map[string]any, keys map[string]string) {
	for name, value := range tree {
		switch value := value.(type) {
		case map[string]any:
			if form, plural := value["other"].(string); plural {
				keys[prefix+name] = form
				continue
			}
			flatten(prefix+name+".", value, keys)
		default:
			keys[prefix+name] = fmt.Sprint(value)
		}
	}
}

func BenchmarkHeadline(b *testing.B) {
	w := For("de")
	h := everyHeadline()[12]
	for b.Loop() {
		w.Headline(h)
	}
}

func BenchmarkSubstatus(b *testing.B) {
	w := For("de")
	for b.Loop() {
		w.Substatus("departed_facility")
	}
}

func TestWhyAVanComesWhenItDoes(t *testing.T) {
	for name, c := range map[string]struct {
		lang string
		why  tracker.Why
		want string
	}{
		"a minute":            {"en", tracker.Why{Kind: tracker.WhyVan, Minutes: 0}, "usually 1 minute from where the van is now"},
		"to five minutes":     {"en", tracker.Why{Kind: tracker.WhyVan, Minutes: 38}, "usually 40 minutes from where the van is now"},
		"hours":               {"de", tracker.Why{Kind: tracker.WhyVan, Minutes: 130}, "von dort, wo der Wagen jetzt ist, meist 2 Stunden"},
		"in a strike":         {"en", tracker.Why{Kind: tracker.WhyVanStarts, Disruption: "strike"}, "the van’s round has not begun yet; delays caused by a strike"},
		"nothing but a storm": {"en", tracker.Why{Disruption: "storm"}, "delays caused by a storm"},
		"nothing at all":      {"en", tracker.Why{}, ""},
	} {
		if got := For(c.lang).Why(c.why, true); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
