package drift

import "math"

const (
	// hitsLeast is how many payloads must have a fault before anybody is called.
	hitsLeast = 5
	// surprising is minus the logarithm of the chance at which an alert opens: one in 1.2 million.
	surprising = 14
	// tolerance is how much above the usual share is nothing new.
	tolerance = 1.5
	// usuallyFree is up to which usual share of a fault payloads are said to be free of it, trialsLeast the trials from
	// which that can be said.
	usuallyFree, trialsLeast = 0.2, 50
	// relief is minus the logarithm of the chance below which so few faults would be seen while the alert's cause lasted
	// at half its strength: one in a thousand.
	relief = 7
)

// spans are the windows that are looked at, in hours: the running one alone, and some for whoever posts little.
var spans = [...]int{1, 3, hoursOfDay}

// plausible is the highest share that a base leaves plausible: one fault in twenty on faith, half as much again, and
// two standard errors.
func plausible(hits, trials float64) float64 {
	hits, trials = hits+1, trials+20
	return min(1, tolerance*hits/trials+2*math.Sqrt(hits)/trials)
}

// surprise is minus the logarithm of (an upper bound of) the chance that at least hits of trials have a fault whose
// share is p: Chernoff's bound.
func surprise(hits, trials, p float64) float64 {
	share := hits / trials
	if trials == 0 || share <= p {
		return 0
	}
	d := share * math.Log(share/p)
	if share < 1 {
		d += (1 - share) * math.Log((1-share)/(1-p))
	}
	return trials * d
}

// allowed is the highest plausible share of a kind in an hour.
func (b *Base) allowed(k Kind, hour int64) float64 {
	p := plausible(float64(b.Sums[k.Hits]), float64(b.Sums[k.Trials]))
	if slot := &b.Slots[hour%hoursOfDay]; slot[k.Trials] >= trialsLeast {
		p = max(p, plausible(float64(slot[k.Hits]), float64(slot[k.Trials])))
	}
	return p
}

// judges reports whether the base is one by which the kind can be judged.
func (b *Base) judges(k Kind) bool {
	return !k.Usual || b.Sums[k.Trials] >= trialsLeast && shareOf(&b.Sums, k) <= usuallyFree
}

// finding is a window in which something was found.
type finding struct {
	hits, trials uint32
	hours        int
}

// window sums the latest hours.
func (r *recent) window(k Kind, hours int) finding {
	f := finding{hours: hours}
	for i := range hours {
		n := &r.hours[lookBack-1-i]
		f.hits, f.trials = f.hits+n[k.Hits], f.trials+n[k.Trials]
	}
	return f
}

// limit is the highest plausible share over a window.
func (r *recent) limit(b *Base, k Kind, hours int) (p float64) {
	for i := range min(hours, hoursOfDay) {
		p = max(p, b.allowed(k, r.last-int64(i)))
	}
	return p
}

// jumped looks for a window after an hour in which a kind is more frequent than the base leaves plausible.
func (r *recent) jumped(b *Base, k Kind, after int64) (finding, bool) {
	if !b.judges(k) {
		return finding{}, false
	}
	most := int(min(r.last-after, hoursOfDay))
	for _, hours := range spans {
		if hours = min(hours, most); hours < 1 {
			break
		}
		f := r.window(k, hours)
		if f.hits >= hitsLeast && surprise(float64(f.hits), float64(f.trials), r.limit(b, k, hours)) >= surprising {
			return f, true
		}
	}
	return finding{}, false
}

// calm reports whether, after the hour in which an alert opened, a kind is as frequent as usual again: over at least an
// hour that is over, and so many payloads that the cause would have shown at half its strength; or over a day.
func (r *recent) calm(b *Base, a *Alert) bool {
	k, _ := kindOf(a.Kind)
	after := int(r.last - hourOf(a.Since))
	for hours := 2; hours <= min(after, hoursOfDay); hours++ {
		f := r.window(k, hours)
		hits, trials := float64(f.hits), float64(f.trials)
		if shows := surprise(trials-hits, trials, 1-a.share()/2) >= relief; shows || hours == hoursOfDay && trials > 0 {
			return hits <= trials*r.limit(b, k, hours)
		}
	}
	return false
}
