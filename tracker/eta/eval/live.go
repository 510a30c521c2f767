package eval

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"time"

	"waybill/tracker/eta/score"
)

//go:embed live.html
var livePage string

var livePageTemplate = template.Must(template.New("live").Funcs(template.FuncMap{"share": shareText, "hours": hoursText}).Parse(livePage))

// window is over how many days the report's tables are.
const window = 90

// Live writes as one HTML page, which asks no other host, how right the estimates of the installation were and how its
// carriers fared, from the scorecards of all sellers together.
func Live(ctx context.Context, board *score.Board, now time.Time) ([]byte, error) {
	mondays, weeks, err := board.Weeks(ctx, "")
	if err != nil {
		return nil, err
	}
	var all score.Tally
	for _, w := range weeks {
		if err := all.Merge(w); err != nil {
			return nil, err
		}
	}
	page := struct {
		Made   time.Time
		Days   int
		Thin   int64
		All    *score.Tally
		Charts []template.HTML
		Tables []cardTable
	}{Made: now.UTC(), Days: window, Thin: score.Thin, All: &all}
	for _, c := range []chart{liveReliability(&all), liveAhead(&all), liveWeeks(mondays, weeks)} {
		page.Charts = append(page.Charts, template.HTML(c.svg())) //nolint:gosec // drawn by our own template, which escapes
	}
	for _, level := range []struct {
		level score.Level
		title string
	}{{score.ByCarrier, "Carriers"}, {score.ByService, "Services"}, {score.ByLane, "Lanes"}} {
		cards, err := board.Cards(ctx, "", level.level, window, now)
		if err != nil {
			return nil, err
		}
		page.Tables = append(page.Tables, cardTable{level.title, cards[:min(len(cards), mostCards)], max(0, len(cards)-mostCards)})
	}
	var out bytes.Buffer
	if err := livePageTemplate.Execute(&out, page); err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return out.Bytes(), nil
}

// mostCards is how many rows a table has at most.
const mostCards = 100

type cardTable struct {
	Title string
	Cards []*score.Scored
	More  int
}

// shareText says a share with its bounds, or nothing of too few.
func shareText(is, of int64) string {
	if of < score.Thin {
		return "–"
	}
	s := score.ShareOf(is, of)
	return fmt.Sprintf("%.0f %% (%.0f–%.0f)", 100*s.Value(), 100*s.Low, 100*s.High)
}

func hoursText(s score.Sketch, q float64) string {
	if s.Count() < score.Thin {
		return "–"
	}
	hours := s.Quantile(q)
	if hours >= 48 {
		return fmt.Sprintf("%.1f d", hours/24)
	}
	return fmt.Sprintf("%.1f h", hours)
}

func liveReliability(t *score.Tally) chart {
	c := chart{
		Name: "reliability", Title: "Delivered by the quantile of the first estimate", X: "predicted probability", Y: "share delivered",
		High: 1, XLabels: []string{"0", "0.1", "0.5", "0.9", "1"}, XAt: []float64{0, 0.1, 0.5, 0.9, 1},
		Lines: []line{{Label: "perfect", Points: []point{{0, 0}, {1, 1}}}},
	}
	if of := t.Estimated(); of >= score.Thin {
		shown := line{Label: "estimates", Points: []point{{0, 0}}}
		came := int64(0)
		for i, level := range WindowLevels {
			came += t.After[i]
			shown.Points = append(shown.Points, point{level, float64(came) / float64(of)})
		}
		shown.Points = append(shown.Points, point{1, 1})
		c.Lines = append(c.Lines, shown)
	}
	return c
}

func liveAhead(t *score.Tally) chart {
	c := chart{Name: "error-by-days-ahead", Title: "Mean error of the first estimate, by days ahead", X: "days ahead", Y: "days"}
	shown := line{Label: "estimates"}
	for days := range 31 {
		if days%5 == 0 {
			c.XAt, c.XLabels = append(c.XAt, float64(days)), append(c.XLabels, strconv.Itoa(days))
		}
		if a := t.Ahead[days]; a.Count >= score.Thin {
			shown.Points = append(shown.Points, point{float64(days), a.Hours / float64(a.Count) / 24})
		}
	}
	// The axis is the same however far the estimates reach.
	c.Lines = []line{{Label: "no error", Points: []point{{0, 0}, {30, 0}}}, shown}
	c.fit()
	return c
}

func liveWeeks(mondays []time.Time, weeks []*score.Tally) chart {
	c := chart{Name: "coverage-by-week", Title: "Share within p10–p90 of the first estimate, by week of delivery", Y: "share", High: 1, Band: &[2]float64{0.77, 0.85}}
	shown := line{Label: "estimates"}
	for i, w := range weeks {
		at := float64(mondays[i].Unix())
		if i%2 == 0 {
			c.XAt, c.XLabels = append(c.XAt, at), append(c.XLabels, mondays[i].Format("2 Jan"))
		}
		if of := w.Estimated(); of >= score.Thin {
			shown.Points = append(shown.Points, point{at, float64(w.Inside()) / float64(of)})
		}
	}
	if len(mondays) > 0 {
		aim := line{Label: "aim", Points: []point{{float64(mondays[0].Unix()), 0.8}, {float64(mondays[len(mondays)-1].Unix()), 0.8}}}
		c.Lines = []line{aim, shown}
	}
	return c
}
