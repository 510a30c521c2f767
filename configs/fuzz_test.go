package configs

import (
	"errors"
	"testing"
)

func FuzzYAML(f *testing.F) {
	f.Add(ExampleYAML())
	f.Add("mongo: {uri: 'mongodb://u:p@h/d'}\nlog.level: warn")
	f.Add("a: &a [*a]")
	f.Add("<<: {listen: x}\n? [a]\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := parseYAML("fuzz", []byte(text))
		if err != nil {
			return
		}
		config, origins, problems := merge([]layer{defaultsOf(RoleServe), file})
		if len(problems) > 0 {
			return
		}
		for _, shown := range config.Masked(origins) {
			if shown.Origin == "" {
				t.Errorf("%s = %q came from nowhere", shown.Key, shown.Value)
			}
		}
		var setting *SettingError
		if err := config.Validate(RoleServe); err != nil && !errors.As(err, &setting) {
			t.Errorf("refused for another reason than a setting: %v", err)
		}
	})
}
