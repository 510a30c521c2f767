package configs

import (
	"errors"
	"strings"

	"github.com/spf13/pflag"
)

// AddFlags adds a flag for every setting that is no secret.
func AddFlags(flags *pflag.FlagSet) {
	for _, setting := range Settings() {
		if setting.IsSecret() {
			continue
		}
		flag := flags.VarPF(&flagValue{setting: setting}, setting.Flag(), "", firstSentence(setting.Doc))
		if setting.Type() == "boolean" {
			flag.NoOptDefVal = "true"
		}
	}
}

// FlagError adds the nearest flag to pflag's "unknown flag"; it is meant for
// cobra's SetFlagErrorFunc. Other errors come back as they are.
func FlagError(flags *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	name := unknown.GetSpecifiedName()
	for _, setting := range Settings() {
		if setting.IsSecret() && strings.NewReplacer(".", "-", "_", "-").Replace(setting.Key) == name {
			return &UnknownError{
				Name: "--" + name, Origin: "flag",
				Hint: setting.Key + " is a secret and has no flag, as the process list would show it; use the file, " +
					setting.Env() + " or " + setting.Env() + fileSuffix,
			}
		}
	}
	var names []string
	flags.VisitAll(func(flag *pflag.Flag) { names = append(names, "--"+flag.Name) })
	return &UnknownError{Name: "--" + name, Origin: "flag", Hint: suggest("--"+name, names)}
}

// readFlags takes the settings' flags that were given.
func readFlags(flags *pflag.FlagSet) layer {
	result := newLayer()
	flags.Visit(func(flag *pflag.Flag) {
		if value, ok := flag.Value.(*flagValue); ok {
			_ = result.put(value.setting.Key, []string{value.text}, Origin("flag --"+flag.Name)) // a flag is visited once
		}
	})
	return result
}

// flagValue is a setting on the command line. It keeps the text; Load parses it
// like every other source's.
type flagValue struct {
	setting Setting
	text    string
}

func (v *flagValue) String() string { return v.text }

func (v *flagValue) Type() string { return v.setting.Type() }

// Set implements pflag.Value.
func (v *flagValue) Set(text string) error {
	v.text = text
	return nil
}

func firstSentence(text string) string {
	sentence, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(sentence, ".")
}
