package drift

// lookBack is how many of the latest hours are held side by side: a day to judge, and the day before the last post.
const lookBack = 3 * hoursOfDay

// recent are the counts of the latest hours of a source, or of several together.
type recent struct {
	Source
	// last is the running hour, the last of hours.
	last    int64
	hours   [lookBack]Counts
	samples [counts]Samples
	// What Day has of the same names.
	posted, answered, refusal int64
	reason                    string
}

// add takes a day in, as far as it lies in the latest hours.
func (r *recent) add(d *Day) {
	first := r.last - lookBack + 1
	for i := range d.Hours {
		if at := int64(d.Day)*hoursOfDay + int64(i) - first; at >= 0 && at < lookBack {
			r.hours[at].add(&d.Hours[i])
		}
	}
	for i := range d.Samples {
		r.samples[i].merge(&d.Samples[i])
	}
	r.posted, r.answered = max(r.posted, d.Posted), max(r.answered, d.Answered)
	if d.Refusal > r.refusal {
		r.refusal, r.reason = d.Refusal, d.Reason
	}
}

// sum adds up one count over the hours from a moment on.
func (r *recent) sum(what Count, from int64) (total int64) {
	first := r.last - lookBack + 1
	for i := range r.hours {
		if first+int64(i) >= hourOf(from) {
			total += int64(r.hours[i][what])
		}
	}
	return total
}
