package notify

import (
	"embed"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"
)

//go:embed templates/mail.html templates/mail.txt
var templateFiles embed.FS

// The layout of mails. What they say is worded by tracker/words, so that there is one layout for all languages.
var (
	htmlMail = html.Must(html.New("mail.html").Funcs(html.FuncMap{"outlook": outlook}).ParseFS(templateFiles, "templates/mail.html"))
	textMail = text.Must(text.ParseFS(templateFiles, "templates/mail.txt"))
)

// outlook is what Outlook for Windows alone reads: it knows no max-width. The template itself loses its comments.
func outlook(part string) (html.HTML, error) {
	switch part {
	case "begin":
		return `<!--[if mso]><table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`, nil
	case "end":
		return `<!--[if mso]></td></tr></table><![endif]-->`, nil
	}
	return "", fmt.Errorf("there is no part %q for Outlook", part)
}

func (p *page) html() (string, error) {
	var b strings.Builder
	if err := htmlMail.Execute(&b, p); err != nil {
		return "", fmt.Errorf("lay out a mail: %w", err)
	}
	return b.String(), nil
}

func (p *page) text() (string, error) {
	var b strings.Builder
	if err := textMail.Execute(&b, p); err != nil {
		return "", fmt.Errorf("lay out a mail's text: %w", err)
	}
	return b.String(), nil
}
