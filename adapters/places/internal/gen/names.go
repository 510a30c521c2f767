package main

import (
	"cmp"
	"slices"
	"strings"

	"waybill/adapters/places/internal/table"
)

// aliasPopulation is the size from which a city's other names are kept:
// carriers write small places in one spelling, and each name costs 6 bytes.
const aliasPopulation = 20_000

type name struct {
	hash uint64
	city int
	own  bool
}

// names fills the columns of the names.
func (b *builder) names() {
	var all []name
	for i, c := range b.rows {
		own := ownKey(c)
		all = append(all, name{hash(own), i, true})
		for _, k := range keys(otherNames(c)) {
			if k != own && len(k) > 2 {
				all = append(all, name{hash(k), i, false})
			}
		}
	}
	slices.SortFunc(all, func(x, y name) int {
		if x.own != y.own && x.hash == y.hash {
			if x.own {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.hash, y.hash), x.city-y.city)
	})
	b.t.NameBucket = make([]uint32, 1<<16)
	for _, n := range all {
		b.t.NameBucket[n.hash>>32]++
		b.t.NameLow = append(b.t.NameLow, uint32(n.hash))
		if n.own {
			b.t.NameCity = append(b.t.NameCity, 0)
		} else {
			b.t.NameCity = append(b.t.NameCity, uint32(n.city)+1)
		}
	}
}

// otherNames are GeoNames' alternate names that are written in Latin letters,
// not romanised from another script (those are all lower case), and the
// spellings without accents.
func otherNames(c city) (names []string) {
	if umlauts[c.Country] {
		names = append(names, twoLetter.Replace(c.Name))
	}
	if c.Population < aliasPopulation {
		return names
	}
	for _, n := range c.Aliases {
		if n != strings.ToLower(n) && latin(n) {
			names = append(names, n)
		}
	}
	return names
}

var twoLetter = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ø", "oe", "Ø", "Oe", "å", "aa", "Å", "Aa")

// latin tells names of which every letter has a place in the key.
func latin(n string) bool {
	letters := 0
	for _, r := range n {
		if r > 0x24f {
			return false
		}
		letters++
	}
	return letters > 2 && len(table.AppendKey(nil, n)) > 2
}
