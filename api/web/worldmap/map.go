package worldmap

import (
	"math"
	"strconv"
	"strings"
)

// Stop is a place on the journey.
type Stop struct {
	Lat, Lon float64
	Name     string
}

// Map is a drawn journey, in the units of its view box (Width by Height).
type Map struct {
	Width, Height int
	// Land and Route are the "d" of SVG paths.
	Land, Route string
	// Marks are the stops, the last one is where the parcel is.
	Marks []Mark
}

// Mark is a stop on the map.
type Mark struct {
	X, Y  int
	Name  string
	First bool
	Last  bool
	// LabelX and LabelY place the name, Anchor is SVG's text-anchor; Name is empty where it would stand on another.
	LabelX, LabelY int
	Anchor         string
}

const (
	width, height = 640, 360
	// margin is how much of the map stays free around the stops, on each side.
	margin = 0.18
	// smallest is the least height of a map in degrees: of one city alone, its country shows.
	smallest = 5
	// nearby is within how many units two stops are one.
	nearby = 6
)

// Draw draws a journey, the first stop first; nil where there is none.
func Draw(stops []Stop) *Map {
	points := unwrapped(stops)
	if len(points) == 0 {
		return nil
	}
	view := viewOf(points)
	m := &Map{Width: width, Height: height, Land: landIn(view)}
	for i, p := range points {
		x, y := view.place(p)
		if n := len(m.Marks); n > 0 && abs(m.Marks[n-1].X-x) < nearby && abs(m.Marks[n-1].Y-y) < nearby {
			m.Marks[n-1].Name = stops[i].Name
			continue
		}
		m.Marks = append(m.Marks, Mark{X: x, Y: y, Name: stops[i].Name})
	}
	m.Marks[0].First, m.Marks[len(m.Marks)-1].Last = true, true
	m.Route = route(m.Marks)
	m.label()
	return m
}

// unwrapped are the stops with longitudes that never jump across the date line.
func unwrapped(stops []Stop) []point {
	points := make([]point, 0, len(stops))
	for i, s := range stops {
		p := point{s.Lon, s.Lat}
		if i > 0 {
			p.x += 360 * math.Round((points[i-1].x-p.x)/360)
		}
		points = append(points, p)
	}
	return points
}

// view is the part of the world that is shown.
type view struct {
	box
	// squeeze is how much shorter a degree of longitude is than one of latitude, in the middle of the map.
	squeeze float64
}

func viewOf(points []point) view {
	b := around(points[0])
	for _, p := range points {
		b.add(p)
	}
	middle := point{(b.west + b.east) / 2, (b.south + b.north) / 2}
	squeeze := math.Max(0.2, math.Cos(middle.y*math.Pi/180))
	tall := math.Max(smallest, (b.north-b.south)*(1+2*margin))
	wide := math.Max(smallest*width/height, (b.east-b.west)*squeeze*(1+2*margin))
	if wide/tall > float64(width)/height {
		tall = wide * height / width
	} else {
		wide = tall * width / height
	}
	wide /= squeeze
	return view{box{middle.x - wide/2, middle.y - tall/2, middle.x + wide/2, middle.y + tall/2}, squeeze}
}

// place is where a point is on the map.
func (v *view) place(p point) (x, y int) {
	return int(math.Round((p.x - v.west) / (v.east - v.west) * width)), int(math.Round((v.north - p.y) / (v.north - v.south) * height))
}

// route joins the stops by gentle curves.
func route(marks []Mark) string {
	var b strings.Builder
	for i, m := range marks {
		if i == 0 {
			b.WriteString("M" + strconv.Itoa(m.X) + " " + strconv.Itoa(m.Y))
			continue
		}
		before := marks[i-1]
		// The curve's middle lies aside by a seventh of the way, always to the north.
		dx, dy := m.X-before.X, m.Y-before.Y
		x, y := (before.X+m.X)/2+dy/7, (before.Y+m.Y)/2-dx/7
		if dx < 0 {
			x, y = (before.X+m.X)/2-dy/7, (before.Y+m.Y)/2+dx/7
		}
		b.WriteString("Q" + strconv.Itoa(x) + " " + strconv.Itoa(y) + " " + strconv.Itoa(m.X) + " " + strconv.Itoa(m.Y))
	}
	return b.String()
}

// label names the first and the last stop, where there is room.
func (m *Map) label() {
	for i := range m.Marks {
		mark := &m.Marks[i]
		if !mark.First && !mark.Last {
			mark.Name = ""
		}
		mark.LabelX, mark.LabelY, mark.Anchor = mark.X+12, mark.Y+5, "start"
		if mark.X > width*2/3 {
			mark.LabelX, mark.Anchor = mark.X-12, "end"
		}
	}
	first, last := &m.Marks[0], &m.Marks[len(m.Marks)-1]
	if first != last && abs(first.X-last.X) < 120 && abs(first.Y-last.Y) < 20 {
		if first.Y < last.Y {
			first.LabelY, last.LabelY = first.Y-10, last.Y+22
		} else {
			first.LabelY, last.LabelY = first.Y+22, last.Y-10
		}
	}
}

func abs(n int) int { return max(n, -n) }
