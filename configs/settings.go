package configs

import (
	"slices"
	"strings"
)

// Setting is one row of the table: all there is to know about a setting.
type Setting struct {
	Key     string // place in the file, such as "mongo.uri"
	Default string // as text; empty means not set
	Demo    string // default of `waybill demo` where it differs
	Example string // shown in docs and errors; empty: the default
	Doc     string // what it does, in sentences
	// Required lists the roles that refuse to start without it.
	Required []Role
	// With names a setting that, once set, makes this one required.
	With string

	rule  rule
	field func(*Config) any // pointer to the field
}

// Role is what a process is about to do with its settings.
type Role string

// The roles: one a way of running the binary. CLI stands for every command that
// works and ends (doctor, import, replay and the like).
const (
	RoleServe  Role = "serve"
	RoleAPI    Role = "api"
	RoleWorker Role = "worker"
	RoleDemo   Role = "demo"
	RoleCLI    Role = "cli"
)

// envPrefix begins every environment variable of ours.
const envPrefix = "WAYBILL_"

// Settings gives the whole table in the order of the example file.
func Settings() []Setting {
	return slices.Concat(serverSettings(), storeSettings(), observeSettings(), mailSettings(),
		dkimSettings(), bounceSettings(), smsSettings(), pushSettings(), deviceSettings(), webhookSettings(),
		flowSettings(), limitSettings(), signInSettings(), providerSettings(), caseSettings(), customerSettings(), blobSettings(), timeSettings(), pullSettings(), demoSettings())
}

// Env is the environment variable: "mongo.uri" is WAYBILL_MONGO_URI.
func (s Setting) Env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(s.Key, ".", "_"))
}

// Flag is the flag without dashes: "mongo.database" is mongo-database. Secrets
// have none, since the process list shows flags to everybody.
func (s Setting) Flag() string {
	if s.IsSecret() {
		return ""
	}
	return strings.NewReplacer(".", "-", "_", "-").Replace(s.Key)
}

// Type names the type: text, boolean, integer, number, duration, size, networks
// or secret.
func (s Setting) Type() string {
	name, _ := kind(s.field(&Config{}))
	return name
}

// IsSecret says whether the value is masked and kept off the command line.
func (s Setting) IsSecret() bool { return s.Type() == "secret" }

// Allowed says in words what the value may be.
func (s Setting) Allowed() string {
	if s.rule.allowed != "" {
		return s.rule.allowed
	}
	_, written := kind(s.field(&Config{}))
	return written
}

// example is a value that is allowed.
func (s Setting) example() string {
	if s.Example != "" {
		return s.Example
	}
	return s.Default
}

// defaultFor gives the default under a role.
func (s Setting) defaultFor(role Role) string {
	if role == RoleDemo && s.Demo != "" {
		return s.Demo
	}
	return s.Default
}

// read parses texts into the setting's field and applies its rule. An empty
// text means "not set", where that is possible: not where there is a default.
func (s Setting) read(config *Config, texts []string) error {
	if len(texts) == 1 && texts[0] == "" {
		if s.Default != "" {
			return errEmpty
		}
		return nil
	}
	field := s.field(config)
	if err := parse(field, texts); err != nil {
		return err
	}
	if s.rule.check == nil {
		return nil
	}
	return s.rule.check(field)
}

// isSet says whether the field holds something.
func (s Setting) isSet(config *Config) bool {
	switch field := s.field(config).(type) {
	case *Secret:
		return *field != ""
	case *ConnString:
		return *field != ""
	default:
		return format(field) != ""
	}
}

// byKey gives the table by key.
func byKey() map[string]Setting {
	table := map[string]Setting{}
	for _, setting := range Settings() {
		table[setting.Key] = setting
	}
	return table
}

// settingKeys lists the keys in the table's order.
func settingKeys() []string {
	var keys []string
	for _, setting := range Settings() {
		keys = append(keys, setting.Key)
	}
	return keys
}

// keySet holds every key and, ending in ".", every group.
func keySet() map[string]bool {
	set := map[string]bool{}
	for _, key := range settingKeys() {
		set[key] = true
		if group, _, grouped := strings.Cut(key, "."); grouped {
			set[group+"."] = true
		}
	}
	return set
}
