package drift

import (
	"context"
	"slices"
	"strings"
	"time"

	"waybill/tracker"
)

// Summary is what a carrier sent of late, over all accounts and formats or of one of them.
type Summary struct {
	Source
	// Hours are the latest 24, the running one last.
	Hours [hoursOfDay]Counts
	// Usual is what is usual, as sums that forget; see Share.
	Usual   [counts]float32
	Samples [counts]Samples
	// Posted, Answered and Refused are moments in Unix seconds, 0 for none in the last days.
	Posted, Answered, Refused int64
}

// Total is a count over the latest 24 hours.
func (s *Summary) Total(what Count) (total uint64) {
	for i := range s.Hours {
		total += uint64(s.Hours[i][what])
	}
	return total
}

// Share is how many of a kind's trials were hits in the latest 24 hours, between 0 and 1; !ok where there were none.
func (s *Summary) Share(k Kind) (share float64, ok bool) {
	trials := s.Total(k.Trials)
	if trials == 0 {
		return 0, false
	}
	return float64(s.Total(k.Hits)) / float64(trials), true
}

// UsualShare is the same as it usually is; !ok where that is not known yet.
func (s *Summary) UsualShare(k Kind) (share float64, ok bool) {
	return shareOf(&s.Usual, k), s.Usual[k.Trials] >= trialsLeast
}

// MedianLag is the bound below which half of the pushed scans of the latest 24 hours lag behind; !ok where there are
// none, 0 where it is more than a day.
func (s *Summary) MedianLag() (bound time.Duration, ok bool) {
	pushed := s.Total(Pushed)
	if pushed == 0 {
		return 0, false
	}
	sum := uint64(0)
	for i, seconds := range lags {
		sum += s.Total(LagMinute + Count(i))
		if 2*sum >= pushed {
			return time.Duration(seconds) * time.Second, true
		}
	}
	return 0, true
}

// Summaries gives one of each carrier that sent anything lately or usually does, by code.
func Summaries(ctx context.Context, store tracker.Store, now time.Time) ([]Summary, error) {
	return summarise(ctx, store, now, func(s Source) (Source, bool) { return Source{Carrier: s.Carrier}, true })
}

// Sources gives one of each account and format of a carrier.
func Sources(ctx context.Context, store tracker.Store, carrier string, now time.Time) ([]Summary, error) {
	return summarise(ctx, store, now, func(s Source) (Source, bool) { return s, s.Carrier == carrier })
}

// summarise sums what group gives the same name to.
func summarise(ctx context.Context, store tracker.Store, now time.Time, group func(Source) (Source, bool)) ([]Summary, error) {
	hour := hourOf(now.Unix())
	sums, latest := map[Source]*Summary{}, map[Source]*recent{}
	at := func(source Source) (*Summary, *recent) {
		name, wanted := group(source)
		if !wanted {
			return nil, nil
		}
		if sums[name] == nil {
			sums[name], latest[name] = &Summary{Source: name}, &recent{last: hour}
		}
		return sums[name], latest[name]
	}
	for day := dayOf(now) - 1; day <= dayOf(now); day++ {
		days, err := list[Day](ctx, store, listOfDay(day), everything)
		if err != nil {
			return nil, err
		}
		for i := range days {
			if _, r := at(days[i].record.Source); r != nil {
				r.add(&days[i].record)
			}
		}
	}
	bases, err := list[Base](ctx, store, listOfBases, everything)
	if err != nil {
		return nil, err
	}
	for i := range bases {
		b := &bases[i].record
		if s, _ := at(b.Source); s != nil {
			s.Posted = max(s.Posted, b.Posted)
			for c := range b.Sums {
				s.Usual[c] += b.Sums[c]
			}
		}
	}
	all := make([]Summary, 0, len(sums))
	for name, s := range sums {
		r := latest[name]
		copy(s.Hours[:], r.hours[lookBack-hoursOfDay:])
		s.Samples, s.Posted, s.Answered, s.Refused = r.samples, max(s.Posted, r.posted), r.answered, r.refusal
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Summary) int { return compareSources(a.Source, b.Source) })
	return all, nil
}

// Codes gives a carrier's unknown codes, those met last first.
func Codes(ctx context.Context, store tracker.Store, carrier string) ([]Code, error) {
	found, err := list[Code](ctx, store, listOfCodes(carrier), everything)
	if err != nil {
		return nil, err
	}
	codes := make([]Code, len(found))
	for i := range found {
		codes[i] = found[i].record
	}
	slices.SortFunc(codes, func(a, b Code) int {
		if a.Last != b.Last {
			return int(b.Last - a.Last)
		}
		return strings.Compare(a.key(), b.key())
	})
	return codes, nil
}

// Alerts gives a carrier's alerts, the latest first; of all carriers for "".
func Alerts(ctx context.Context, store tracker.Store, carrier string, most int) ([]Alert, error) {
	name := listOfAlerts
	if carrier != "" {
		name += ":" + carrier
	}
	found, err := list[Alert](ctx, store, name, most)
	if err != nil {
		return nil, err
	}
	alerts := make([]Alert, len(found))
	for i := range found {
		alerts[i] = found[i].record
	}
	return alerts, nil
}
