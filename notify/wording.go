package notify

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"text/template/parse"

	"golang.org/x/text/language"

	"waybill/tracker"
	"waybill/tracker/words"
)

// Sellers may word a moment themselves: plain text with {{.Fields}} and {{if .Field}}…{{else}}…{{end}} in it. Nothing else
// of Go's templates is allowed, so that a wording can neither loop nor call. Layout, links and the way to unsubscribe stay
// the product's.

// Filled is what a wording can name.
type Filled struct {
	Seller, Headline, Number, Order, Link, Papers string
	// Pickup is where the parcel waits, Hours when that is open, Code what is asked for there; Code is empty where it may
	// not be told.
	Pickup, Hours, Code string
	// Standard is what the product itself would say.
	Standard string
}

// ErrWording is wrapped by the errors of CheckWording, whose texts name the line.
var ErrWording = errors.New("the wording cannot be used")

const (
	titleMost = 150
	bodyMost  = 2000
	// smsMost is about three segments.
	smsMost = 400
)

// CheckWording says what is wrong with a wording, with its line.
func CheckWording(w *tracker.Wording) error {
	if r, ok := ruleOf(w.Moment); !ok || asks(r.moment) {
		return fmt.Errorf("%w: no moment %.40q; the moments are %v", ErrWording, w.Moment, Moments())
	}
	if w.Channel != tracker.Email && w.Channel != tracker.SMS && w.Channel != tracker.Push {
		return fmt.Errorf("%w: the channel is one of email, sms, push", ErrWording)
	}
	if spoken := words.For(w.Locale).Tag(); normaliseLocale(w.Locale) == "" || languageOf(w.Locale) != languageOf(spoken) {
		return fmt.Errorf("%w: %.20q is no language that messages are sent in; those are %v", ErrWording, w.Locale, words.Languages())
	}
	most := bodyMost
	if w.Channel == tracker.SMS {
		most = smsMost
	}
	switch {
	case w.Title == "" && w.Body == "":
		return fmt.Errorf("%w: it says nothing; give a title, a body or both", ErrWording)
	case w.Channel == tracker.SMS && w.Title != "":
		return fmt.Errorf("%w: an SMS has no title", ErrWording)
	case len(w.Title) > titleMost || strings.ContainsAny(w.Title, "\r\n"):
		return fmt.Errorf("%w: a title is one line of at most %d bytes", ErrWording, titleMost)
	case len(w.Body) > most:
		return fmt.Errorf("%w: it has %d bytes, at most %d are taken", ErrWording, len(w.Body), most)
	case w.Channel == tracker.SMS && !strings.Contains(w.Body, ".Link"):
		return fmt.Errorf("%w: an SMS needs {{.Link}}, where the person can read on and unsubscribe", ErrWording)
	}
	for part, text := range map[string]string{"title": w.Title, "body": w.Body} {
		if _, err := fill(text, &Filled{}); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrWording, part, err)
		}
	}
	return nil
}

// fill puts a parcel's own words into a wording.
func fill(text string, f *Filled) (string, error) {
	if text == "" {
		return "", nil
	}
	// The name is what the parser's errors begin with: "template: wording:3: …".
	t, err := template.New("wording").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", errors.New(strings.TrimPrefix(err.Error(), "template: "))
	}
	if t.Tree == nil || len(t.Templates()) > 1 {
		return "", errors.New("wording:1: only {{.Field}} and {{if .Field}} are understood")
	}
	if err := allowed(t.Root, text); err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, f); err != nil {
		return "", errors.New(strings.TrimPrefix(err.Error(), "template: "))
	}
	return strings.TrimSpace(b.String()), nil
}

// allowed walks a template and refuses all but texts, fields and conditions on fields.
func allowed(node parse.Node, text string) error {
	refused := func() error {
		line := 1 + strings.Count(text[:min(int(node.Position()), len(text))], "\n")
		return fmt.Errorf("wording:%d: %.60q is not understood; only {{.Field}} and {{if .Field}}…{{else}}…{{end}} are", line, node)
	}
	switch n := node.(type) {
	case *parse.TextNode:
		return nil
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, child := range n.Nodes {
			if err := allowed(child, text); err != nil {
				return err
			}
		}
		return nil
	case *parse.ActionNode:
		if isField(n.Pipe) {
			return nil
		}
	case *parse.IfNode:
		if isField(n.Pipe) {
			return errors.Join(allowed(n.List, text), allowed(n.ElseList, text))
		}
	}
	return refused()
}

// isField reports whether a pipeline is one plain field.
func isField(pipe *parse.PipeNode) bool {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) != 1 {
		return false
	}
	field, ok := pipe.Cmds[0].Args[0].(*parse.FieldNode)
	return ok && len(field.Ident) == 1
}

// reword puts the seller's own words in the place of the product's. One that cannot be filled, which was checked when it was
// taken in, leaves those.
func (p *page) reword(said *Said) {
	w := wordingOf(said.Tenant, said.Moment, said.Channel, p.words)
	if w == nil {
		return
	}
	f := &Filled{
		Seller: p.Seller, Headline: p.Headline, Number: p.Number, Order: p.Order, Link: p.Link,
		Papers: strings.Join(said.View.Papers, ", "), Standard: p.Title,
		Pickup: said.View.Pickup, Hours: said.View.PickupHours, Code: said.Handed.Code,
	}
	if title, err := fill(w.Title, f); err == nil && title != "" {
		p.Title, p.own.title = shorten(title, titleMost), shorten(title, titleMost)
	}
	f.Standard = p.Body
	if body, err := fill(w.Body, f); err == nil && body != "" {
		p.Body, p.own.body = body, body
	}
}

// wordingOf is the seller's wording for a message; nil where the product's words serve.
func wordingOf(t *tracker.Tenant, moment tracker.Moment, channel tracker.Channel, spoken *words.Words) *tracker.Wording {
	for i := range t.Wordings {
		w := &t.Wordings[i]
		if w.Moment == moment && w.Channel == channel && languageOf(w.Locale) == languageOf(spoken.Tag()) {
			return w
		}
	}
	return nil
}

// languageOf is the language in a tag: "pt" of "pt-BR".
func languageOf(tag string) string {
	base, _ := language.Make(tag).Base()
	return base.String()
}
