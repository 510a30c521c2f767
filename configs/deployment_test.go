package configs

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// deploymentKey stands in for the master key that an operator fills in.
const deploymentKey = "AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o="

func TestDeploymentFilesNameRealSettings(t *testing.T) {
	t.Parallel()
	known := map[string]bool{ConfigEnv: true}
	for _, setting := range Settings() {
		known[setting.Env()] = true
		known[setting.Env()+fileSuffix] = setting.IsSecret()
	}
	for _, path := range deploymentFiles(t) {
		for _, name := range regexp.MustCompile(`WAYBILL_[A-Z0-9_]*[A-Z0-9]`).FindAllString(read(t, path), -1) {
			if !known[name] {
				t.Errorf("%s names %s, which is no setting", path, name)
			}
		}
	}
}

// TestDeploymentsStart loads each deployment's settings as its process would,
// with the operator's blanks filled in, and validates them for its role.
func TestDeploymentsStart(t *testing.T) {
	t.Parallel()
	image := dockerfileEnv(t)
	composeAPI, composeWorker := composeEnv(t, "api"), composeEnv(t, "worker")
	file, secret := kubernetesSettings(t)
	for name, test := range map[string]struct {
		role        Role
		file        string
		environment []map[string]string
	}{
		"the image alone":   {role: RoleServe, environment: []map[string]string{image, {"WAYBILL_PUBLIC_URL": "https://a.example"}}},
		"compose api":       {role: RoleAPI, environment: []map[string]string{image, composeAPI}},
		"compose worker":    {role: RoleWorker, environment: []map[string]string{image, composeWorker}},
		"kubernetes api":    {role: RoleAPI, file: file, environment: []map[string]string{image, secret}},
		"kubernetes worker": {role: RoleWorker, file: file, environment: []map[string]string{image, secret}},
		"systemd":           {role: RoleServe, file: ExampleYAML(), environment: []map[string]string{systemdEnv(t)}},
	} {
		layers := []layer{defaultsOf(test.role)}
		read, err := parseYAML(name, []byte(test.file))
		layers = append(layers, read)
		merged := map[string]string{}
		for _, environment := range test.environment {
			maps.Copy(merged, environment)
		}
		environment, envErr := readEnvironment(pairs(merged))
		config, _, problems := merge(append(layers, environment))
		if err := errors.Join(append(problems, err, envErr)...); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if err := config.Validate(test.role); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThePlaceholderKeyIsRefused(t *testing.T) {
	t.Parallel()
	placeholder := regexp.MustCompile(`WAYBILL_SEAL_KEY: (\S+)`).FindStringSubmatch(read(t, "kubernetes/secret.example.yaml"))
	if err := byKey()["seal.key"].read(&Config{}, placeholder[1:]); err == nil {
		t.Errorf("%s passes as a master key: whoever forgets it runs with a known one", placeholder[1])
	}
}

func deploymentFiles(t *testing.T) []string {
	t.Helper()
	manifests, err := filepath.Glob("kubernetes/*.yaml")
	if err != nil || len(manifests) == 0 {
		t.Fatalf("no Kubernetes manifests: %v", err)
	}
	return append(manifests, "Dockerfile", "compose.yaml", "waybill.service")
}

func dockerfileEnv(t *testing.T) map[string]string {
	t.Helper()
	environment := map[string]string{}
	for _, pair := range regexp.MustCompile(`(WAYBILL_\w+)=(\S+)`).FindAllStringSubmatch(read(t, "Dockerfile"), -1) {
		environment[pair[1]] = pair[2]
	}
	return environment
}

func systemdEnv(t *testing.T) map[string]string {
	t.Helper()
	environment := map[string]string{}
	for _, pair := range regexp.MustCompile(`(?m)^Environment=(\w+)=(.*)$`).FindAllStringSubmatch(read(t, "waybill.service"), -1) {
		environment[pair[1]] = pair[2]
	}
	return environment
}

// composeEnv gives a service's environment: ${NAME:-} as empty, ${NAME:?…} as
// the operator's value. The service must run the command of its name.
func composeEnv(t *testing.T, service string) map[string]string {
	t.Helper()
	var compose struct {
		Services map[string]struct {
			Command     []string          `yaml:"command"`
			Environment map[string]string `yaml:"environment"`
		} `yaml:"services"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "compose.yaml")), &compose); err != nil {
		t.Fatal(err)
	}
	found := compose.Services[service]
	if !slices.Equal(found.Command, []string{service}) {
		t.Errorf("compose service %s runs %v", service, found.Command)
	}
	filled := map[string]string{"WAYBILL_SEAL_KEY": deploymentKey, "WAYBILL_PUBLIC_URL": "https://track.example.com"}
	for name, value := range found.Environment {
		switch {
		case strings.Contains(value, ":?"):
			found.Environment[name] = filled[name]
		case strings.HasPrefix(value, "${"):
			found.Environment[name] = ""
		}
	}
	return found.Environment
}

// kubernetesSettings gives the ConfigMap's file and the Secret's variables with
// the master key filled in.
func kubernetesSettings(t *testing.T) (file string, secret map[string]string) {
	t.Helper()
	var config struct {
		Data map[string]string `yaml:"data"`
	}
	var example struct {
		StringData map[string]string `yaml:"stringData"`
	}
	decodeFirst(t, "kubernetes/config.yaml", &config)
	decodeFirst(t, "kubernetes/secret.example.yaml", &example)
	example.StringData["WAYBILL_SEAL_KEY"] = deploymentKey
	return config.Data["waybill.yaml"], example.StringData
}

func TestPodsRunTheirRoleWithoutServiceLinks(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"api", "worker"} {
		var deployment struct {
			Spec struct {
				Template struct {
					Spec struct {
						EnableServiceLinks *bool `yaml:"enableServiceLinks"`
						Containers         []struct {
							Args []string `yaml:"args"`
						} `yaml:"containers"`
					} `yaml:"spec"`
				} `yaml:"template"`
			} `yaml:"spec"`
		}
		decodeFirst(t, "kubernetes/"+role+".yaml", &deployment)
		pod := deployment.Spec.Template.Spec
		if pod.EnableServiceLinks == nil || *pod.EnableServiceLinks {
			t.Errorf("%s: with service links Kubernetes sets WAYBILL_ variables that are no settings", role)
		}
		if len(pod.Containers) != 1 || !slices.Equal(pod.Containers[0].Args, []string{role, "--config", "/etc/waybill/waybill.yaml"}) {
			t.Errorf("%s runs %+v", role, pod.Containers)
		}
	}
}

// decodeFirst decodes a file's first document, and sees that all are YAML.
func decodeFirst(t *testing.T, path string, into any) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(read(t, path))))
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for {
		var rest map[string]any
		err := decoder.Decode(&rest)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
}

func pairs(environment map[string]string) []string {
	var list []string
	for name, value := range environment {
		list = append(list, name+"="+value)
	}
	return list
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
