package words

import (
	"embed"
	"fmt"
	"path"
	"sync"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/de_AT"
	"github.com/go-playground/locales/en_GB"
	"github.com/go-playground/locales/en_US"
	"github.com/go-playground/locales/es"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/fr_CA"
	"github.com/go-playground/locales/ja"
	"github.com/go-playground/locales/pt"
	"github.com/go-playground/locales/pt_PT"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

//go:embed locales/*.yaml
var files embed.FS

// locale is a language as spoken somewhere. The texts follow the language, dates and clock the place.
type locale struct {
	tag   string
	cldr  func() locales.Translator
	order dayOrder
}

// supported lists the locales; the first is the default. Where two fit equally, the one further up is taken.
var supported = []locale{
	{"en", en_GB.New, weekdayDayMonth},
	{"en-GB", en_GB.New, weekdayDayMonth},
	{"en-US", en_US.New, weekdayCommaMonthDay},
	{"de", de.New, weekdayCommaDayDotMonth},
	{"de-AT", de_AT.New, weekdayCommaDayDotMonth},
	{"fr", fr.New, weekdayDayMonth},
	{"fr-CA", fr_CA.New, weekdayDayMonth},
	{"es", es.New, weekdayCommaDayDeMonth},
	{"pt", pt.New, weekdayCommaDayDeMonth},
	{"pt-PT", pt_PT.New, weekdayCommaDayDeMonth},
	{"ja", ja.New, monthDayWeekday},
}

// Languages are the languages that texts exist in, as BCP 47 tags.
func Languages() []string { return []string{"en", "de", "fr", "es", "pt", "ja"} }

// catalogue is everything that is read from the files, once, when first needed.
type catalogue struct {
	bundle  *i18n.Bundle
	matcher language.Matcher
	words   []*Words
}

var load = sync.OnceValue(func() *catalogue {
	c := &catalogue{bundle: i18n.NewBundle(language.English)}
	c.bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	entries, err := files.ReadDir("locales")
	if err != nil {
		panic(fmt.Sprintf("words: the embedded texts cannot be listed: %v", err))
	}
	for _, entry := range entries {
		// The files are part of the program: one that cannot be read fails on every machine, in every test.
		if _, err := c.bundle.LoadMessageFileFS(files, path.Join("locales", entry.Name())); err != nil {
			panic(fmt.Sprintf("words: %s: %v", entry.Name(), err))
		}
	}
	tags := make([]language.Tag, len(supported))
	for i, l := range supported {
		tags[i] = language.MustParse(l.tag)
		c.words = append(c.words, &Words{tag: l.tag, cldr: l.cldr(), order: l.order, texts: i18n.NewLocalizer(c.bundle, l.tag)})
	}
	c.matcher = language.NewMatcher(tags)
	return c
})
