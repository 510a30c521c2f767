package mapping

import (
	"testing"
	"unicode/utf8"
)

// FuzzDecode feeds the decoders anything: they must neither crash nor leave a tree that cannot be walked.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		shop, `{"a":"\ud83d\udce6\n","b":[1,-2e9,true,null]}`, `[[],{},""]`, `{"a":`, "\xff\xfe<\x00a\x00/\x00>\x00",
		`<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE a [<!ENTITY b "c">]><a x='1'><![CDATA[<]]>&b;&#153;<b/>t</a>`,
		`<a><b>x</b><b y="z"/></a>`, "<a", `{"a":"b"}x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var tree Tree
		if _, err := tree.Decode(body); err != nil {
			return
		}
		for n := range tree.nodes {
			at := int32(n) //nolint:gosec // bounded by the input
			if !utf8.ValidString(tree.text(at)) && len(tree.Faults) == 0 {
				t.Errorf("node %d is no text: %q", n, tree.text(at))
			}
			if next := tree.sibling(at); next != none && next <= at {
				t.Fatalf("the sibling of %d is %d", n, next)
			}
			if tree.nodes[n].parent >= at {
				t.Fatalf("the parent of %d is %d", n, tree.nodes[n].parent)
			}
		}
	})
}

// FuzzLoad feeds the loader anything: a mapping or an error, never a crash.
func FuzzLoad(f *testing.F) {
	f.Add(plain)
	f.Add("codes: {a: {b: c}}\nformats: [{name: x}]")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load("fuzz", "carrier.yaml", []byte(text))
		if (c == nil) == (err == nil) {
			t.Errorf("%v and %v", c, err)
		}
	})
}

// FuzzLayout reads any text in any layout: what is read is a real moment.
func FuzzLayout(f *testing.F) {
	f.Add("iso", "2026-02-30T10:00:00+25:00")
	f.Add("MMMM d, yyyy h:mm a", "February 13, 2014 12:24 pm")
	f.Add("EEE dd/MM/yy HH:mm:ss.SSS XXX", "Tue 03/03/26 14:05:00.1 GMT+1")
	f.Add("epoch_ms", "1e300")
	f.Fuzz(func(t *testing.T, form, text string) {
		layout, err := ParseLayout(form)
		if err != nil {
			return
		}
		if c, ok := layout.parse(text); ok && !c.real() {
			t.Errorf("%q in %q is %+v", text, form, c)
		}
	})
}
