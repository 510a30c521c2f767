package mapping

import (
	"strings"
	"testing"
)

const shop = `{
  "name": "s",
  "list": [{"type": "A", "v": "1"}, {"type": "B", "v": "2", "in": {"x": "9"}}, {"v": "3"}, "odd"],
  "one": {"type": "A", "v": "4"},
  "empty": []
}`

func TestPathsFind(t *testing.T) {
	for _, test := range []struct{ name, path, want string }{
		{"a member", "name", "s"},
		{"every element", "list[].v", "1 2 3"},
		{"an object in place of a list", "one[].v", "4"},
		{"the first of a list without brackets", "list.v", "1"},
		{"an element by place", "list[1].v", "2"},
		{"an element from the end", "list[-2].v", "3"},
		{"a place beyond the end", "list[9].v", ""},
		{"by the value of a member", "list[type=B].v", "2"},
		{"by one of several values", "list[type=B|A].v", "1 2"},
		{"by another value", "list[type!=A].v", "2 3"},
		{"by the presence of a member", "list[type].v", "1 2"},
		{"by a pattern", "list[v~^[23]$].v", "2 3"},
		{"by what does not match", "list[v!~^[23]$].v", "1"},
		{"out of a list to the object around it", "list[1].in.^.^.name", "s"},
		{"two out at once", "list[1].in.^^.name", "s"},
		{"further out than there is", "^.name", ""},
		{"the node itself", ".", ""},
		{"a member of a text", "name.x", ""},
		{"within an empty list", "empty.v", ""},
		{"every element of an empty list", "empty[].v", ""},
		{"the root as its only element", "[].name", "s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tree Tree
			if _, err := tree.Decode([]byte(shop)); err != nil {
				t.Fatal(err)
			}
			path, err := ParsePath(test.path)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			path.each(&tree, 0, func(n int32) bool {
				found = append(found, tree.text(n))
				return true
			})
			if got := strings.Join(found, " "); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestPathsOfAListAsRoot(t *testing.T) {
	var tree Tree
	if _, err := tree.Decode([]byte(`[{"a":"1"},{"a":"2"}]`)); err != nil {
		t.Fatal(err)
	}
	if got := value(t, &tree, "[1].a"); got != "2" {
		t.Error(got)
	}
	if got := value(t, &tree, "a"); got != "1" {
		t.Error("a list stands for its first element, got", got)
	}
}

func TestWrongPathsAreRefused(t *testing.T) {
	for _, test := range []struct{ name, path, want string }{
		{"nothing", "", "empty"},
		{"a dot at the end", "a.", "between two dots"},
		{"two dots", "a..b", "between two dots"},
		{"a bracket that is not closed", "a[b", "not closed"},
		{"text behind the bracket", "a[b]c", "expected ]"},
		{"half an unequal sign", "a[b!c]", "expected = or ~"},
		{"a condition without a member", "a[=b]", "needs the name"},
		{"a pattern that is none", "a[b~(]", "regular expression"},
		{"a space", "a b", "expected a name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ParsePath(test.path); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
