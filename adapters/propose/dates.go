package propose

import (
	"regexp"
	"slices"
	"strings"

	"waybill/adapters/mapping"
)

// dateForms are the forms of times that carriers write, the surer first. Of two that read the same text, the first is
// proposed; days and months that cannot be told apart are marked (see ambiguous).
var dateForms = []string{
	"iso", "yyyyMMdd HHmmss", "yyyyMMdd HHmm", "yyyyMMdd HH:mm:ss", "yyyyMMdd HH:mm", "yyyyMMddHHmmss", "yyyyMMddHHmm", "yyyyMMdd",
	"yyyy/MM/dd HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy/MM/dd", "yyyy-M-d H:mm:ss", "yyyy-MM-dd h:mm:ss a", "yyyy-MM-dd h:mm a", "yyyy-MM-dd HHmmss",
	"yyyy-MM-dd HHmm", "d.M.yyyy HH:mm:ss", "d.M.yyyy HH:mm", "d.M.yyyy, HH:mm", "d.M.yyyy", "d-M-yyyy HH:mm:ss", "d-M-yyyy HH:mm", "d-M-yyyy",
	"M/d/yyyy h:mm:ss a", "M/d/yyyy h:mm a", "d/M/yyyy HH:mm:ss", "d/M/yyyy HH:mm", "d/M/yyyy", "M/d/yyyy HH:mm:ss", "M/d/yyyy HH:mm", "M/d/yyyy",
	"M/d/yyyy HHmm", "d/M/yyyy h:mm:ss a", "d/M/yyyy h:mm a", "d/M/yy HH:mm", "MMMM d, yyyy h:mm:ss a", "MMMM d, yyyy h:mm a", "MMMM d, yyyy HH:mm", "MMMM d, yyyy",
	"d MMMM yyyy HH:mm:ss", "d MMMM yyyy HH:mm", "d MMMM yyyy h:mm a", "d MMMM yyyy", "EEE, d MMM yyyy HH:mm:ss XXX", "EEE MMM d yyyy HH:mm:ss 'GMT'XXX",
	"EEE d/MM/yyyy HH:mm", "d-MMM-yyyy HH:mm:ss", "d-MMM-yyyy HH:mm", "d-MMM-yyyy", "epoch_ms", "epoch",
}

type form struct {
	name   string
	layout *mapping.Layout
}

func compileForms() ([]form, error) {
	list := make([]form, 0, len(dateForms))
	for _, name := range dateForms {
		layout, err := mapping.ParseLayout(name)
		if err != nil {
			return nil, err
		}
		list = append(list, form{name, layout})
	}
	return list, nil
}

var epochLike = regexp.MustCompile(`^(/Date\()?1[0-9]{9}([0-9]{3})?(\)/|[+-].*)?$`)

// reads reports whether a form fits a text that may be a time. Bare numbers are times only in the range of this age.
func (f form) reads(text string) (ok, timeOfDay bool) {
	if epoch := strings.HasPrefix(f.name, "epoch"); epoch {
		digits := strings.IndexFunc(strings.TrimPrefix(text, "/Date("), func(r rune) bool { return r < '0' || r > '9' })
		if digits < 0 {
			digits = len(text)
		}
		if !epochLike.MatchString(text) || (f.name == "epoch") != (digits == 10) {
			return false, false
		}
	}
	return f.layout.Reads(text)
}

// timesIn tells how many of the texts are times, how many have a time of day, and in which forms they are, the form of
// most first.
func timesIn(forms []form, texts []string) (times, withTimeOfDay int, names []string) {
	rest := slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s == "" })
	for len(rest) > 0 {
		best, read, timed := form{}, 0, 0
		for _, f := range forms {
			n, t := 0, 0
			for _, text := range rest {
				if ok, timeOfDay := f.reads(text); ok {
					n++
					if timeOfDay {
						t++
					}
				}
			}
			if n > read {
				best, read, timed = f, n, t
			}
		}
		if read == 0 {
			break
		}
		names = append(names, best.name)
		times, withTimeOfDay = times+read, withTimeOfDay+timed
		rest = slices.DeleteFunc(rest, func(text string) bool { ok, _ := best.reads(text); return ok })
	}
	return times, withTimeOfDay, names
}

// ambiguous reports whether a form's day and month may be the other way round.
func ambiguous(name string) bool {
	return strings.HasPrefix(name, "d/M/") || strings.HasPrefix(name, "M/d/")
}

var (
	clock      = regexp.MustCompile(`^\d{1,2}[:.h]?\d{2}([:.]?\d{2})?(\.\d+)?( ?[AaPp]\.?[Mm]\.?)?(Z|[+-]\d{2}:?\d{2})?$`)
	offsetLike = regexp.MustCompile(`^(Z|(GMT|UTC)?[+-]\d{1,2}:?\d{2})$`)
)
