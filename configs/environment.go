package configs

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

const (
	// ConfigEnv names the file to read when no flag does.
	ConfigEnv = envPrefix + "CONFIG"
	// testPrefix begins the variables of the test suite, which are no settings.
	testPrefix = envPrefix + "TEST_"
	// fileSuffix marks a variable that names a file holding a secret.
	fileSuffix = "_FILE"
)

// kubernetesLink matches what Kubernetes puts into every container for a
// Service called waybill or waybill-api.
var kubernetesLink = regexp.MustCompile(`^WAYBILL(_[A-Z0-9]+)*_(SERVICE_HOST|SERVICE_PORT.*|PORT(_[0-9]+_(TCP|UDP).*)?)$`)

// readEnvironment takes the WAYBILL_ variables of an environment in os.Environ's
// form. An empty one counts as not set, so that compose files may pass through
// what the host leaves out. A secret may also be given as the path of a file
// that holds it: WAYBILL_SEAL_KEY_FILE.
func readEnvironment(environment []string) (layer, error) {
	known := map[string]Setting{}
	for _, setting := range Settings() {
		known[setting.Env()] = setting
	}
	result, problems := newLayer(), []error(nil)
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, envPrefix) || strings.HasPrefix(name, testPrefix) || name == ConfigEnv || value == "" {
			continue
		}
		origin := Origin("environment " + name)
		setting, ok := known[name]
		if !ok {
			setting, ok = known[strings.TrimSuffix(name, fileSuffix)]
			if !ok || !setting.IsSecret() {
				problems = append(problems, &UnknownError{Name: name, Origin: "environment", Hint: environmentHint(name)})
				continue
			}
			text, err := os.ReadFile(value)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: read the secret: %w", name, err))
				continue
			}
			value = strings.TrimSpace(string(text))
		}
		if err := result.put(setting.Key, []string{value}, origin); err != nil {
			problems = append(problems, err)
		}
	}
	return result, errors.Join(problems...)
}

func environmentHint(name string) string {
	if kubernetesLink.MatchString(name) {
		return "Kubernetes sets such variables for a Service called waybill; put enableServiceLinks: false into the pod's spec"
	}
	names := []string{ConfigEnv}
	for _, setting := range Settings() {
		names = append(names, setting.Env())
	}
	return suggest(name, names)
}
