package simulate

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/tracker"
)

func TestAVanThatIsWatchedComesNearerStopByStop(t *testing.T) {
	for seed := range uint64(40) {
		p := Feature(seed, 3, monday, time.Minute)
		p.Number = "WB2345679ABCDEFGJ"
		if !slices.IsSortedFunc(p.Scans, func(a, b Scan) int { return a.At.Compare(b.At) }) {
			t.Fatalf("seed %d: the scans are out of order", seed)
		}
		var paths []string
		left := vanStops
		for i := range p.Scans {
			scan := &p.Scans[i]
			if scan.Kind == OnTheRoad || scan.Kind == StopsAway {
				if scan.Stops > left || scan.Stops < 1 || (scan.Kind == StopsAway) != (scan.Stops <= nearStops) {
					t.Errorf("seed %d: %s at %d stops away, after %d", seed, scan.Kind, scan.Stops, left)
				}
				left = scan.Stops
			}
			posts, err := Tell(&p, p.Scans[:i+1], i)
			if err != nil || len(posts) == 0 {
				t.Fatalf("seed %d: of %s is told %v, %v", seed, scan.Kind, posts, err)
			}
			for _, post := range posts {
				if post.Path != "" {
					paths = append(paths, post.Method+" "+strings.TrimPrefix(post.Path, "/v1/fleet/routes/round-"+p.Number))
				}
				if post.Method == http.MethodPut && strings.Count(string(post.Body), p.Number) != 1 {
					t.Errorf("seed %d: the plan is %s", seed, post.Body)
				}
			}
		}
		closed := map[string]bool{}
		for i := range p.Scans {
			if move := p.Scans[i].Van; move.Stop != "" && move.State != tracker.StopArrived {
				closed[move.Stop] = true
			}
		}
		// At most two are passed by and visited at the end.
		if len(closed) > p.Van.Own || len(closed) < p.Van.Own-2 || p.Van.Own < vanStops-4 || paths[0] != "PUT " || !slices.Contains(paths, "POST /positions") || !slices.Contains(paths, "POST /stops/s1") {
			t.Errorf("seed %d: the van closed %d of %d stops before, and told %v", seed, len(closed), p.Van.Own, paths)
		}
		own := &p.Van.Stops[p.Van.Own]
		if closed[own.ID] {
			t.Errorf("seed %d: the parcel's own stop is closed by the van, not by its scan", seed)
		}
		if own.Metres > 2000 || own.Service > 5*time.Minute || own.Lat != p.Home.Lat {
			t.Errorf("seed %d: its stop is planned as %+v", seed, own)
		}
	}
}
