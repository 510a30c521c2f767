package worldmap

import (
	"strings"
	"testing"
)

func TestDraw(t *testing.T) {
	berlin, munich := Stop{52.5, 13.4, "Berlin"}, Stop{48.1, 11.6, "München"}
	tokyo, angeles := Stop{35.7, 139.7, "Tokyo"}, Stop{34, -118.2, "Los Angeles"}
	cases := map[string]struct {
		stops []Stop
		marks int
	}{
		"one place alone":               {[]Stop{berlin}, 1},
		"two places":                    {[]Stop{berlin, munich}, 2},
		"the same place twice in a row": {[]Stop{berlin, berlin, munich}, 2},
		"across the date line":          {[]Stop{tokyo, angeles}, 2},
		"at the pole":                   {[]Stop{{89.9, 10, "North"}, berlin}, 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := Draw(c.stops)
			if len(m.Marks) != c.marks {
				t.Fatalf("%d marks, want %d", len(m.Marks), c.marks)
			}
			for _, mark := range m.Marks {
				if mark.X < 0 || mark.X > m.Width || mark.Y < 0 || mark.Y > m.Height {
					t.Errorf("%s lies outside of the map: %d, %d", mark.Name, mark.X, mark.Y)
				}
			}
			if !strings.HasPrefix(m.Land, "M") {
				t.Error("no land is drawn")
			}
			if len(m.Land) > 24_000 {
				t.Errorf("the land has %d bytes; a page has to stay small", len(m.Land))
			}
		})
	}
	if Draw(nil) != nil {
		t.Error("a journey without places has a map")
	}
}

func TestAcrossTheDateLineTheWayIsTheShortOne(t *testing.T) {
	m := Draw([]Stop{{35.7, 139.7, "Tokyo"}, {34, -118.2, "Los Angeles"}})
	if m.Marks[0].X >= m.Marks[1].X {
		t.Error("the way leads west around the world, not east over the Pacific")
	}
}
