// Package words says in a customer's language what the tracker knows: headlines, statuses, dates and times.
//
// The texts stand in locales/<section>.<language>.yaml, read by go-i18n (plural forms by CLDR); names of days and
// months and the clock (12 or 24 hours) come from CLDR. A text is found by its path in the file: "headline.delivered".
package words

import (
	"github.com/go-playground/locales"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Words speaks one language as it is spoken in one place. It is safe for concurrent use.
type Words struct {
	tag   string
	cldr  locales.Translator
	order dayOrder
	texts *i18n.Localizer
}

// For gives the words that suit best somebody's languages, in the order of preference: BCP 47 tags ("pt-BR", "pt_BR") or
// whole Accept-Language headers. What cannot be read is passed over; where nothing suits it is English.
func For(tags ...string) *Words {
	c := load()
	var wanted []language.Tag
	for _, text := range tags {
		if len(text) > 256 { // a browser's header has some 60 characters
			continue
		}
		if list, _, err := language.ParseAcceptLanguage(text); err == nil {
			wanted = append(wanted, list...)
		}
	}
	_, i, _ := c.matcher.Match(wanted...)
	return c.words[i]
}

// Tag is the BCP 47 tag of the language and place, for the lang attribute of a page.
func (w *Words) Tag() string { return w.tag }

// Say gives the text with a key ("page.title"), with values for its placeholders in pairs of name and value:
//
//	w.Say("page.events", "Count", 3)
//
// Count chooses the plural form. A key that no file has comes back as it is, for a page to show rather than to fail;
// a test holds the files of all languages to the same keys.
func (w *Words) Say(key string, args ...any) string {
	config := i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		values := make(map[string]any, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			name, _ := args[i].(string)
			values[name] = args[i+1]
		}
		config.TemplateData, config.PluralCount = values, values["Count"]
	}
	text, err := w.texts.Localize(&config)
	if err != nil {
		return key
	}
	return text
}

// Has reports whether a text with this key exists.
func (w *Words) Has(key string) bool {
	_, err := w.texts.Localize(&i18n.LocalizeConfig{MessageID: key})
	return err == nil
}
