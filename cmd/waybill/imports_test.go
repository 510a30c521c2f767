package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "waybill"

// mayImport says which top-level folders each may import, itself included:
// tracker <- adapters, notify <- workers, api <- cmd; configs only by cmd.
var mayImport = map[string][]string{
	"tracker":  {"tracker"},
	"adapters": {"tracker", "adapters"},
	"notify":   {"tracker", "notify"},
	"workers":  {"tracker", "adapters", "notify", "workers"},
	"api":      {"tracker", "adapters", "notify", "api"},
	"configs":  {"configs"},
	"cmd":      {"tracker", "adapters", "notify", "workers", "api", "configs", "cmd"},
}

// siblings are folders whose members never import each other.
var siblings = map[string][]string{
	"adapters/carriers": nil, // every member
	"notify":            {"email", "sms", "push", "webhook"},
}

// confined are modules that one folder alone may import, with what they bring:
// the driver's traps stay behind the store, Twilio's slow build behind SMS.
var confined = map[string]string{
	"go.mongodb.org/mongo-driver": "tracker/mongo",
	"github.com/twilio/twilio-go": "notify/sms",
	"modernc.org/sqlite":          "tracker/sqlite",
	"github.com/knadh/koanf":      "configs",
}

// importer is one package with what its files import.
type importer struct {
	ImportPath                string
	Imports                   []string
	TestImports, XTestImports []string
}

func TestImportsGoOneWay(t *testing.T) {
	t.Parallel()
	packages := listPackages(t)
	for _, from := range packages {
		for _, to := range from.Imports {
			if reason := forbidden(from.path(), inModule(to)); reason != "" {
				t.Errorf("%s imports %s: %s", from.ImportPath, to, reason)
			}
		}
		for _, to := range slices.Concat(from.TestImports, from.XTestImports) {
			if reason := wrongFolder(from.path(), inModule(to)); reason != "" {
				t.Errorf("a test of %s imports %s: %s", from.ImportPath, to, reason)
			}
		}
	}
}

func TestTheDomainStandsAlone(t *testing.T) {
	t.Parallel()
	imports := map[string][]string{}
	for _, from := range listPackages(t) {
		for _, to := range from.Imports {
			if path := inModule(to); path != "" {
				imports[from.path()] = append(imports[from.path()], path)
			}
		}
	}
	for _, helper := range imports["tracker"] {
		if further := imports[helper]; len(further) > 0 {
			t.Errorf("tracker imports %s, which imports %v: what the domain uses must stand on nothing of ours",
				helper, further)
		}
	}
}

func TestHeavyModulesStayInTheirFolder(t *testing.T) {
	t.Parallel()
	for _, from := range listPackages(t) {
		for _, to := range from.Imports {
			for dependency, folder := range confined {
				if within(to, dependency) && !within(from.path(), folder) {
					t.Errorf("%s imports %s, which belongs to %s alone", from.ImportPath, to, folder)
				}
			}
		}
	}
}

func TestForbiddenImportsAreSeen(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		from, to string
		allowed  bool
	}{
		"the domain from an adapter":     {from: "adapters/mapping", to: "tracker", allowed: true},
		"an adapter from the domain":     {from: "tracker", to: "adapters/mapping"},
		"a store from the domain's part": {from: "tracker/sqlite", to: "tracker/seal", allowed: true},
		"workers from the API":           {from: "api", to: "workers"},
		"settings from the API":          {from: "api", to: "configs"},
		"settings from the command":      {from: "cmd/waybill", to: "configs", allowed: true},
		"a carrier from a carrier":       {from: "adapters/carriers/ups", to: "adapters/carriers/fedex"},
		"a carrier from its own part":    {from: "adapters/carriers/ups", to: "adapters/carriers/ups/soap", allowed: true},
		"a carrier from the registry":    {from: "adapters/registry", to: "adapters/carriers/ups", allowed: true},
		"a channel from a channel":       {from: "notify/sms", to: "notify/email"},
		"a channel's helper":             {from: "notify/sms", to: "notify/template", allowed: true},
		"a folder nobody planned":        {from: "pkg/util", to: "tracker"},
		"another module":                 {from: "tracker", to: "", allowed: true},
	} {
		if reason := forbidden(test.from, test.to); (reason == "") != test.allowed {
			t.Errorf("%s: got %q, allowed %t", name, reason, test.allowed)
		}
	}
}

// forbidden says why a package may not import another; both are paths in the
// module, to is empty for other modules.
func forbidden(from, to string) string {
	if reason := wrongFolder(from, to); reason != "" {
		return reason
	}
	for parent, members := range siblings {
		mine, theirs := member(from, parent), member(to, parent)
		apart := mine != "" && theirs != "" && mine != theirs
		if apart && (members == nil || slices.Contains(members, mine) && slices.Contains(members, theirs)) {
			return "the members of " + parent + " do not know each other"
		}
	}
	return ""
}

func wrongFolder(from, to string) string {
	if to == "" {
		return ""
	}
	source, _, _ := strings.Cut(from, "/")
	target, _, _ := strings.Cut(to, "/")
	if allowed := mayImport[source]; !slices.Contains(allowed, target) {
		return source + " may import only " + strings.Join(allowed, ", ")
	}
	return ""
}

// member gives the folder right under parent that holds path, if any.
func member(path, parent string) string {
	rest, inside := strings.CutPrefix(path, parent+"/")
	if !inside {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func inModule(importPath string) string {
	path, ours := strings.CutPrefix(importPath, module+"/")
	if !ours {
		return ""
	}
	return path
}

func (p importer) path() string { return inModule(p.ImportPath) }

func listPackages(t *testing.T) []importer {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-e",
		"-json=ImportPath,Imports,TestImports,XTestImports", module+"/...")
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(output)))
	var packages []importer
	for {
		var next importer
		err := decoder.Decode(&next)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("go list's answer: %v", err)
		}
		packages = append(packages, next)
	}
	if len(packages) < 3 {
		t.Fatalf("go list found %d packages of %s", len(packages), module)
	}
	return packages
}
