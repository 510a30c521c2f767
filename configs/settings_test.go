package configs

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestEveryFieldHasOneSetting(t *testing.T) {
	t.Parallel()
	var config Config
	names := map[uintptr]string{}
	for _, setting := range Settings() {
		at := reflect.ValueOf(setting.field(&config)).Pointer()
		if other, taken := names[at]; taken {
			t.Errorf("%s and %s write the same field", setting.Key, other)
		}
		names[at] = setting.Key
	}
	var walk func(path string, value reflect.Value)
	walk = func(path string, value reflect.Value) {
		for i := range value.NumField() {
			field, name := value.Field(i), path+value.Type().Field(i).Name
			if field.Kind() == reflect.Struct {
				walk(name+".", field)
			} else if names[field.Addr().Pointer()] == "" {
				t.Errorf("the field %s has no setting", name)
			}
		}
	}
	walk("", reflect.ValueOf(&config).Elem())
}

func TestEverySettingIsSound(t *testing.T) {
	t.Parallel()
	table := byKey()
	seen := map[string]bool{}
	for _, setting := range Settings() {
		if seen[setting.Env()] || seen["--"+setting.Flag()] {
			t.Errorf("%s: its variable or flag is another's", setting.Key)
		}
		seen[setting.Env()] = true
		if setting.Flag() != "" {
			seen["--"+setting.Flag()] = true
		}
		if !strings.HasSuffix(setting.Doc, ".") || setting.example() == "" || setting.Allowed() == "" {
			t.Errorf("%s lacks a sentence of documentation, an example or what is allowed", setting.Key)
		}
		if _, known := table[setting.With]; setting.With != "" && !known {
			t.Errorf("%s is required with %s, which is no setting", setting.Key, setting.With)
		}
		texts := []string{setting.Default, setting.Demo}
		if !setting.IsSecret() && !strings.Contains(setting.Example, " the ") && !strings.HasPrefix(setting.Example, "the ") {
			texts = append(texts, setting.Example) // others say in words where the value comes from
		}
		for _, text := range texts {
			if text == "" {
				continue
			}
			if err := setting.read(&Config{}, []string{text}); err != nil {
				t.Errorf("%s: its own default or example %q does not pass: %v", setting.Key, text, err)
			}
		}
	}
}

func TestGeneratedFilesAreFresh(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"waybill.example.yaml":                          ExampleYAML(),
		filepath.Join("..", "docs", "configuration.md"): Markdown(),
	} {
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("%s is out of date (%v): run go generate ./configs", path, err)
		}
	}
}

func TestTheExampleLoadsUncommented(t *testing.T) {
	t.Parallel()
	var lines []string
	for line := range strings.Lines(ExampleYAML()) {
		trimmed := strings.TrimLeft(line, " ")
		name, _, assigned := strings.Cut(strings.TrimPrefix(trimmed, "# "), ": ")
		if strings.HasPrefix(trimmed, "# ") && assigned && !strings.ContainsAny(name, " (") {
			lines = append(lines, strings.Replace(line, "# ", "", 1))
		} else if !strings.HasPrefix(trimmed, "#") {
			lines = append(lines, line)
		}
	}
	read, err := parseYAML("example", []byte(strings.Join(lines, "")))
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range Settings() {
		if got := strings.Join(read.texts[setting.Key], ""); got != setting.example() {
			t.Errorf("%s reads %q, want %q", setting.Key, got, setting.example())
		}
	}
}

func TestWhatIsShownReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.Int64Range(0, int64(2*aYear)).Draw(t, "duration"))
		var got time.Duration
		if err := parse(&got, []string{formatDuration(want)}); err != nil || got != want {
			t.Fatalf("%s was read as %s, %v", formatDuration(want), got, err)
		}
	})
}
