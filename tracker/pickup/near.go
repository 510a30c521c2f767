package pickup

import (
	"cmp"
	"context"
	"slices"

	"waybill/tracker"
)

// Near is a point with its distance.
type Near struct {
	*tracker.PickupPoint
	Metres float64
	// Space is how many more parcels of the size asked for it can take.
	Space int
}

// mostInCell is how many points of one square are looked at.
const mostInCell = 1000

// Around are the points with space within so many metres of a place, the nearest first, at most so many.
func (d *Desk) Around(ctx context.Context, at tracker.Point, metres float64, size tracker.PickupSize, most int) ([]Near, error) {
	y, x := tracker.CellOf(at)
	dy, dx := tracker.CellsWithin(at, metres)
	var found []Near
	for row := y - dy; row <= y+dy; row++ {
		for column := x - dx; column <= x+dx; column++ {
			points, err := tracker.LoadList[tracker.PickupPoint](ctx, d.Store, tracker.ListOfCell(row, column), tracker.Page{Limit: mostInCell})
			if err != nil {
				return nil, err
			}
			for _, p := range points {
				n := Near{PickupPoint: p, Metres: tracker.Metres(at, p.Point), Space: Space(p, size, d.Now())}
				if n.Metres <= metres && n.Space > 0 {
					found = append(found, n)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b Near) int { return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.ID, b.ID)) })
	return found[:min(len(found), most)], nil
}
