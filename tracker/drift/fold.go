package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
)

// fold takes the hours that are over into the bases, each hour once: another process that was there first wins.
func (w *Watch) fold(ctx context.Context, v *sight) error {
	until := hourOf(v.now.Add(-foldGrace).Unix())
	var writes []tracker.Write
	newDay := map[string]bool{}
	for _, source := range v.sources() {
		s := v.bases[source]
		if s == nil {
			s = &stored[Base]{record: Base{Source: source, Through: firstHour(v.days[source])}}
			s.row.Key = s.record.key()
		}
		from, passed := s.record.Through, v.learnPassed(&s.record)
		if from >= until && !passed {
			continue
		}
		v.foldSource(&s.record, until)
		if from/hoursOfDay != until/hoursOfDay {
			newDay[source.Carrier] = true
		}
		write, err := s.write(lasting, listOfBases)
		if err != nil {
			return err
		}
		writes = append(writes, write)
	}
	if _, err := applied(ctx, w.Store, writes); err != nil {
		return fmt.Errorf("fold %d bases: %w", len(writes), err)
	}
	var errs []error
	for carrier := range newDay {
		errs = append(errs, w.forgetCodes(ctx, carrier, v.now))
	}
	return errors.Join(errs...)
}

// sources are all that were ever folded or counted lately, in order.
func (v *sight) sources() []Source {
	var all []Source
	for source := range v.bases {
		all = append(all, source)
	}
	for source := range v.days {
		if v.bases[source] == nil {
			all = append(all, source)
		}
	}
	slices.SortFunc(all, compareSources)
	return all
}

// foldSource folds the hours of a source up to until, which is not over yet.
func (v *sight) foldSource(b *Base, until int64) {
	days := map[int32]*Day{}
	for _, day := range v.days[b.Source] {
		days[day.Day] = day
		b.Posted = max(b.Posted, day.Posted)
	}
	alerted := v.alertedKinds(b.Source)
	b.Through = max(b.Through, until-catchUp*hoursOfDay) // what is older is no longer read
	for hour := b.Through; hour < until; hour++ {
		var n Counts
		if day := days[int32(hour/hoursOfDay)]; day != nil { //nolint:gosec // a day
			n = day.Hours[hour%hoursOfDay]
		}
		listened := !v.listening.IsZero() && v.listening.Unix() <= hour*hourSeconds
		b.fold(hour, &n, alerted, listened)
	}
}

// alertedKinds are the kinds for which an alert is open on a source or its account.
func (v *sight) alertedKinds(source Source) (kinds []Kind) {
	for about, alert := range v.last {
		k, known := kindOf(about.kind)
		if known && alert.record.Closed == 0 && about.Carrier == source.Carrier && about.Account == source.Account && (k.Account || about.Format == source.Format) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// learnPassed has a base learn from alerts that ended: what passed by itself is usual for those hours of the day, what
// lasted a week is usual altogether.
func (v *sight) learnPassed(b *Base) (learnt bool) {
	for _, a := range v.passed {
		k, _ := kindOf(a.Kind)
		if a.Carrier != b.Carrier || a.Account != b.Account || !k.Account && a.Format != b.Format {
			continue
		}
		learnt = true
		if a.End == EndLearnt {
			b.accept(k, v.days[b.Source])
			continue
		}
		for _, day := range v.days[b.Source] {
			for hour, n := range day.Hours {
				if at := int64(day.Day)*hoursOfDay + int64(hour); at >= hourOf(a.Since) && at < b.Through {
					b.Slots[hour][k.Hits] += float32(n[k.Hits])
				}
			}
		}
	}
	return learnt
}

// accept makes the share that a kind had lately the usual one.
func (b *Base) accept(k Kind, days []*Day) {
	var hits, trials float32
	for _, day := range days {
		for i := range day.Hours {
			hits, trials = hits+float32(day.Hours[i][k.Hits]), trials+float32(day.Hours[i][k.Trials])
		}
	}
	if trials == 0 {
		return
	}
	b.Sums[k.Hits] = b.Sums[k.Trials] * hits / trials
	for i := range b.Slots {
		b.Slots[i][k.Hits] = b.Slots[i][k.Trials] * hits / trials
	}
}

// firstHour is the first hour in which anything was counted.
func firstHour(days []*Day) int64 {
	first := int64(1) << 40
	for _, day := range days {
		for i := range day.Hours {
			if day.Hours[i] != (Counts{}) {
				first = min(first, int64(day.Day)*hoursOfDay+int64(i))
				break
			}
		}
	}
	return first
}

// forgetCodes removes the codes that were not met for long.
func (w *Watch) forgetCodes(ctx context.Context, carrier string, now time.Time) error {
	codes, err := list[Code](ctx, w.Store, listOfCodes(carrier), everything)
	if err != nil {
		return err
	}
	var removals []tracker.Write
	for i := range codes {
		if now.Sub(time.Unix(codes[i].record.Last, 0)) > codesFor {
			removals = append(removals, tracker.Write{Table: table, Row: codes[i].row, Delete: true})
		}
	}
	_, err = applied(ctx, w.Store, removals)
	return err
}
