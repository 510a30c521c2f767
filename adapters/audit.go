package adapters

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"waybill/adapters/mapping"
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
	file := path.Join(carrier, descriptorFile)
	for _, finding := range evidence.Unshown() {
		list = append(list, file+":"+strconv.Itoa(finding.Line)+": "+finding.What)
	}
	return list, nil
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
