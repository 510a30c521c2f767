package configs

import (
	"fmt"
	"strings"
)

// Markdown renders docs/configuration.md.
func Markdown() string {
	var text strings.Builder
	text.WriteString(markdownHead)
	group := "-"
	for _, setting := range Settings() {
		section, _, grouped := strings.Cut(setting.Key, ".")
		if !grouped {
			section = "server"
		}
		if section != group {
			fmt.Fprintf(&text, "\n## %s\n\n| setting | type | default | what it does |\n|---|---|---|---|\n", section)
			group = section
		}
		fmt.Fprintf(&text, "| `%s`<br>`%s`%s | %s | %s | %s |\n", setting.Key, setting.Env(), flagCell(setting),
			setting.Type(), defaultCell(setting), cell(docCell(setting)))
	}
	return text.String()
}

const markdownHead = `# Configuration

<!-- Generated from the table in configs by go generate; do not edit. -->

Waybill reads, each winning over the one before: its defaults, a YAML file (` + "`--config FILE`" + ` or
` + "`WAYBILL_CONFIG`" + `), the environment, flags. A key, variable or flag that does not exist is an error that names
the nearest one; so is a value that is not allowed. ` + "`waybill config`" + ` prints what is in force and where it came from,
without secrets; ` + "`waybill doctor`" + ` tries it.

- [waybill.example.yaml](../configs/waybill.example.yaml) is a file with everything in it.
- Secrets have no flag, since the process list shows flags. In the environment a secret may also be given as a
  file: ` + "`WAYBILL_SEAL_KEY_FILE=/run/secrets/seal_key`" + `.
- An empty environment variable counts as not set.
- Durations: ` + "`250ms`, `30s`, `5m`, `2h`, `3d`, `1w`" + `. Sizes: ` + "`64KiB`, `10MB`" + `. Lists: a YAML list, or text with commas.
`

func flagCell(s Setting) string {
	if s.Flag() == "" {
		return ""
	}
	return "<br>`--" + s.Flag() + "`"
}

func defaultCell(s Setting) string {
	text := "not set"
	if s.Default != "" {
		text = "`" + s.Default + "`"
	}
	if s.Demo != "" {
		text += "; demo `" + s.Demo + "`"
	}
	return text
}

func docCell(s Setting) string {
	text := s.Doc
	if note := requirement(s); note != "" {
		text += " " + note + "."
	}
	text += " Allowed: " + s.Allowed() + "."
	if s.Example != "" {
		text += " Example: `" + s.Example + "`."
	}
	return text
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
