package drift

import "time"

const (
	// missedLeast is how many posts should have come before their absence is a silence.
	missedLeast = 10
	// quietLeast is the shortest silence that is one: the busiest carriers pause for a deployment too.
	quietLeast = 30 * time.Minute
	// careful is how much of the usual number of posts is counted on.
	careful = 0.5
)

// rhythm is the usual number of posts of a carrier by the hour of the week, 0 where it is not known yet.
type rhythm [hoursOfWeek]float64

// add adds what is usual of one source of the carrier.
func (r *rhythm) add(b *Base) {
	for i := range r {
		if b.Weeks[i] >= weeksLeast {
			r[i] += float64(b.Week[i])
		}
	}
}

// usual is the number of posts in an hour: the least of it and its neighbours, so that the clocks' change between summer and
// winter, or a late start, are no silence.
func (r *rhythm) usual(hour int64) float64 {
	at := int(hour % hoursOfWeek)
	return min(r[at], r[(at+1)%hoursOfWeek], r[(at+hoursOfWeek-1)%hoursOfWeek])
}

// between sums the usual number of posts from a moment to another, both in Unix seconds. It looks back four weeks at most.
func (r *rhythm) between(from, to int64) float64 {
	from = max(from, to-4*hoursOfWeek*hourSeconds)
	sum := 0.0
	for hour := hourOf(from); hour <= hourOf(to); hour++ {
		begin, end := max(from, hour*hourSeconds), min(to, (hour+1)*hourSeconds)
		sum += r.usual(hour) * float64(end-begin) / hourSeconds
	}
	return sum
}

// silent reports whether a carrier should have posted again by now. level is how much of the usual volume there was
// before its last post.
func (r *rhythm) silent(posted, listening, now int64, level float64) bool {
	from := max(posted, listening)
	return now-from >= int64(quietLeast/time.Second) && careful*level*r.between(from, now) >= missedLeast
}

// level compares the posts of the day before a moment with their usual number: 1 for as many or more.
func (r *rhythm) level(posts, before int64) float64 {
	return min(1, (float64(posts)+1)/(r.between(before-daySeconds, before)+1))
}
