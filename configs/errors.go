package configs

import (
	"fmt"
	"strings"
)

// SettingError is a setting with a value that cannot be used.
type SettingError struct {
	Key     string
	Origin  Origin // where the value came from
	Value   string // as given; masked for secrets
	Problem string
	Allowed string
	Example string
}

func (e *SettingError) Error() string {
	var text strings.Builder
	text.WriteString(e.Key)
	if e.Value != "" {
		fmt.Fprintf(&text, " = %q", e.Value)
	}
	if e.Origin != "" && e.Origin != OriginDefault {
		fmt.Fprintf(&text, " (%s)", e.Origin)
	}
	fmt.Fprintf(&text, ": %s", e.Problem)
	if e.Allowed != "" {
		fmt.Fprintf(&text, "; allowed: %s", e.Allowed)
	}
	if e.Example != "" {
		fmt.Fprintf(&text, "; example: %s", e.Example)
	}
	return text.String()
}

// UnknownError is a key, variable or flag that no setting has.
type UnknownError struct {
	Name   string
	Origin Origin
	Hint   string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("unknown setting %s (%s): %s", e.Name, e.Origin, e.Hint)
}

// broken makes the error of a setting whose value does not pass.
func (s Setting) broken(origin Origin, texts []string, problem error) *SettingError {
	value := strings.Join(texts, ", ")
	if s.IsSecret() {
		value = Secret(value).masked()
	}
	return &SettingError{
		Key: s.Key, Origin: origin, Value: value, Problem: reason(problem),
		Allowed: s.Allowed(), Example: s.example(),
	}
}

// missing makes the error of a setting that must be set and is not.
func (s Setting) missing(because string) *SettingError {
	return &SettingError{
		Key: s.Key, Problem: fmt.Sprintf("it is not set, but %s; set it in the file or as %s", because, s.Env()),
		Allowed: s.Allowed(), Example: s.example(),
	}
}

// refused makes the error of a setting that is well formed and dangerous.
func (s Setting) refused(config *Config, because string) *SettingError {
	return &SettingError{
		Key: s.Key, Value: format(s.field(config)), Problem: because,
		Allowed: s.Allowed(), Example: s.example(),
	}
}
