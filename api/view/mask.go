package view

import (
	"strings"
	"unicode/utf8"

	"waybill/tracker"
)

// Masked hides who a parcel goes to but for what lets an agent check what a caller says: initials, the mail domain, the last
// digits of the phone number, the town.
func Masked(r tracker.Recipient) tracker.Recipient {
	m := tracker.Recipient{Name: initials(r.Name)}
	if mailbox, domain, ok := strings.Cut(r.Email, "@"); ok {
		m.Email = initials(mailbox) + "@" + domain
	}
	if n := len(r.Phone); n > 3 {
		m.Phone = "•••" + r.Phone[n-3:]
	}
	m.Address.City, m.Address.Country = r.Address.City, r.Address.Country
	return m
}

// initials leaves of each word its first letter.
func initials(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		first, _ := utf8.DecodeRuneInString(word)
		words[i] = string(first) + "•••"
	}
	return strings.Join(words, " ")
}
