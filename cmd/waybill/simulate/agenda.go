package simulate

import (
	"container/heap"
	"time"
)

// life is a parcel on its way through the simulation.
type life struct {
	parcel Parcel
	// lived are the scans that have happened, with the moments of the real world; told says which were told.
	lived []Scan
	told  []bool
	// next is the index of the parcel's next scan.
	next int
}

// known are the scans that the carrier has told of, and the place of one among them.
func (l *life) known(of int) (scans []Scan, at int) {
	for i := range l.lived {
		if i == of {
			at = len(scans)
		}
		if l.told[i] {
			scans = append(scans, l.lived[i])
		}
	}
	return scans, at
}

// entry is one thing that is to happen: a scan, or the telling of one that happened before.
type entry struct {
	at   time.Time
	life *life
	// tell is the index of the scan to be told of, -1 where the next scan happens.
	tell int
	// late: the telling was put off already.
	late bool
}

// agenda is what is to happen, the soonest first.
type agenda []entry

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }

// Push is for package heap.
func (a *agenda) Push(x any) { *a = append(*a, x.(entry)) } //nolint:forcetypeassert // add alone pushes

// Pop is for package heap.
func (a *agenda) Pop() any {
	last := len(*a) - 1
	e := (*a)[last]
	*a = (*a)[:last]
	return e
}

func (a *agenda) add(e entry) { heap.Push(a, e) }

func (a *agenda) take() entry { return heap.Pop(a).(entry) } //nolint:forcetypeassert // as above
