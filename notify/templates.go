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
	htmlMail = html.Must(html.ParseFS(templateFiles, "templates/mail.html"))
	textMail = text.Must(text.ParseFS(templateFiles, "templates/mail.txt"))
)

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
