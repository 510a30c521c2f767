// Package worldmap draws the journey of a parcel as SVG, on outlines of the countries that need no tiles and no other
// host. The outlines are Natural Earth's (public domain), made by gen.
package worldmap

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the outlines
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"sync"
)

//go:embed land.bin.gz
var packed []byte

// unitsPerDegree is the resolution of the outlines, as gen writes them.
const unitsPerDegree = 100

// ring is the outline of a piece of land, in degrees.
type ring struct {
	points []point
	box    box
}

// point is a place: x is the longitude, y the latitude, in degrees.
type point struct{ x, y float64 }

type box struct{ west, south, east, north float64 }

func (b *box) meets(c box) bool {
	return b.west <= c.east && c.west <= b.east && b.south <= c.north && c.south <= b.north
}

func (b *box) add(p point) {
	b.west, b.east = min(b.west, p.x), max(b.east, p.x)
	b.south, b.north = min(b.south, p.y), max(b.north, p.y)
}

// around is the smallest box around one point.
func around(p point) box { return box{p.x, p.y, p.x, p.y} }

// land unpacks the outlines when the first map is drawn.
var land = sync.OnceValue(func() []ring {
	rings, err := unpack()
	if err != nil {
		panic("worldmap: land.bin.gz cannot be read; make it anew with gen: " + err.Error()) // part of the program
	}
	return rings
})

func unpack() ([]ring, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(zip)
	if err != nil {
		return nil, err
	}
	in := bytes.NewReader(data)
	count, err := binary.ReadUvarint(in)
	if err != nil {
		return nil, err
	}
	rings := make([]ring, 0, count)
	for range count {
		r, err := readRing(in)
		if err != nil {
			return nil, fmt.Errorf("ring %d: %w", len(rings), err)
		}
		rings = append(rings, r)
	}
	return rings, nil
}

func readRing(in *bytes.Reader) (r ring, err error) {
	n, err := binary.ReadUvarint(in)
	if err != nil {
		return r, err
	}
	r.points = make([]point, n)
	var x, y int64
	for i := range r.points {
		dx, errX := binary.ReadVarint(in)
		dy, errY := binary.ReadVarint(in)
		if errX != nil || errY != nil {
			return r, io.ErrUnexpectedEOF
		}
		x, y = x+dx, y+dy
		r.points[i] = point{float64(x) / unitsPerDegree, float64(y) / unitsPerDegree}
		if i == 0 {
			r.box = around(r.points[0])
		} else { // across the date line the outline goes on, and does not jump to the other side of the world
			r.points[i].x += 360 * math.Round((r.points[i-1].x-r.points[i].x)/360)
		}
		r.box.add(r.points[i])
	}
	return r, nil
}
