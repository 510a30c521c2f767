package configs_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"waybill/configs"
)

// goodKey is base64 of the bytes 1, 8, 15, …: no secret, but varied enough.
const goodKey = "AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o="

func load(t *testing.T, file string, environment []string, arguments ...string) (configs.Config, configs.Origins, error) {
	t.Helper()
	return loadAs(t, configs.RoleServe, file, environment, arguments...)
}

func loadAs(
	t *testing.T, role configs.Role, file string, environment []string, arguments ...string,
) (configs.Config, configs.Origins, error) {
	t.Helper()
	options := configs.Options{Role: role, Environment: environment}
	if file != "" {
		options.File = filepath.Join(t.TempDir(), "waybill.yaml")
		if err := os.WriteFile(options.File, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	options.Flags = pflag.NewFlagSet("waybill", pflag.ContinueOnError)
	configs.AddFlags(options.Flags)
	if err := options.Flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	return configs.Load(options)
}

func TestLaterSourcesWin(t *testing.T) {
	t.Parallel()
	const file = "listen: 127.0.0.1:1001"
	environment := []string{"WAYBILL_LISTEN=127.0.0.1:1002"}
	tests := map[string]struct {
		file        string
		environment []string
		arguments   []string
		want        string
		origin      string
	}{
		"nothing set gives the default":         {want: "127.0.0.1:8080", origin: "default"},
		"the file wins over the default":        {file: file, want: "127.0.0.1:1001", origin: "line 1"},
		"the environment wins over the file":    {file: file, environment: environment, want: "127.0.0.1:1002", origin: "environment WAYBILL_LISTEN"},
		"a flag wins over everything":           {file: file, environment: environment, arguments: []string{"--listen=127.0.0.1:1003"}, want: "127.0.0.1:1003", origin: "flag --listen"},
		"an empty variable counts as not set":   {file: file, environment: []string{"WAYBILL_LISTEN="}, want: "127.0.0.1:1001", origin: "line 1"},
		"variables of others are no business":   {environment: []string{"LISTEN=x", "PATH=/bin"}, want: "127.0.0.1:8080", origin: "default"},
		"variables of the tests are no setting": {environment: []string{"WAYBILL_TEST_SHARED=/x"}, want: "127.0.0.1:8080", origin: "default"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, origins, err := load(t, test.file, test.environment, test.arguments...)
			if err != nil {
				t.Fatal(err)
			}
			if config.Listen != test.want || !strings.HasSuffix(string(origins["listen"]), test.origin) {
				t.Errorf("got %s from %s, want %s from %s", config.Listen, origins["listen"], test.want, test.origin)
			}
		})
	}
}

func TestValuesAreReadKindly(t *testing.T) {
	t.Parallel()
	config, _, err := load(t, `
insecure_http: yes
trusted_proxies: [10.0.0.0/8, 192.0.2.7]
ingest:
  max_body: 5 MiB
  ack_wait: 100ms
silence:
  delayed_after: 1w
  expired_after: 40d 12h
smtp.password: 0123
twilio:
  from: +15005550006
demo:
  speed: 1e3
mongo:
`, []string{"WAYBILL_METRICS_ALLOW=127.0.0.1 ,, 2001:db8::/32"}, "--redis-cluster")
	if err != nil {
		t.Fatal(err)
	}
	prefixes := func(texts ...string) string {
		var list []netip.Prefix
		for _, text := range texts {
			list = append(list, netip.MustParsePrefix(text))
		}
		return fmt.Sprint(list)
	}
	for name, pair := range map[string][2]any{
		"a boolean by yes":               {config.InsecureHTTP, true},
		"a list of networks":             {fmt.Sprint(config.TrustedProxies), prefixes("10.0.0.0/8", "192.0.2.7/32")},
		"a list in one text":             {fmt.Sprint(config.Metrics.Allow), prefixes("127.0.0.1/32", "2001:db8::/32")},
		"a size with a space":            {config.Ingest.MaxBody, configs.Size(5 << 20)},
		"a duration":                     {config.Ingest.AckWait, 100 * time.Millisecond},
		"weeks":                          {config.Silence.DelayedAfter, 7 * 24 * time.Hour},
		"days and hours":                 {config.Silence.ExpiredAfter, (40*24 + 12) * time.Hour},
		"digits stay text in a password": {config.SMTP.Password.Reveal(), "0123"},
		"a number keeps its plus":        {config.Twilio.From, "+15005550006"},
		"a float in scientific form":     {config.Demo.Speed, 1000.0},
		"a bare boolean flag":            {config.Redis.Cluster, true},
		"an empty group is no mistake":   {config.Mongo.Database, "waybill"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file        string
		environment []string
		arguments   []string
		want        []string // each in the error
	}{
		"a value that is no duration": {
			file: "ingest:\n  ack_wait: fast",
			want: []string{"ingest.ack_wait", `"fast"`, "line 2", "allowed: 0s to 10s", "example: 250ms"},
		},
		"a value out of range": {
			environment: []string{"WAYBILL_SMTP_PORT=70000"},
			want:        []string{"smtp.port", `"70000"`, "environment WAYBILL_SMTP_PORT", "out of range", "1 to 65535"},
		},
		"a bad flag":                    {arguments: []string{"--listen", "8080"}, want: []string{`listen = "8080" (flag --listen)`, "host:port"}},
		"a word that is none of them":   {file: "log: {level: verbose}", want: []string{"log.level", "debug, info, warn, error"}},
		"not a number":                  {file: "demo: {speed: NaN}", want: []string{"demo.speed", `"NaN"`, "out of range"}},
		"a list for one value":          {file: "listen: [a, b]", want: []string{"listen", "it is a list"}},
		"a map for one value":           {file: "listen: {a: b}", want: []string{"listen", "one value or a list"}},
		"a value for a group":           {file: "mongo: localhost", want: []string{"mongo", "must be a group"}},
		"an alias for a value":          {file: "a: &a 1\nlisten: *a", want: []string{"unknown setting a", "listen"}},
		"an unknown key":                {file: "mongo:\n  url: x", want: []string{"unknown setting mongo.url", "line 2", "did you mean mongo.uri?"}},
		"an unknown group":              {file: "kafka: {brokers: x}", want: []string{"unknown setting kafka", "no setting has a like name"}},
		"an unknown variable":           {environment: []string{"WAYBILL_MONGO_URL=x"}, want: []string{"WAYBILL_MONGO_URL", "did you mean WAYBILL_MONGO_URI?"}},
		"a variable of Kubernetes":      {environment: []string{"WAYBILL_API_PORT_8080_TCP=x"}, want: []string{"enableServiceLinks: false"}},
		"the same key twice":            {file: "log.level: info\nlog: {level: warn}", want: []string{"log.level", "given twice", "line 1"}},
		"emptied where a default is":    {file: `mongo: {database: ""}`, want: []string{"mongo.database", "it is empty"}},
		"broken YAML":                   {file: "a: [", want: []string{"waybill.yaml is no YAML"}},
		"a file that is a list":         {file: "- a", want: []string{"the file", "must be a group"}},
		"a secret's file that is not":   {environment: []string{"WAYBILL_SEAL_KEY_FILE=/nonexistent/key"}, want: []string{"WAYBILL_SEAL_KEY_FILE", "no such file"}},
		"a file for what is no secret":  {environment: []string{"WAYBILL_LISTEN_FILE=/x"}, want: []string{"unknown setting WAYBILL_LISTEN_FILE"}},
		"all mistakes at once":          {file: "a: b\nlisten: c", environment: []string{"WAYBILL_X=1"}, want: []string{"setting a", "listen", "WAYBILL_X"}},
		"networks that are none":        {file: "trusted_proxies: [10.0.0.0/99]", want: []string{"trusted_proxies", `"10.0.0.0/99"`}},
		"a negative duration":           {file: "silence: {delayed_after: 1d-5h}", want: []string{"silence.delayed_after", "negative"}},
		"a size beyond every machine":   {file: "ingest: {max_body: 1EB}", want: []string{"ingest.max_body"}},
		"a URL with a password":         {file: "public_url: https://a:hunter2@b", want: []string{"public_url", "without user"}},
		"an SMS sender without a plus":  {file: "twilio: {from: '15005550006'}", want: []string{"twilio.from", "a number with +"}},
		"a wrong database's address":    {file: "mongo: {uri: 'postgres://u:hunter2@h'}", want: []string{"mongo.uri", "mongodb://"}},
		"a master key that is too weak": {file: "seal: {key: aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMmFiY2Q=}", want: []string{"seal.key", `"set"`, "not random"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := load(t, test.file, test.environment, test.arguments...)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error lacks %q:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "hunter2") && !strings.Contains(name, "URL") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestASecretMayComeFromAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seal_key")
	if err := os.WriteFile(path, []byte(goodKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, origins, err := load(t, "", []string{"WAYBILL_SEAL_KEY_FILE=" + path})
	if err != nil {
		t.Fatal(err)
	}
	if config.Seal.Key.Reveal() != goodKey || origins["seal.key"] != "environment WAYBILL_SEAL_KEY_FILE" {
		t.Errorf("got %d characters from %s", len(config.Seal.Key.Reveal()), origins["seal.key"])
	}
}

func TestTheFileMayBeNamedByTheEnvironment(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "other.yaml")
	if err := os.WriteFile(path, []byte("data_dir: /srv/waybill"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, _, err := configs.Load(configs.Options{Environment: []string{configs.ConfigEnv + "=" + path}})
	if err != nil || config.DataDir != "/srv/waybill" {
		t.Errorf("got %q, %v", config.DataDir, err)
	}
}

func TestFlagMistakesNameTheNearest(t *testing.T) {
	t.Parallel()
	for argument, want := range map[string]string{
		"--mongo-databse=x": "did you mean --mongo-database?",
		"--smtp-password=x": "smtp.password is a secret and has no flag",
		"--zzzzzzzzzzzzzzz": "no setting has a like name",
	} {
		flags := pflag.NewFlagSet("waybill", pflag.ContinueOnError)
		configs.AddFlags(flags)
		err := configs.FlagError(flags, flags.Parse([]string{argument}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", argument, err, want)
		}
	}
}
