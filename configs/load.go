package configs

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

// Origin says where a value came from: "default", "waybill.yaml line 12",
// "environment WAYBILL_MONGO_URI", "flag --listen" or "listen".
type Origin string

// OriginDefault is the origin of what nobody set.
const OriginDefault Origin = "default"

// Origins holds the origin of every setting by key.
type Origins map[string]Origin

// Options says what Load reads. Later sources win: the role's defaults, the
// file, the environment, the flags.
type Options struct {
	Role        Role
	File        string         // empty: the one that WAYBILL_CONFIG names, else none
	Environment []string       // in the form of os.Environ
	Flags       *pflag.FlagSet // parsed, with AddFlags' flags; nil: none
}

// Load reads and checks every setting. All mistakes come back at once, joined;
// each is a *SettingError or an *UnknownError, unless the file or a secret's
// file cannot be read. Whether the settings fit together and suit the role is
// Config.Validate's question.
func Load(options Options) (Config, Origins, error) {
	layers, problems := readLayers(options)
	config, origins, wrong := merge(layers)
	if err := errors.Join(append(problems, wrong...)...); err != nil {
		return Config{}, nil, err
	}
	alone := !slices.Contains(byKey()["public_url"].Required, options.Role)
	if config.PublicURL == "" && alone && isLoopback(config.Listen) {
		config.PublicURL = "http://" + config.Listen
		origins["public_url"] = "listen"
	}
	return config, origins, nil
}

// merge lays the sources over each other and parses what comes out.
func merge(layers []layer) (Config, Origins, []error) {
	merged, origins := koanf.New("."), Origins{}
	for _, source := range layers {
		if err := merged.Load(confmap.Provider(source.values(), "."), nil); err != nil {
			return Config{}, nil, []error{fmt.Errorf("merge the settings: %w", err)}
		}
		maps.Copy(origins, source.origins)
	}

	var config Config
	var problems []error
	for _, setting := range Settings() {
		texts := merged.Strings(setting.Key)
		if err := setting.read(&config, texts); err != nil {
			problems = append(problems, setting.broken(origins[setting.Key], texts, err))
		}
	}
	return config, origins, problems
}

// readLayers gives the sources from weakest to strongest. One that has mistakes
// is there all the same, so that the others' are found in the same run.
func readLayers(options Options) ([]layer, []error) {
	var problems []error
	layers := []layer{defaultsOf(options.Role)}
	if path := filePath(options); path != "" {
		file, err := readFile(path)
		layers, problems = append(layers, file), append(problems, err)
	}
	environment, err := readEnvironment(options.Environment)
	layers, problems = append(layers, environment), append(problems, err)
	if options.Flags != nil {
		layers = append(layers, readFlags(options.Flags))
	}
	return layers, problems
}

func filePath(options Options) string {
	if options.File != "" {
		return options.File
	}
	for _, variable := range options.Environment {
		if name, path, _ := strings.Cut(variable, "="); name == ConfigEnv {
			return path
		}
	}
	return ""
}

func defaultsOf(role Role) layer {
	result := newLayer()
	for _, setting := range Settings() {
		result.texts[setting.Key] = []string{setting.defaultFor(role)}
		result.origins[setting.Key] = OriginDefault
	}
	return result
}

// values gives the layer in the form koanf merges.
func (l layer) values() map[string]any {
	values := make(map[string]any, len(l.texts))
	for key, texts := range l.texts {
		values[key] = texts
	}
	return values
}

// isLoopback says whether host:port is reachable from this machine alone.
func isLoopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return false
	}
	return isLoopbackHost(host)
}

func isLoopbackHost(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}
