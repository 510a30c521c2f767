package mapping

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Path finds nodes in a payload. It is written as
//
//	a.b.c            members (XML: elements), one within the other
//	a.@id            an XML attribute
//	a[].b            every element of the list a; an object in place of a list counts as a list of one
//	a[0], a[-1]      the first and the last element
//	a[type=X|Y].b    the elements whose member type reads X or Y
//	a[type!=X]       those whose member does not
//	a[type]          those that have the member
//	a[text~^Left]    those whose member matches the regular expression
//	a[text!~^Left]   those whose member does not
//	^.a              member a of the enclosing object; ^^ is two further out
//	.                the node itself
//	[].a             member a of every element, where the node itself may be a list
//
// Without [] a list stands for its first element.
type Path struct {
	source string
	steps  []step
	// line and column are where it stands in carrier.yaml, 0 elsewhere.
	line, column int
}

type step struct {
	name   string
	up     int
	every  bool
	at     int
	hasAt  bool
	filter *filter
}

type filter struct {
	member string
	values []string
	negate bool
	match  *regexp.Regexp
}

// String is the path as written.
func (p *Path) String() string { return p.source }

// ParsePath compiles a path.
func ParsePath(source string) (*Path, error) {
	path := &Path{source: source}
	if source == "." {
		return path, nil
	}
	for rest := source; rest != ""; {
		word, tail, err := cutStep(rest)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", source, err)
		}
		parsed, err := parseStep(word)
		if err != nil {
			return nil, fmt.Errorf("path %q: step %q: %w", source, word, err)
		}
		path.steps = append(path.steps, parsed)
		rest = tail
	}
	if len(path.steps) == 0 {
		return nil, errors.New("a path is empty")
	}
	return path, nil
}

// cutStep cuts the first step off; dots within brackets do not divide.
func cutStep(rest string) (word, tail string, err error) {
	depth := 0
	for i := range len(rest) {
		switch rest[i] {
		case '[':
			depth++
		case ']':
			depth--
		case '.':
			if depth > 0 {
				continue
			}
			if i == 0 || i == len(rest)-1 {
				return "", "", errors.New("a step between two dots is empty")
			}
			return rest[:i], rest[i+1:], nil
		}
	}
	if depth != 0 {
		return "", "", errors.New("a bracket is not closed")
	}
	return rest, "", nil
}

func parseStep(word string) (step, error) {
	if strings.Trim(word, "^") == "" {
		return step{up: len(word)}, nil
	}
	name, inner, bracket := strings.Cut(word, "[")
	s := step{name: name}
	if name == "" && !bracket || strings.ContainsAny(name, "]^ ") {
		return s, errors.New("expected a name")
	}
	if !bracket {
		return s, nil
	}
	inner, closed := strings.CutSuffix(inner, "]")
	if !closed {
		return s, errors.New("expected ] at the end")
	}
	if at, err := strconv.Atoi(inner); err == nil {
		s.at, s.hasAt = at, true
		return s, nil
	}
	s.every = true
	if inner == "" {
		return s, nil
	}
	f, err := parseFilter(inner)
	s.filter = f
	return s, err
}

func parseFilter(inner string) (*filter, error) {
	at := strings.IndexAny(inner, "=~!")
	if at < 0 {
		return &filter{member: inner}, nil
	}
	f := &filter{member: inner[:at]}
	operator, value := inner[at:], ""
	operator, f.negate = strings.CutPrefix(operator, "!")
	if operator != "" {
		operator, value = operator[:1], operator[1:]
	}
	switch {
	case f.member == "":
		return nil, errors.New("a condition needs the name of a member")
	case operator == "=":
		f.values = strings.Split(value, "|")
	case operator == "~":
		match, err := regexp.Compile(value)
		if err != nil {
			return nil, fmt.Errorf("the regular expression cannot be read: %w", err)
		}
		f.match = match
	default:
		return nil, errors.New("expected = or ~ in a condition")
	}
	return f, nil
}
