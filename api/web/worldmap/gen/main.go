// Command gen makes land.bin.gz, the outlines of the world's countries, from the TopoJSON file countries-50m.json of npm's
// world-atlas 2.0.2 (Natural Earth, public domain):
//
//	npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//	go run ./gen package/countries-50m.json land.bin.gz
package main

import (
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
)

// topology is the part of TopoJSON that is used (https://github.com/topojson/topojson-specification).
type topology struct {
	Transform struct {
		Scale     [2]float64 `json:"scale"`
		Translate [2]float64 `json:"translate"`
	} `json:"transform"`
	Arcs    [][][2]int `json:"arcs"`
	Objects map[string]struct {
		Geometries []struct {
			Type string          `json:"type"`
			Arcs json.RawMessage `json:"arcs"`
		} `json:"geometries"`
	} `json:"objects"`
}

// unitsPerDegree is the resolution of the result: a hundredth of a degree, about a kilometre.
const unitsPerDegree = 100

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: gen countries-50m.json land.bin.gz")
	}
	data, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var t topology
	if err := json.Unmarshal(data, &t); err != nil {
		return fmt.Errorf("read %s: %w", args[0], err)
	}
	rings, err := t.rings()
	if err != nil {
		return err
	}
	file, err := os.Create(args[1])
	if err != nil {
		return err
	}
	out, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := write(out, rings); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return file.Close()
}

// rings are the outlines of all countries, in units, without repeated points.
func (t *topology) rings() ([][][2]int, error) {
	var rings [][][2]int
	for _, g := range t.Objects["countries"].Geometries {
		var polygons [][][]int
		switch g.Type {
		case "Polygon":
			var one [][]int
			if err := json.Unmarshal(g.Arcs, &one); err != nil {
				return nil, err
			}
			polygons = [][][]int{one}
		case "MultiPolygon":
			if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
				return nil, err
			}
		}
		for _, polygon := range polygons {
			if ring := t.ring(polygon[0]); len(ring) > 3 { // holes are other countries, drawn on top
				rings = append(rings, ring)
			}
		}
	}
	return rings, nil
}

func (t *topology) ring(arcs []int) (ring [][2]int) {
	for _, index := range arcs {
		reverse := index < 0
		if reverse {
			index = ^index
		}
		points := t.arc(index)
		if reverse {
			for i, j := 0, len(points)-1; i < j; i, j = i+1, j-1 {
				points[i], points[j] = points[j], points[i]
			}
		}
		for _, p := range points {
			if len(ring) == 0 || ring[len(ring)-1] != p {
				ring = append(ring, p)
			}
		}
	}
	return ring
}

func (t *topology) arc(index int) [][2]int {
	points := make([][2]int, 0, len(t.Arcs[index]))
	x, y := 0, 0
	for _, delta := range t.Arcs[index] {
		x, y = x+delta[0], y+delta[1]
		lon := float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0]
		lat := float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1]
		points = append(points, [2]int{int(math.Round(lon * unitsPerDegree)), int(math.Round(lat * unitsPerDegree))})
	}
	return points
}

// write writes each ring as its number of points and the steps from each to the next, as varints.
func write(out *gzip.Writer, rings [][][2]int) error {
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(rings)))
	for _, ring := range rings {
		b = binary.AppendUvarint(b, uint64(len(ring)))
		x, y := 0, 0
		for _, p := range ring {
			b = binary.AppendVarint(b, int64(p[0]-x))
			b = binary.AppendVarint(b, int64(p[1]-y))
			x, y = p[0], p[1]
		}
	}
	_, err := out.Write(b)
	return err
}
