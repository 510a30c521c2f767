// Package web makes the pages: plain HTML that works without JavaScript, with one style sheet and one small script, all
// from this server. Texts are tracker/words' page section.
package web

import (
	"bytes"
	"embed"
	"fmt"
	"hash/fnv"
	"html/template"
	"mime"
	"path"
	"strings"

	"waybill/tracker/words"
)

//go:embed templates/*.html static/*
var files embed.FS

// Pages renders pages. It is safe for concurrent use.
type Pages struct {
	templates *template.Template
	static    map[string]Asset
	// names give the name under which a static file is served: with a hash of its content, so that it may be kept for ever.
	names map[string]string
}

// Asset is a static file.
type Asset struct {
	Type string
	Body []byte
}

// Policy is the Content-Security-Policy of every page: nothing from elsewhere, nothing inline.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// New reads the embedded templates and files. They are part of the program: one that is broken fails on every machine.
func New() *Pages {
	p := &Pages{static: map[string]Asset{}, names: map[string]string{}}
	entries, err := files.ReadDir("static")
	if err != nil {
		panic("web: " + err.Error())
	}
	for _, entry := range entries {
		body, err := files.ReadFile("static/" + entry.Name())
		if err != nil {
			panic("web: " + err.Error())
		}
		p.add(entry.Name(), body)
	}
	p.templates = template.Must(template.New("").Funcs(template.FuncMap{
		"asset":   p.Name,
		"words":   func(list ...string) []string { return list },
		"percent": func(share float64) float64 { return 100 * share },
	}).ParseFS(files, "templates/*.html"))
	return p
}

func (p *Pages) add(name string, body []byte) {
	hash := fnv.New64a()
	_, _ = hash.Write(body)
	ending := path.Ext(name)
	hashed := fmt.Sprintf("%s.%x%s", strings.TrimSuffix(name, ending), hash.Sum64(), ending)
	p.names[name] = hashed
	p.static[hashed] = Asset{Type: typeOf(ending), Body: body}
}

func typeOf(ending string) string {
	switch ending { // the types that matter do not depend on the machine's own table
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(ending)
}

// Name is the address under which a static file is served.
func (p *Pages) Name(file string) string { return "/static/" + p.names[file] }

// Static gives a file under its hashed name.
func (p *Pages) Static(name string) (Asset, bool) {
	asset, ok := p.static[name]
	return asset, ok
}

// ServiceWorker is the script that shows push messages. Browsers ask for it under one name always.
func (p *Pages) ServiceWorker() Asset { return p.static[p.names["sw.js"]] }

// Head is what every page has.
type Head struct {
	*words.Words
	Title string
	// Path is the page's own address without the language, for the links to the other languages.
	Path string
	// Index: search engines may keep the page. They may not keep anybody's parcels.
	Index bool
	// Refresh is after how many seconds a page without script is loaded again, 0 for never.
	Refresh int
}

// Lang is the language of the page's texts.
func (h Head) Lang() string { return h.Tag() }

// Language is one of the languages that a page exists in.
type Language struct {
	Tag, Name, URL string
	Current        bool
}

// languageNames are the languages in their own words.
var languageNames = map[string]string{
	"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "pt": "Português", "ja": "日本語",
}

// Languages links the page in the other languages.
func (h Head) Languages() []Language {
	var list []Language
	current, _, _ := strings.Cut(h.Tag(), "-")
	joint := "?"
	if strings.Contains(h.Path, "?") {
		joint = "&"
	}
	for _, tag := range words.Languages() {
		list = append(list, Language{Tag: tag, Name: languageNames[tag], URL: h.Path + joint + "lang=" + tag, Current: tag == current})
	}
	return list
}

func (p *Pages) render(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := p.templates.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return out.Bytes(), nil
}
