package eval

import (
	"bytes"
	_ "embed"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

//go:embed report.html
var page string

var pageTemplate = template.Must(template.New("report").Parse(page))

// plot writes pictures of what was found into a folder: each an SVG file of its
// own, and report.html with all of them and the table.
func plot(folder string, f *findings, r Report) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	charts := []chart{reliability(f.scored), coverageByWeek(f.scored), errorByWeek(f.scored), errorByLength(f.scored)}
	view := struct {
		Report    Report
		Baselines []named
		Charts    []template.HTML
	}{Report: r}
	for _, name := range BaselineNames {
		view.Baselines = append(view.Baselines, named{name, r.Baselines[name]})
	}
	for _, c := range charts {
		drawn := c.svg()
		if err := os.WriteFile(filepath.Join(folder, c.Name+".svg"), drawn, 0o600); err != nil {
			return err
		}
		view.Charts = append(view.Charts, template.HTML(drawn)) //nolint:gosec // drawn by our own template, which escapes
	}
	var html bytes.Buffer
	if err := pageTemplate.Execute(&html, view); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "report.html"), html.Bytes(), 0o600)
}

type named struct {
	Name string
	Metrics
}

// reliability compares, for the three quantiles and the promise of an even
// spread, how often deliveries came by then.
func reliability(scored []Scored) chart {
	c := chart{
		Name: "reliability", Title: "Delivered by the predicted quantile",
		X: "predicted probability", Y: "share delivered", Low: 0, High: 1, XLabels: []string{"0", "0.1", "0.5", "0.9", "1"}, XAt: []float64{0, 0.1, 0.5, 0.9, 1},
	}
	model := line{Label: "model", Points: []point{{0, 0}}}
	for i, level := range WindowLevels {
		var by float64
		for _, s := range scored {
			by += one(s.Actual <= s.Model[i])
		}
		if len(scored) > 0 {
			model.Points = append(model.Points, point{level, by / float64(len(scored))})
		}
	}
	model.Points = append(model.Points, point{1, 1})
	c.Lines = []line{{Label: "perfect", Points: []point{{0, 0}, {1, 1}}}, model}
	return c
}

func coverageByWeek(scored []Scored) chart {
	c := chart{Name: "coverage-by-week", Title: "Share within p10–p90, by week of prediction", Y: "share", Low: 0, High: 1}
	model := byWeek(&c, "model", scored, func(s *Scored) (float64, bool) {
		return one(s.Model[0] <= s.Actual && s.Actual <= s.Model[2]), true
	})
	trailing := byWeek(&c, BaselineNames[2], scored, func(s *Scored) (float64, bool) {
		w := s.Baselines[2]
		return one(w != nil && w[0] <= s.Actual && s.Actual <= w[2]), w != nil
	})
	c.Lines = []line{model, trailing}
	c.Band = &[2]float64{0.77, 0.85}
	return c
}

func errorByWeek(scored []Scored) chart {
	c := chart{Name: "error-by-week", Title: "Mean error of the median, by week of prediction", Y: "days"}
	c.Lines = []line{
		byWeek(&c, "model", scored, func(s *Scored) (float64, bool) { return math.Abs(s.Actual - s.Model[1]), true }),
		byWeek(&c, BaselineNames[2], scored, func(s *Scored) (float64, bool) {
			if w := s.Baselines[2]; w != nil {
				return math.Abs(s.Actual - w[1]), true
			}
			return 0, false
		}),
	}
	c.fit()
	return c
}

// errorByLength shows the error by how many days ahead the median was.
func errorByLength(scored []Scored) chart {
	const longest = 30
	c := chart{Name: "error-by-days-ahead", Title: "Mean error of the median, by days ahead", X: "days ahead", Y: "days"}
	for day := 0; day <= longest; day += 5 {
		c.XAt, c.XLabels = append(c.XAt, float64(day)), append(c.XLabels, strconv.Itoa(day))
	}
	c.Lines = []line{grouped("model", scored, func(s *Scored) (float64, float64, bool) {
		ahead := math.Floor(s.Model[1])
		return ahead, math.Abs(s.Actual - s.Model[1]), ahead <= longest
	})}
	c.fit()
	return c
}

// byWeek is means over the weeks of prediction, as seconds since 1970; it sets
// the chart's marks by month.
func byWeek(c *chart, label string, scored []Scored, value func(*Scored) (float64, bool)) line {
	const week = 7 * 24 * 3600
	l := grouped(label, scored, func(s *Scored) (float64, float64, bool) {
		y, ok := value(s)
		return math.Floor(float64(s.At.Unix())/week) * week, y, ok
	})
	if len(l.Points) == 0 || c.XAt != nil {
		return l
	}
	from := time.Unix(int64(l.Points[0].X), 0).UTC()
	until := time.Unix(int64(l.Points[len(l.Points)-1].X), 0).UTC()
	step := 1 + int(until.Sub(from).Hours()/24/30/8)
	for month := time.Date(from.Year(), from.Month()+1, 1, 0, 0, 0, 0, time.UTC); !month.After(until); month = month.AddDate(0, step, 0) {
		c.XAt, c.XLabels = append(c.XAt, float64(month.Unix())), append(c.XLabels, month.Format("2006-01"))
	}
	return l
}

// grouped is means over groups with at least ten rows.
func grouped(label string, scored []Scored, of func(*Scored) (x, y float64, ok bool)) line {
	const least = 10
	type group struct {
		n   int
		sum float64
	}
	groups := map[float64]group{}
	for i := range scored {
		if x, y, ok := of(&scored[i]); ok {
			g := groups[x]
			groups[x] = group{g.n + 1, g.sum + y}
		}
	}
	l := line{Label: label}
	for x, g := range groups {
		if g.n >= least {
			l.Points = append(l.Points, point{x, g.sum / float64(g.n)})
		}
	}
	slices.SortFunc(l.Points, func(a, b point) int { return int(math.Copysign(1, a.X-b.X)) })
	return l
}
