package tracker

import "time"

// Lesson is the outcome that a shipment taught to estimates and scorecards.
type Lesson struct {
	// Number counts the outcomes that it taught, those that were taken back included; 0 before the first.
	Number    int       `cbor:"1,keyasint,omitempty"`
	Milestone Milestone `cbor:"2,keyasint,omitempty"`
	At        time.Time `cbor:"3,keyasint,omitempty"`
	// LearntAt is when it was taught.
	LearntAt time.Time `cbor:"4,keyasint,omitempty"`
}

const (
	// lessonMoves is by how much an outcome's time must be corrected to be taught anew.
	lessonMoves = time.Hour
	// LessonStands is after how long a lesson is not taken back any more: what was taught is kept for a little longer.
	LessonStands = 30 * 24 * time.Hour
)

// LessonOf is what a view teaches; ok is false where the journey has not ended.
func LessonOf(v *View, number int, now time.Time) (l Lesson, ok bool) {
	if v.Milestone != Delivered && v.Milestone != Returned {
		return l, false
	}
	return Lesson{Number: number, Milestone: v.Milestone, At: v.Reached[v.Milestone].Instant(), LearntAt: now.UTC()}, true
}

// Holds reports whether a view says what was taught, or it is too late to take that back. What was delivered and goes
// back to the sender was delivered all the same.
func (l *Lesson) Holds(v *View, now time.Time) bool {
	if l.Number == 0 || now.Sub(l.LearntAt) > LessonStands { // taught by a version that kept no note of it, or long ago
		return true
	}
	reached := v.Reached[l.Milestone]
	return reached.Known() && reached.Instant().Sub(l.At).Abs() < lessonMoves
}
