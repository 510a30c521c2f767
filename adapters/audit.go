package adapters

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"waybill/adapters/mapping"
	"waybill/adapters/propose"
)

// Audit reads a carrier's examples and lists the mistakes that only they show, each as file:line: message: rules that
// no example needs (a path that finds nothing, a date format, a pattern, a look-up, a format), and examples that are
// of none of its formats. The industry's formats have readers of their own, and nothing to audit.
func (r *Registry) Audit(carrier string) ([]string, error) {
	all := r.current.Load()
	c := all.carriers[carrier]
	if _, standard := r.standards[carrier]; standard || c == nil {
		return nil, nil
	}
	evidence, list, err := evidenceOf(c, all.folders[carrier])
	if err != nil {
		return nil, err
	}
	marks, err := unchecked(carrier, all.folders[carrier])
	if err != nil {
		return nil, err
	}
	return slices.Concat(list, lines(carrier, evidence.Unshown()), marks), nil
}

// unchecked lists the lines that `adapters new` guessed and nobody has looked at since.
func unchecked(carrier string, folder fs.FS) ([]string, error) {
	data, err := fs.ReadFile(folder, descriptorFile)
	if err != nil {
		return nil, fmt.Errorf("read the mapping of %s: %w", carrier, err)
	}
	var list []string
	for i, text := range strings.Split(string(data), "\n") {
		if _, remark, marked := strings.Cut(text, propose.Check); marked {
			list = append(list, path.Join(carrier, descriptorFile)+":"+strconv.Itoa(i+1)+": to be checked, then take the remark away:"+remark)
		}
	}
	return list, nil
}

// lines are findings as file:line: message.
func lines(carrier string, findings []mapping.Finding) []string {
	list := make([]string, 0, len(findings))
	for _, finding := range findings {
		list = append(list, path.Join(carrier, descriptorFile)+":"+strconv.Itoa(finding.Line)+": "+finding.What)
	}
	return list
}

// evidenceOf is what the examples of a carrier show of its mapping; strays are those that are of none of its formats
// nor of its house's.
func evidenceOf(c *mapping.Carrier, folder fs.FS) (evidence *mapping.Evidence, strays []string, err error) {
	files, err := examplePayloads(c.Code, folder)
	if err != nil {
		return nil, nil, err
	}
	evidence = c.Evidence()
	for _, file := range files {
		body, err := fs.ReadFile(folder, file)
		if err != nil {
			return nil, nil, fmt.Errorf("read an example of %s: %w", c.Code, err)
		}
		format, err := evidence.Collect(body, nil)
		name := path.Join(c.Code, file) + ":1: "
		switch {
		case err != nil:
			strays = append(strays, name+err.Error())
		case format.Name() == "" && len(c.Formats) > 0:
			strays = append(strays, name+"the example is of none of the carrier's formats")
		}
	}
	return evidence, strays, nil
}
