package propose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	mailAddress = regexp.MustCompile(`[\w.+-]+@[\w-]+\.[\w.]+`)
	phoneNumber = regexp.MustCompile(`^\+?[0-9][0-9 ()/-]{7,18}[0-9]$`)
)

// personalIn lists what in the samples looks like a person's: by the field's name, or as a mail address.
func personalIn(samples []Sample, roots []*value) []string {
	var list []string
	for i, root := range roots {
		root.eachValue("", func(path, text string) {
			words := wordsOf(path)
			own := wordsOf(path[strings.LastIndexByte(path, '.')+1:])
			what := ""
			switch {
			case mailAddress.MatchString(text):
				what = "a mail address"
			case strings.Contains(words, "phone") || strings.Contains(words, "mobile"), phoneNumber.MatchString(text) && strings.HasPrefix(text, "+"):
				what = "a phone number"
			case weigh(words, personal) > 0 && hasLetters(text) && (strings.Contains(text, " ") || weigh(own, personal) > 0) && len(text) < 80:
				what = "a name or an address"
			}
			if what != "" {
				list = append(list, fmt.Sprintf("%s: %s looks like %s; put an invented one in its place", samples[i].Name, path, what))
			}
		})
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// eachValue visits every text, all elements of lists too.
func (v *value) eachValue(path string, visit func(path, text string)) {
	if v.text != "" {
		visit(path, v.text)
	}
	for _, item := range v.items {
		item.eachValue(path+"[]", visit)
	}
	for _, m := range v.members {
		within := m.key
		if path != "" {
			within = path + "." + m.key
		}
		m.eachValue(within, visit)
	}
}
