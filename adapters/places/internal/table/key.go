package table

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxKey bounds a key in bytes; no place name in the table comes near it.
const MaxKey = 96

// letters that Unicode does not decompose into a base letter and a mark.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "n",
}

// short are words that carriers write both ways; a key holds the short one.
var short = map[string]string{"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}

// AppendKey appends to dst what a name is compared by: lower-case Latin
// letters only, accents folded, words joined, "Saint" as "st" and the like.
// Words that hold a digit (house numbers, postal codes, sort-centre numbers)
// are left out. Names in other scripts give an empty key.
func AppendKey(dst []byte, name string) []byte {
	var word [MaxKey]byte
	w := word[:0]
	digit := false
	flush := func() {
		if s, ok := short[string(w)]; ok {
			w = append(w[:0], s...)
		}
		if !digit && len(dst)+len(w) <= MaxKey {
			dst = append(dst, w...)
		}
		w, digit = w[:0], false
	}
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z':
			w = appendBounded(w, byte(r))
		case r >= 'A' && r <= 'Z':
			w = appendBounded(w, byte(r-'A'+'a'))
		case r >= '0' && r <= '9':
			digit = true
		case r == '\'' || r == '’' || r == '‘' || r == '`':
			// "O'Fallon" is one word
		case r < utf8.RuneSelf:
			flush()
		default:
			w = appendFolded(w, r)
		}
	}
	flush()
	return dst
}

func appendBounded(w []byte, c byte) []byte {
	if len(w) < MaxKey {
		w = append(w, c)
	}
	return w
}

// appendFolded appends the base letters of a letter with accents.
func appendFolded(w []byte, r rune) []byte {
	r = unicode.ToLower(r)
	if s, ok := letters[r]; ok {
		for i := range len(s) {
			w = appendBounded(w, s[i])
		}
		return w
	}
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	for _, c := range norm.NFKD.Properties(buf[:n]).Decomposition() {
		if c >= 'a' && c <= 'z' {
			w = appendBounded(w, c)
		}
	}
	return w
}

// Hash is FNV-1a of a key, folded to the 48 bits that the table keeps: among
// its 400,000 names an unknown one is mistaken once in 700 million look-ups.
func Hash(key []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range key {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return (h >> 16) ^ (h & 0xffff)
}
