package notify

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"waybill/tracker"
	"waybill/tracker/words"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what people read with a file, so that a change of it is seen in a review.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run the test with -update and read the difference", path)
	}
}

func testWriter(tb testing.TB) *Writer {
	return NewWriter(Links{Base: "https://track.example.com", Keys: testKeys(tb)})
}

var sampleTenant = &tracker.Tenant{
	ID: "acme", Name: "Acme Tea",
	Brand: tracker.Brand{Colour: "#0f766e", Support: "tea@acme.example", LogoURL: "https://acme.example/logo.png"},
}

func everyMoment() []tracker.Moment {
	return append(Moments(), tracker.MomentConfirmChannel, tracker.MomentSignIn)
}

func TestEveryMomentInEveryLanguage(t *testing.T) {
	w := testWriter(t)
	for _, language := range words.Languages() {
		var out bytes.Buffer
		for _, moment := range everyMoment() {
			fmt.Fprintf(&out, "=== %s\n", moment)
			mail := preview(t, w, moment, tracker.Email, language)
			fmt.Fprintf(&out, "Subject: %s\n\n%s\n", mail.Subject, mail.Text)
			sms := preview(t, w, moment, tracker.SMS, language)
			fmt.Fprintf(&out, "--- SMS, %d segments\n%s\n", Segments(sms.SMS), sms.SMS)
			push := preview(t, w, moment, tracker.Push, language)
			fmt.Fprintf(&out, "--- push\n%s\n\n", push.Push)
			checkNotification(t, push.Push)
		}
		for _, missing := range []string{"message.", "headline.", "<no value>", "{{"} {
			if strings.Contains(out.String(), missing) {
				t.Errorf("%s: a text is missing: %q is in it", language, missing)
			}
		}
		golden(t, "messages."+language+".txt", out.Bytes())
		page := preview(t, w, tracker.MomentDelayed, tracker.Email, language).HTML
		golden(t, "mail."+language+".html", []byte(page))
	}
}

func preview(t *testing.T, w *Writer, moment tracker.Moment, channel tracker.Channel, language string) Content {
	t.Helper()
	content, err := w.Preview(moment, channel, language, sampleTenant)
	if err != nil {
		t.Fatalf("%s by %s in %s: %v", moment, channel, language, err)
	}
	return content
}

func checkNotification(t *testing.T, payload []byte) {
	t.Helper()
	var n Notification
	if err := json.Unmarshal(payload, &n); err != nil {
		t.Fatal(err)
	}
	if n.Title == "" || n.Body == "" || !strings.HasPrefix(n.URL, "https://") || n.Tag == "" || len(n.Actions) != 2 {
		t.Errorf("notification %s", payload)
	}
}

// Mail programs know little of HTML: everything in tables, nothing from elsewhere but the logo, no scripts, styles on
// the elements, light and dark.
func TestMailsAreMadeForMailPrograms(t *testing.T) {
	w := testWriter(t)
	for _, moment := range everyMoment() {
		mail := preview(t, w, moment, tracker.Email, "en")
		tree, err := html.Parse(strings.NewReader(mail.HTML))
		if err != nil {
			t.Fatal(err)
		}
		for node := range tree.Descendants() {
			if node.Type != html.ElementNode {
				continue
			}
			switch node.Data {
			case "script", "link", "iframe", "form", "svg", "video":
				t.Errorf("%s: <%s> in a mail", moment, node.Data)
			case "table":
				if attribute(node, "role") != "presentation" {
					t.Errorf("%s: a table without role=presentation is read out as one", moment)
				}
			case "img":
				if attribute(node, "alt") == "" || attribute(node, "src") != sampleTenant.Brand.LogoURL {
					t.Errorf("%s: image %v", moment, node.Attr)
				}
			case "a":
				if !strings.HasPrefix(attribute(node, "href"), "https://track.example.com/") {
					t.Errorf("%s: link to %s", moment, attribute(node, "href"))
				}
			}
		}
		for _, needed := range []string{`lang="en"`, `name="color-scheme" content="light dark"`, "prefers-color-scheme: dark", "<!--[if mso]>"} {
			if !strings.Contains(mail.HTML, needed) {
				t.Errorf("%s: %s is missing", moment, needed)
			}
		}
		stop := strings.Contains(mail.HTML, "/unsubscribe?s=") && strings.Contains(mail.Text, "/unsubscribe?s=")
		if stop == asks(moment) {
			t.Errorf("%s: a link to unsubscribe: %v", moment, stop)
		}
		if len(mail.HTML) > 100<<10 {
			t.Errorf("%s: %d bytes; Gmail cuts mails off at 102 kB", moment, len(mail.HTML))
		}
	}
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// What sellers and carriers write is text wherever it stands.
func TestNothingIsInjected(t *testing.T) {
	evil := `"><script>alert(1)</script>` + "\r\nBcc: eve@example.com {{.Colour}} {{printf \"%d\" 1}}"
	tenant := &tracker.Tenant{ID: "evil", Name: evil, Brand: tracker.Brand{Colour: "red;background:url(x)", LogoURL: "javascript:alert(1)", Support: evil}}
	w := testWriter(t)
	for _, moment := range everyMoment() {
		mail, err := w.Preview(moment, tracker.Email, "en", tenant)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "javascript:", "url(x)"} {
			if strings.Contains(mail.HTML, bad) {
				t.Errorf("%s: %s stands in the mail", moment, bad)
			}
		}
		if strings.ContainsAny(mail.Subject, "\r\n") {
			t.Errorf("%s: the subject has two lines: %q", moment, mail.Subject)
		}
	}
}

func TestButtonsCanBeRead(t *testing.T) {
	for colour, want := range map[string][2]string{
		"#ffff00": {"#ffff00", "#000000"}, "#000080": {"#000080", "#ffffff"}, "#FFFFFF": {"#FFFFFF", "#000000"},
		"": {standardColour, "#ffffff"}, "blue": {standardColour, "#ffffff"}, "#12345": {standardColour, "#ffffff"},
	} {
		if background, ink := colours(colour); background != want[0] || ink != want[1] {
			t.Errorf("%q: %s on %s, want %s on %s", colour, ink, background, want[1], want[0])
		}
	}
}

func TestSegments(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want int
	}{
		"nothing":                           {"", 1},
		"160 of the basic set":              {strings.Repeat("a", 160), 1},
		"161":                               {strings.Repeat("a", 161), 2},
		"two parts, full":                   {strings.Repeat("a", 306), 2},
		"umlauts are in the basic set":      {strings.Repeat("ü", 160), 1},
		"a euro takes two places":           {strings.Repeat("a", 158) + "€", 1},
		"and may be one too many":           {strings.Repeat("a", 159) + "€", 2},
		"one character outside halves":      {strings.Repeat("a", 70) + "ê", 2},
		"70 characters outside":             {strings.Repeat("荷", 70), 1},
		"71":                                {strings.Repeat("荷", 71), 2},
		"an emoji takes two":                {strings.Repeat("a", 69) + "😀", 2},
		"an emoji that fits":                {strings.Repeat("a", 68) + "😀", 1},
		"typography is made plain before":   {plainPunctuation("’„“–…\u00a0"), 1},
		"a euro at the end of the 1st part": {strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3},
	} {
		if got := Segments(test.text); got != test.want {
			t.Errorf("%s: %d segments, want %d", name, got, test.want)
		}
	}
}

func TestAnSMSKeepsToItsSegments(t *testing.T) {
	w := testWriter(t)
	rapid.Check(t, func(rt *rapid.T) {
		said := Said{
			Moment: rapid.SampledFrom(everyMoment()).Draw(rt, "moment"), Channel: tracker.SMS,
			Locale: rapid.SampledFrom(words.Languages()).Draw(rt, "language"), Now: clock("Mon 09:00"), Token: "token",
			Shipment: &tracker.Shipment{ID: "WB234567ABCDEFG01"}, View: &tracker.View{Milestone: tracker.AvailableForPickup},
			Tenant: &tracker.Tenant{Name: rapid.String().Draw(rt, "seller")}, Subscription: &tracker.Subscription{ID: "s", Recipient: true},
		}
		said.View.Pickup = rapid.StringN(0, 600, -1).Draw(rt, "place")
		c, err := w.Render(said)
		if err != nil {
			rt.Fatal(err)
		}
		if n := Segments(c.SMS); n > maxSegments || !utf8.ValidString(c.SMS) {
			rt.Fatalf("%d segments: %q", n, c.SMS)
		}
		if !strings.Contains(c.SMS, "https://track.example.com/") {
			rt.Fatalf("the link was cut off: %q", c.SMS)
		}
	})
}

func TestMomentsWithoutWordsAreRefused(t *testing.T) {
	w := testWriter(t)
	if _, err := w.Preview("teleported", tracker.Email, "en", sampleTenant); err == nil {
		t.Error("an unknown moment was worded")
	}
	if _, err := w.Preview(tracker.MomentShipped, tracker.Webhook, "en", sampleTenant); err == nil {
		t.Error("a webhook was worded")
	}
}

func FuzzRender(f *testing.F) {
	f.Add("Acme", "1001", "Tea", "Kiosk", "de", 3)
	f.Add("\"><b>", "{{.}}", "\x00\xff", "\r\n", "zz", 9)
	f.Fuzz(func(t *testing.T, seller, order, item, place, locale string, moment int) {
		moments := everyMoment()
		said := Said{
			Moment: moments[(moment%len(moments)+len(moments))%len(moments)], Locale: locale, Now: clock("Mon 09:00"),
			Shipment:     &tracker.Shipment{ID: "WB234567ABCDEFG01", Order: order, Items: []tracker.Item{{Title: item, Quantity: 1}}},
			View:         &tracker.View{Milestone: tracker.AvailableForPickup, Pickup: place, Papers: []string{item}},
			Tenant:       &tracker.Tenant{Name: seller, Brand: tracker.Brand{Colour: item, LogoURL: place, Support: order}},
			Subscription: &tracker.Subscription{ID: "s", Recipient: true},
		}
		for _, said.Channel = range []tracker.Channel{tracker.Email, tracker.SMS, tracker.Push} {
			c, err := testWriter(t).Render(said)
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(c.Subject, "\r\n") || strings.Contains(c.HTML, "<b>") || Segments(c.SMS) > maxSegments {
				t.Fatalf("%+v", c)
			}
		}
	})
}
