package mapping

import (
	"strings"
	"testing"
)

// value is the text of the first node that a path finds, "(none)" where it finds none.
func value(t *testing.T, tree *Tree, path string) string {
	t.Helper()
	p, err := ParsePath(path)
	if err != nil {
		t.Fatal(err)
	}
	n := p.first(tree, 0)
	if n == none {
		return "(none)"
	}
	return tree.text(n)
}

func TestJSONIsReadAsItStands(t *testing.T) {
	for _, test := range []struct{ name, body, path, want string }{
		{"a text", `{"a":"b"}`, "a", "b"},
		{"a member within a member", `{"a":{"b":{"c":"d"}}}`, "a.b.c", "d"},
		{"a number as written, however long", `{"id":123456789012345678901234567890.10}`, "id", "123456789012345678901234567890.10"},
		{"a huge exponent", `{"id":1e999999}`, "id", "1e999999"},
		{"a truth", `{"a":true}`, "a", "true"},
		{"null is nothing", `{"a":null}`, "a", "(none)"},
		{"escapes", `{"a":"x\"\\\/\n\u00e9"}`, "a", "x\"\\/\né"},
		{"a surrogate pair", `{"a":"\ud83d\udce6"}`, "a", "📦"},
		{"half a surrogate pair", `{"a":"\ud83dx"}`, "a", "\ufffdx"},
		{"an escape that is none", `{"a":"\q1"}`, "a", "\ufffd1"},
		{"an escaped name", `{"\u0061":"b"}`, "a", "b"},
		{"the first of two members of one name", `{"a":"1","a":"2"}`, "a", "1"},
		{"a byte-order mark before it", "\ufeff{\"a\":\"b\"}", "a", "b"},
		{"bytes that are no text", "{\"a\":\"x\xffy\"}", "a", "x\ufffdy"},
		{"a long text", `{"a":"` + strings.Repeat("x", 1000) + `","b":"c"}`, "b", "c"},
		{"a long text with an escape late in it", `{"a":"` + strings.Repeat("x", 100) + `\t"}`, "a", strings.Repeat("x", 100) + "\t"},
		{"white space everywhere", " {\n \"a\" :\t[ 1 , 2 ] } ", "a[-1]", "2"},
		{"an empty object and an empty list", `{"a":{},"b":[],"c":"d"}`, "c", "d"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			if syntax, err := tree.Decode([]byte(test.body)); err != nil || syntax != JSON {
				t.Fatal(syntax, err)
			}
			if len(tree.Faults) > 0 {
				t.Error(tree.Faults)
			}
			if got := value(t, &tree, test.path); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestBrokenJSONIsReadUpToTheBreak(t *testing.T) {
	for _, test := range []struct{ name, body, path, want string }{
		{"cut within a text", `{"a":"1","b":"2`, "a", "1"},
		{"cut within a number", `{"a":"1","b":12`, "b", "(none)"},
		{"cut after a name", `{"a":"1","b"`, "a", "1"},
		{"no colon", `{"a":"1","b" "2"}`, "a", "1"},
		{"no comma", `{"a":"1" "b":"2"}`, "a", "1"},
		{"a word that is no value", `{"a":"1","b":yes}`, "a", "1"},
		{"more behind the end", `{"a":"1"} {"a":"2"}`, "a", "1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			if _, err := tree.Decode([]byte(test.body)); err != nil {
				t.Fatal(err)
			}
			if len(tree.Faults) == 0 {
				t.Error("the break was not told")
			}
			if got := value(t, &tree, test.path); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestXMLIsReadAsItStands(t *testing.T) {
	for _, test := range []struct{ name, body, path, want string }{
		{"an element", `<r><a>b</a></r>`, "a", "b"},
		{"an attribute", `<r id="7"><a x='y'/></r>`, "a.@x", "y"},
		{"an attribute of the root", `<r id="7"/>`, "@id", "7"},
		{"elements of one name", `<r><a>1</a><b/><a>2</a></r>`, "a[-1]", "2"},
		{"a prefix is dropped", `<p:r xmlns:p="u"><p:a>b</p:a></p:r>`, "a", "b"},
		{"entities", `<r><a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;</a></r>`, "a", `<&>"'AB`},
		{"a numbered character meant as Windows-1252", `<r><a>&#153;</a></r>`, "a", "™"},
		{"an entity that is not known", `<r><a>&nbsp;x&;&</a></r>`, "a", "&nbsp;x&;&"},
		{"CDATA", `<r><a><![CDATA[<b>&amp;]]></a></r>`, "a", "<b>&amp;"},
		{"comments and instructions", `<?xml version="1.0"?><!-- c --><r><?p q?><a>b<!-- c -->d</a></r><!-- e -->`, "a", "bd"},
		{"text around an element", `<r><a>Tracking<SUP>&#153;</SUP> now</a></r>`, "a", "Tracking™ now"},
		{"Latin-1", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><r><a>K\xf6ln</a></r>", "a", "Köln"},
		{"UTF-16 with a mark", "\xff\xfe<\x00r\x00>\x00<\x00a\x00>\x00\xf6\x00<\x00/\x00a\x00>\x00<\x00/\x00r\x00>\x00", "a", "ö"},
		{"a wrong label", `<?xml version="1.0" encoding="utf-16"?><r><a>b</a></r>`, "a", "b"},
		{"an encoding that nobody knows", `<?xml version="1.0" encoding="x-none"?><r><a>b</a></r>`, "a", "b"},
		{"a DTD is passed over", `<!DOCTYPE r [<!ENTITY e "x"><!ELEMENT r (#PCDATA)>]><r><a>&e;</a></r>`, "a", "&e;"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			if syntax, err := tree.Decode([]byte(test.body)); err != nil || syntax != XML {
				t.Fatal(syntax, err)
			}
			if len(tree.Faults) > 0 {
				t.Error(tree.Faults)
			}
			if got := value(t, &tree, test.path); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestBrokenXMLIsReadUpToTheBreak(t *testing.T) {
	for _, test := range []struct{ name, body string }{
		{"an element is not closed", `<r><a>b</a><c>`},
		{"an end tag that fits nothing", `<r><a>b</a></c></r>`},
		{"an attribute without quotes", `<r><a>b</a><c d=e/></r>`},
		{"an attribute that is not closed", `<r><a>b</a><c d="e/></r>`},
		{"a comment that is not closed", `<r><a>b</a><!-- `},
		{"CDATA that is not closed", `<r><a>b</a><![CDATA[x</r>`},
		{"a tag without a name", `<r><a>b</a>< ></r>`},
		{"cut within a tag", `<r><a>b</a><c`},
		{"a second root", `<r><a>b</a></r><r/>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			if _, err := tree.Decode([]byte(test.body)); err != nil {
				t.Fatal(err)
			}
			if len(tree.Faults) == 0 {
				t.Error("the break was not told")
			}
			if got := value(t, &tree, "a"); got != "b" {
				t.Errorf("%q, want b", got)
			}
		})
	}
}

// A reader that is quadratic in any of them would outlast the time that a suite has.
func TestHostileDocumentsNeitherCrashNorStall(t *testing.T) {
	const size = 1 << 20
	bomb := `<!DOCTYPE r [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "` + strings.Repeat("&a;", 1000) + `">]><r><a>&b;</a></r>`
	for _, test := range []struct{ name, body string }{
		{"lists within lists", strings.Repeat("[", size)},
		{"objects within objects", strings.Repeat(`{"a":`, size/5)},
		{"elements within elements", strings.Repeat("<a>", size/3)},
		{"elements within elements, closed", strings.Repeat("<a>", size/7) + strings.Repeat("</a>", size/7)},
		{"a bomb of entities", bomb},
		{"an outside entity", `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><a>&e;</a></r>`},
		{"text in a hundred thousand pieces", "<r>x" + strings.Repeat("<!---->y", size/8) + "</r>"},
		{"text between elements that must be rewritten", "<r>x" + strings.Repeat("<a>&lt;</a>x", size/12) + "</r>"},
		{"a long list of nothing", "[" + strings.Repeat("null,", size/5) + "null]"},
		{"backslashes", `{"a":"` + strings.Repeat(`\\`, size/2) + `"}`},
		{"a DTD that never ends", "<!DOCTYPE " + strings.Repeat("<", size)},
		{"zero bytes", strings.Repeat("\x00", size)},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			_, _ = tree.Decode([]byte(test.body))
			if len(tree.extra) > 100*size {
				t.Errorf("it grew to %d bytes", len(tree.extra))
			}
		})
	}
}

func TestDecodeRefusesWhatIsNoDocument(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"nothing", "", "empty"},
		{"white space", " \n", "empty"},
		{"a form", "a=b", `starts with 'a'`},
		{"an open bracket and no more", "<", "nothing in the payload could be read"},
		{"a quote within an object", `{"`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			_, err := tree.Decode([]byte(test.body))
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestNestingBeyondTheLimitIsLeftOutAlone(t *testing.T) {
	deep := strings.Repeat("[", 200) + strings.Repeat("]", 200)
	var tree Tree
	if _, err := tree.Decode([]byte(`{"a":` + deep + `,"b":"c"}`)); err != nil {
		t.Fatal(err)
	}
	if got := value(t, &tree, "b"); got != "c" || len(tree.Faults) == 0 {
		t.Errorf("%q, %v", got, tree.Faults)
	}
	if _, err := tree.Decode([]byte(`<r>` + strings.Repeat("<x>", 200) + strings.Repeat("</x>", 200) + `<b>c</b></r>`)); err != nil {
		t.Fatal(err)
	}
	if got := value(t, &tree, "b"); got != "c" || len(tree.Faults) == 0 {
		t.Errorf("%q, %v", got, tree.Faults)
	}
}

func TestPlacesInAPayloadHaveNames(t *testing.T) {
	var tree Tree
	if _, err := tree.Decode([]byte(`{"a":[{"b":"1"},{"b":"2"}]}`)); err != nil {
		t.Fatal(err)
	}
	p, _ := ParsePath("a[1].b")
	if got := tree.where(p.first(&tree, 0)); got != "a[1].b" {
		t.Error(got)
	}
	if _, err := tree.Decode([]byte(`<r><a x="1"/><a x="2"/></r>`)); err != nil {
		t.Fatal(err)
	}
	p, _ = ParsePath("a[1].@x")
	if got := tree.where(p.first(&tree, 0)); got != "a[1].@x" {
		t.Error(got)
	}
}
