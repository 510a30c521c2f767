package tracker

import (
	"slices"
	"strings"
	"unicode"

	"waybill/tracker/seal"
)

// A shipment is found by any part of its numbers (trigrams, in the clear) and by the recipient's e-mail, phone,
// name and postal code (blind index, rule 12: whole values, words, beginnings; never an infix).

// The kinds of blind terms. A term of one kind never equals one of another.
const (
	blindEmail   = "email"
	blindDomain  = "domain"
	blindMailbox = "mailbox"
	blindPhone   = "phone"
	blindTail    = "phone_tail"
	blindWord    = "word"
	blindPrefix  = "prefix"
	blindPostal  = "postal"
)

// Terms in the clear begin with letters that blind terms, of [0-9a-v], never have.
const (
	partTerm  = "w"
	wholeTerm = "x"
)

const (
	minPrefix = 3
	shortTail = 4
	longTail  = 6
)

// searchTerms are the terms of a shipment's row.
func (s *Shipment) searchTerms() []string {
	var terms []string
	for _, text := range []string{s.ID, s.Order, s.Reference, s.Consignment} {
		terms = append(terms, trigrams(text)...)
	}
	for _, leg := range s.Legs {
		if leg.Number != s.ID {
			terms = append(terms, trigrams(leg.Number)...)
		}
	}
	for _, item := range s.Items {
		terms = append(terms, itemTerm(item.SKU))
	}
	terms = append(terms, s.BlindTerms...)
	slices.Sort(terms)
	terms = slices.Compact(terms)
	if len(terms) > 0 && terms[0] == "" {
		terms = terms[1:]
	}
	return terms
}

// fold brings numbers, order numbers and SKUs to one form: small letters and digits.
func foldText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// trigrams are the search terms of a number: each three neighbouring characters. Characters beyond ASCII
// stand as their code, since terms are [0-9a-z_] only.
func trigrams(text string) []string {
	runes := []rune(foldText(text))
	if len(runes) < 3 {
		return nil
	}
	terms := make([]string, 0, len(runes)-2)
	for i := range len(runes) - 2 {
		terms = append(terms, partTerm+plainTerm(string(runes[i:i+3])))
	}
	return terms
}

func plainTerm(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < unicode.MaxASCII {
			b.WriteRune(r)
			continue
		}
		b.WriteByte('_')
		const hexDigits = "0123456789abcdef"
		for shift := 16; shift >= 0; shift -= 4 {
			b.WriteByte(hexDigits[(r>>shift)&0xf])
		}
	}
	return b.String()
}

func itemTerm(sku string) string {
	folded := plainTerm(foldText(sku))
	if folded == "" {
		return ""
	}
	return wholeTerm + folded[:min(len(folded), 60)]
}

// blindTerms are the terms by which a recipient is found.
func blindTerms(keys *seal.Keys, r Recipient) []string {
	var terms []string
	add := func(kind, value string) {
		if value != "" {
			terms = append(terms, keys.Blind(kind, value))
		}
	}
	if email := strings.ToLower(strings.TrimSpace(r.Email)); email != "" {
		add(blindEmail, email)
		if name, domain, ok := strings.Cut(email, "@"); ok {
			add(blindMailbox, name)
			add(blindDomain, domain)
		}
	}
	if digits := digitsOf(r.Phone); digits != "" {
		add(blindPhone, digits)
		for _, n := range []int{shortTail, longTail} {
			if len(digits) >= n {
				add(blindTail, digits[len(digits)-n:])
			}
		}
	}
	for _, word := range words(r.Name) {
		add(blindWord, word)
		for n := minPrefix; n < len([]rune(word)); n++ {
			add(blindPrefix, string([]rune(word)[:n]))
		}
	}
	add(blindPostal, foldText(r.Address.PostalCode))
	return terms
}

// PersonTerms are the terms of all shipments that go to an e-mail address or a phone number, each by itself. Empty ones
// are left out.
func PersonTerms(keys *seal.Keys, email, phone string) []string {
	var terms []string
	if email = strings.ToLower(strings.TrimSpace(email)); email != "" {
		terms = append(terms, keys.Blind(blindEmail, email))
	}
	if digits := digitsOf(phone); digits != "" {
		terms = append(terms, keys.Blind(blindPhone, digits))
	}
	return terms
}

// SearchTerms are the alternatives that a person's query may mean, each a set of terms that must all be met.
// The query is matched as part of a number or order, as an item, and as each kind of personal data it can be.
func SearchTerms(keys *seal.Keys, query string) [][]string {
	query = strings.TrimSpace(query)
	var ways [][]string
	add := func(terms ...string) {
		if len(terms) > 0 && terms[0] != "" {
			ways = append(ways, terms)
		}
	}
	if grams := trigrams(query); len(grams) > 0 {
		slices.Sort(grams)
		add(slices.Compact(grams)...)
	}
	add(itemTerm(query))
	if strings.Contains(query, "@") {
		lower := strings.ToLower(query)
		if name, domain, _ := strings.Cut(lower, "@"); name == "" {
			add(keys.Blind(blindDomain, domain))
		} else {
			add(keys.Blind(blindEmail, lower))
		}
		return ways
	}
	if digits := digitsOf(query); len(digits) >= 4 && len(digits) >= len(foldText(query)) {
		add(keys.Blind(blindPhone, digits))
		// A number in its national form differs at its beginning only.
		add(keys.Blind(blindTail, digits[max(0, len(digits)-longTail):]))
	}
	add(keys.Blind(blindPostal, foldText(query)))
	add(keys.Blind(blindMailbox, strings.ToLower(query)))
	// A name: every word but the last must be whole; the last may be a beginning.
	if list := words(query); len(list) > 0 {
		whole := make([]string, len(list))
		for i, word := range list {
			whole[i] = keys.Blind(blindWord, word)
		}
		add(whole...)
		if last := list[len(list)-1]; len([]rune(last)) >= minPrefix {
			begun := slices.Clone(whole)
			begun[len(begun)-1] = keys.Blind(blindPrefix, last)
			add(begun...)
		}
	}
	return ways
}

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// words are the words of a name, folded, of two characters at least.
func words(text string) []string {
	var list []string
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		if len([]rune(word)) >= 2 {
			list = append(list, word)
		}
	}
	return list
}
