package configs

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds the configuration file; the annotated example has 20 kB.
const maxFile = 1 << 20

// layer is what one source says: texts and their origin by setting key.
type layer struct {
	texts   map[string][]string
	origins map[string]Origin
}

func newLayer() layer {
	return layer{texts: map[string][]string{}, origins: map[string]Origin{}}
}

// put adds a value and says no when the source gives the setting twice.
func (l layer) put(key string, texts []string, origin Origin) error {
	if first, twice := l.origins[key]; twice {
		return &SettingError{Key: key, Origin: origin, Problem: fmt.Sprintf("it is given twice, first by %s", first)}
	}
	l.texts[key], l.origins[key] = texts, origin
	return nil
}

// readFile reads a YAML file of settings.
func readFile(path string) (layer, error) {
	info, err := os.Stat(path)
	if err != nil {
		return layer{}, fmt.Errorf("read the configuration: %w", err)
	}
	if info.Size() > maxFile {
		return layer{}, fmt.Errorf("the configuration %s has %d bytes, more than %d: is it the right file?",
			path, info.Size(), maxFile)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return layer{}, fmt.Errorf("read the configuration: %w", err)
	}
	return parseYAML(path, text)
}

// parseYAML reads settings from YAML. It walks the nodes instead of decoding:
// scalars keep their text (a password 0123 is no octal number, +1500… no
// integer), and errors know their line.
func parseYAML(name string, text []byte) (layer, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return layer{}, fmt.Errorf("%s is no YAML: %w", name, err)
	}
	reader := yamlReader{name: name, known: keySet(), layer: newLayer()}
	if len(document.Content) == 1 {
		reader.section("", document.Content[0])
	}
	return reader.layer, errors.Join(reader.problems...)
}

type yamlReader struct {
	name     string
	known    map[string]bool // settings and, ending in ".", their groups
	layer    layer
	problems []error
}

func (r *yamlReader) at(node *yaml.Node) Origin {
	return Origin(fmt.Sprintf("%s line %d", r.name, node.Line))
}

// section reads a mapping; prefix is "" or a group such as "mongo.".
func (r *yamlReader) section(prefix string, node *yaml.Node) {
	if node.Tag == "!!null" {
		return // a group whose settings are all commented out
	}
	if node.Kind != yaml.MappingNode {
		what := "the file"
		if prefix != "" {
			what = strings.TrimSuffix(prefix, ".")
		}
		r.problems = append(r.problems, fmt.Errorf("%s (%s) must be a group of settings, one \"name: value\" a line",
			what, r.at(node)))
		return
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		key := prefix + name.Value
		switch {
		case r.known[key]:
			r.setting(key, value)
		case r.known[key+"."]:
			r.section(key+".", value)
		default:
			r.problems = append(r.problems, &UnknownError{
				Name: key, Origin: r.at(name), Hint: suggest(key, settingKeys()),
			})
		}
	}
}

// setting reads one value: a scalar, or a list of scalars.
func (r *yamlReader) setting(key string, node *yaml.Node) {
	var texts []string
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag == "!!null":
		return
	case node.Kind == yaml.ScalarNode:
		texts = []string{node.Value}
	case node.Kind == yaml.SequenceNode && allScalars(node.Content):
		for _, element := range node.Content {
			texts = append(texts, element.Value)
		}
	default:
		r.problems = append(r.problems, &SettingError{
			Key: key, Origin: r.at(node), Problem: "it must be one value or a list of values",
			Example: byKey()[key].example(),
		})
		return
	}
	if err := r.layer.put(key, texts, r.at(node)); err != nil {
		r.problems = append(r.problems, err)
	}
}

func allScalars(nodes []*yaml.Node) bool {
	for _, node := range nodes {
		if node.Kind != yaml.ScalarNode {
			return false
		}
	}
	return true
}
