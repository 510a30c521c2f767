package eval

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"strings"
)

// point of a line, in the units of its axes.
type point struct{ X, Y float64 }

// line is drawn in the order of its points.
type line struct {
	Label  string
	Points []point
}

// chart is a picture of lines.
type chart struct {
	// Name is that of its file, without the ending.
	Name, Title, X, Y string
	Lines             []line
	// Low and High bound the upright axis.
	Low, High float64
	// XAt and XLabels are the marks of the level axis.
	XAt     []float64
	XLabels []string
	// Band is a range that is aimed at, shaded; nil for none.
	Band *[2]float64
}

// fit bounds the upright axis by the points, from 0.
func (c *chart) fit() {
	c.Low, c.High = 0, 1
	for _, l := range c.Lines {
		for _, p := range l.Points {
			c.High = math.Max(c.High, math.Ceil(p.Y))
		}
	}
}

// The drawing's size and the margins of its plane, in pixels.
const (
	wide, tall                  = 720, 300
	left, right, above, beneath = 52, 36, 40, 48
)

var colours = []string{"#0b63ce", "#d9730d", "#6b7280"}

type mark struct {
	At    float64
	Label string
}

type path struct {
	Label, Colour, Points string
	LegendX               float64
}

type drawing struct {
	chart
	Wide, Tall, Left, Right, Bottom float64
	XMarks, YMarks                  []mark
	Paths                           []path
	PlaneWide, BandTop, BandHeight  float64
	// MarkEnd is the lower end of the marks below the plane; their labels stand below.
	MarkEnd, XLabel, Legend float64
}

//go:embed chart.svg
var picture string

var pictureTemplate = template.Must(template.New("chart").Parse(picture))

// svg draws the chart.
func (c *chart) svg() []byte {
	x, y := c.scales()
	d := drawing{
		chart: *c, Wide: wide, Tall: tall,
		Left: left, Right: wide - right, Bottom: tall - beneath, PlaneWide: wide - left - right,
		MarkEnd: tall - beneath + 5, XLabel: tall - beneath + 18, Legend: above - 7,
	}
	for i, at := range c.XAt {
		d.XMarks = append(d.XMarks, mark{x(at), c.XLabels[i]})
	}
	for i := range 6 {
		at := c.Low + (c.High-c.Low)*float64(i)/5
		d.YMarks = append(d.YMarks, mark{y(at), fmt.Sprintf("%.3g", at)})
	}
	for i, l := range c.Lines {
		var points strings.Builder
		for _, p := range l.Points {
			fmt.Fprintf(&points, "%.1f,%.1f ", x(p.X), y(p.Y))
		}
		d.Paths = append(d.Paths, path{l.Label, colours[i%len(colours)], points.String(), left + float64(i)*150})
	}
	if c.Band != nil {
		d.BandTop, d.BandHeight = y(c.Band[1]), y(c.Band[0])-y(c.Band[1])
	}
	var out bytes.Buffer
	if err := pictureTemplate.Execute(&out, d); err != nil {
		panic(fmt.Sprintf("drawing %s: %v", c.Name, err)) // the template does not fit the drawing
	}
	return out.Bytes()
}

// scales map a point's coordinates to pixels.
func (c *chart) scales() (x, y func(float64) float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range c.Lines {
		for _, p := range l.Points {
			low, high = math.Min(low, p.X), math.Max(high, p.X)
		}
	}
	if !(high > low) {
		low, high = 0, 1
	}
	x = func(v float64) float64 { return left + (v-low)/(high-low)*(wide-left-right) }
	y = func(v float64) float64 { return above + (c.High-v)/(c.High-c.Low)*(tall-above-beneath) }
	return x, y
}
