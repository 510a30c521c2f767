package week

import (
	"fmt"
	"slices"
	"time"
)

// Report is what came of a week.
type Report struct {
	Parcels int
	// Lookups are numbers asked about, Calls the requests in which they were, Over those beyond a rate and Bad those
	// with a wrong token, path or body.
	Lookups, Calls, Over, Bad int
	// Scans are those that the carrier made, Known those of them that were known at the end.
	Scans, Known int
	// All is of all scans, Day of those of the day of delivery.
	All, Day Staleness

	told map[scanKey]bool
}

// known reports whether a scan of a parcel was known at the end.
func (r *Report) known(p *Parcel, scan int) bool { return r.told[scanKey{p.Number, scan}] }

// Staleness is the time between a scan and our knowing it.
type Staleness struct{ Median, P95 time.Duration }

func stalenessOf(lags []time.Duration) Staleness {
	if len(lags) == 0 {
		return Staleness{}
	}
	slices.Sort(lags)
	return Staleness{lags[len(lags)/2], lags[len(lags)*95/100]}
}

// String is as "12m, p95 42m".
func (s Staleness) String() string { return minutes(s.Median) + ", p95 " + minutes(s.P95) }

func minutes(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%dm", int(d.Round(time.Minute).Minutes()))
	}
	return fmt.Sprintf("%dh%02dm", int(d.Round(time.Minute).Hours()), int(d.Round(time.Minute).Minutes())%60)
}

// LookupsPer and CallsPer are per parcel.
func (r *Report) LookupsPer() float64 { return float64(r.Lookups) / float64(r.Parcels) }

// CallsPer is how many calls a parcel cost.
func (r *Report) CallsPer() float64 { return float64(r.Calls) / float64(r.Parcels) }

// Header stands over Row.
const Header = "schedule          look-ups  calls  over the limit  all scans: median, p95   day of delivery: median, p95  known"

// Row is a line of the table, of a schedule by its name. Look-ups and calls are per parcel.
func (r *Report) Row(name string) string {
	return fmt.Sprintf("%-16s  %8.1f  %5.2f  %14d  %-22s  %-28s  %d of %d",
		name, r.LookupsPer(), r.CallsPer(), r.Over, r.All, r.Day, r.Known, r.Scans)
}

// measure gathers when scans became known.
type measure struct {
	known    map[scanKey]bool
	all, day []time.Duration
}

type scanKey struct {
	number string
	index  int
}

// told notes that the first so many scans of a parcel are known now.
func (m *measure) told(p *Parcel, scans int, now time.Time) {
	for i, scan := range p.Scans[:scans] {
		key := scanKey{p.Number, i}
		if m.known[key] || !counted(scan) {
			continue
		}
		m.known[key] = true
		m.all = append(m.all, now.Sub(scan.At))
		if ofTheDay(scan) {
			m.day = append(m.day, now.Sub(scan.At))
		}
	}
}

// report sums up.
func (m *measure) report(w *World) *Report {
	return &Report{Parcels: len(w.Parcels), Scans: w.Scans(), Known: len(m.all), All: stalenessOf(m.all), Day: stalenessOf(m.day), told: m.known}
}
