package worldmap

import (
	"strconv"
	"strings"
)

// landIn is the path of the land within a view, no finer than the map shows.
func landIn(v view) string {
	var b strings.Builder
	for _, r := range land() {
		for _, shift := range [...]float64{-360, 0, 360} {
			box := r.box
			box.west, box.east = box.west+shift, box.east+shift
			if !box.meets(v.box) {
				continue
			}
			points := make([]point, len(r.points))
			for i, p := range r.points {
				points[i] = point{p.x + shift, p.y}
			}
			v.write(&b, clip(points, v.box))
		}
	}
	return b.String()
}

// write writes an outline as relative steps, without those that cannot be seen.
func (v *view) write(b *strings.Builder, points []point) {
	type place struct{ x, y int }
	var kept []place
	for _, p := range points {
		x, y := v.place(p)
		if n := len(kept); n > 0 && abs(kept[n-1].x-x)+abs(kept[n-1].y-y) < 3 {
			continue
		}
		kept = append(kept, place{x, y})
	}
	if len(kept) < 3 {
		return
	}
	b.WriteString("M" + strconv.Itoa(kept[0].x) + " " + strconv.Itoa(kept[0].y) + "l")
	for i := 1; i < len(kept); i++ {
		b.WriteString(step(kept[i].x-kept[i-1].x, i > 1) + step(kept[i].y-kept[i-1].y, true))
	}
	b.WriteString("z")
}

// step is a number in a path: a minus sign parts it from the one before.
func step(n int, parted bool) string {
	if parted && n >= 0 {
		return " " + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// clip cuts an outline to a box, side by side (Sutherland and Hodgman).
func clip(points []point, b box) []point {
	points = cut(points, func(p point) float64 { return p.x - b.west })
	points = cut(points, func(p point) float64 { return b.east - p.x })
	points = cut(points, func(p point) float64 { return p.y - b.south })
	return cut(points, func(p point) float64 { return b.north - p.y })
}

// cut leaves what lies on the inner side of a line: where inside is not negative.
func cut(points []point, inside func(point) float64) []point {
	var kept []point
	for i, p := range points {
		before := points[(i+len(points)-1)%len(points)]
		d, e := inside(p), inside(before)
		if (d < 0) != (e < 0) {
			t := e / (e - d)
			kept = append(kept, point{before.x + t*(p.x-before.x), before.y + t*(p.y-before.y)})
		}
		if d >= 0 {
			kept = append(kept, p)
		}
	}
	return kept
}
