package notify

import (
	"errors"
	"strings"
	"testing"

	"waybill/tracker"
)

func TestWhatAWordingMaySay(t *testing.T) {
	for _, test := range []struct {
		name string
		w    tracker.Wording
		want string // a part of the refusal; "" where it is taken
	}{
		{"fields", tracker.Wording{Title: "{{.Seller}}: {{.Headline}}", Body: "Dear customer,\n{{.Standard}}"}, ""},
		{"a condition", tracker.Wording{Body: "{{if .Order}}Order {{.Order}}{{else}}Your parcel{{end}} is near."}, ""},
		{"a comment", tracker.Wording{Body: "{{/* spring campaign */}}On its way."}, ""},
		{"nothing", tracker.Wording{}, "says nothing"},
		{"an unknown field", tracker.Wording{Body: "one\ntwo\n{{.Recipient}}"}, "wording:3"},
		{"a broken field", tracker.Wording{Body: "one\n{{.Seller"}, "wording:2"},
		{"a condition without an end", tracker.Wording{Body: "{{if .Order}}x"}, "wording:1"},
		{"a function that makes a gigabyte", tracker.Wording{Body: `x` + "\n" + `{{printf "%1000000000d" 1}}`}, "wording:2"},
		{"a pipeline", tracker.Wording{Body: `{{.Seller | html}}`}, "wording:1"},
		{"a loop", tracker.Wording{Body: `{{range .Seller}}x{{end}}`}, "wording:1"},
		{"a template that calls itself", tracker.Wording{Body: `{{define "x"}}{{template "x"}}{{end}}{{template "x"}}`}, "only {{.Field}}"},
		{"a template that replaces the whole", tracker.Wording{Body: `{{define "wording"}}{{html .Seller}}{{end}}`}, "not understood"},
		{"a variable", tracker.Wording{Body: `{{$x := .Seller}}`}, "wording:1"},
		{"a field of a field", tracker.Wording{Body: `{{.Seller.Key}}`}, "wording:1"},
		{"a title of two lines", tracker.Wording{Title: "a\nBcc: all@example.com"}, "one line"},
		{"too long", tracker.Wording{Body: strings.Repeat("x", 3000)}, "at most 2000"},
		{"an SMS", tracker.Wording{Channel: tracker.SMS, Body: "{{.Seller}}: {{.Headline}} {{.Link}}"}, ""},
		{"an SMS without the link", tracker.Wording{Channel: tracker.SMS, Body: "Soon!"}, "{{.Link}}"},
		{"an SMS with a title", tracker.Wording{Channel: tracker.SMS, Title: "x", Body: "{{.Link}}"}, "no title"},
		{"another language", tracker.Wording{Locale: "it", Body: "x"}, "[en de fr es pt ja]"},
		{"a language of a region", tracker.Wording{Locale: "pt-BR", Body: "x"}, ""},
		{"no moment", tracker.Wording{Moment: "birthday", Body: "x"}, "no moment"},
		{"the request to confirm", tracker.Wording{Moment: tracker.MomentConfirmChannel, Body: "x"}, "no moment"},
		{"a webhook", tracker.Wording{Channel: tracker.Webhook, Body: "x"}, "email, sms, push"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := test.w
			if w.Moment == "" {
				w.Moment = tracker.MomentOutForDelivery
			}
			if w.Channel == "" {
				w.Channel = tracker.Email
			}
			if w.Locale == "" {
				w.Locale = "de"
			}
			err := CheckWording(&w)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case test.want != "" && (!errors.Is(err, ErrWording) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestASellersWordsTakeTheProductsPlace(t *testing.T) {
	writer := NewWriter(Links{Base: "https://t.example", Keys: testKeys(t)})
	tenant := &tracker.Tenant{ID: "acme", Name: "Acme Tea", Wordings: []tracker.Wording{
		{Moment: tracker.MomentDelivered, Channel: tracker.Email, Locale: "de", Title: "Ihr Tee ist da", Body: "Wasser aufsetzen!\nBestellung {{.Order}} & mehr"},
		{Moment: tracker.MomentDelivered, Channel: tracker.SMS, Locale: "de", Body: "{{.Seller}} – Tee ist da: {{.Link}}"},
		{Moment: tracker.MomentDelivered, Channel: tracker.Push, Locale: "de", Body: "Wasser aufsetzen!"},
	}}
	say := func(channel tracker.Channel, locale string) Content {
		t.Helper()
		c, err := writer.Preview(tracker.MomentDelivered, channel, locale, tenant)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	mail := say(tracker.Email, "de-AT")
	if mail.Subject != "Ihr Tee ist da" || !strings.Contains(mail.Text, "Bestellung 1001 & mehr") || !strings.Contains(mail.HTML, "Wasser aufsetzen!<br>Bestellung 1001 &amp; mehr") {
		t.Errorf("the mail says %q\n%s", mail.Subject, mail.Text)
	}
	if !strings.Contains(mail.HTML, "/unsubscribe?") {
		t.Error("the way to unsubscribe is gone")
	}
	if got := say(tracker.SMS, "de").SMS; !strings.HasPrefix(got, "Acme Tea - Tee ist da: https://t.example/") {
		t.Errorf("the SMS says %q", got)
	}
	if got := string(say(tracker.Push, "de").Push); !strings.Contains(got, "Wasser aufsetzen!") {
		t.Errorf("the push says %s", got)
	}
	if got := say(tracker.Email, "fr"); strings.Contains(got.Text, "Wasser") {
		t.Errorf("in French: %s", got.Text)
	}
	// One that was stored before a field was taken away.
	tenant.Wordings[0].Body = "{{.Gone}}"
	if got := say(tracker.Email, "de"); strings.Contains(got.Text, "Gone") || !strings.Contains(got.Text, "Zugestellt") {
		t.Errorf("a broken wording leaves %s", got.Text)
	}
}

func FuzzWordings(f *testing.F) {
	for _, text := range []string{"{{.Seller}}", "{{if .Order}}x{{else}}y{{end}}", `{{printf "%9999999d" 1}}`, `{{define "a"}}{{end}}`, "{{range .Seller}}{{end}}", "{{"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > bodyMost {
			return
		}
		filled, err := fill(text, &Filled{Seller: "s", Headline: "h", Link: "l", Standard: "x"})
		if err == nil && len(filled) > 2*len(text) {
			t.Errorf("%d bytes became %d", len(text), len(filled))
		}
	})
}
