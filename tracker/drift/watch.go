package drift

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"time"

	"waybill/tracker"
)

const (
	// Every is how often a Watch looks.
	Every = time.Minute
	// foldGrace is how long after its end an hour is folded into the base: by then all processes have flushed.
	foldGrace = 5 * time.Minute
	// catchUp is how many days of counts are folded at most after nobody has looked.
	catchUp = 28
	// codesFor is how long an unknown code is listed that is met no more.
	codesFor = 90 * 24 * time.Hour
)

// Watch compares what carriers send with what they usually send. Any number of processes may look at once.
type Watch struct {
	Store tracker.Store
	Now   func() time.Time
	Log   *slog.Logger
}

// Look folds what is over into the bases and opens and closes alerts and outages.
func (w *Watch) Look(ctx context.Context) error {
	v, err := w.see(ctx)
	if err != nil {
		return fmt.Errorf("look at what carriers send: %w", err)
	}
	// Judged first: a base that had learnt the hour in question would find nothing in it.
	if err := errors.Join(w.alerts(ctx, v), w.feeds(ctx, v)); err != nil {
		return err
	}
	return w.fold(ctx, v)
}

// sight is all that a look is based on.
type sight struct {
	now   time.Time
	days  map[Source][]*Day
	bases map[Source]*stored[Base]
	// last are the latest alerts by what they are about; passed are those that ended now and that the bases
	// learn from.
	last   map[subject]*stored[Alert]
	passed []*Alert
	// listening is since when posts are taken in, zero where nobody does; rhythms and posted are by carrier.
	listening time.Time
	rhythms   map[string]*rhythm
	posted    map[string]int64
}

func (w *Watch) see(ctx context.Context) (*sight, error) {
	v := &sight{
		now: w.Now(), days: map[Source][]*Day{}, bases: map[Source]*stored[Base]{}, last: map[subject]*stored[Alert]{},
		rhythms: map[string]*rhythm{}, posted: map[string]int64{},
	}
	bases, err := list[Base](ctx, w.Store, listOfBases, everything)
	if err != nil {
		return nil, err
	}
	for i := range bases {
		b := &bases[i].record
		v.bases[b.Source] = &bases[i]
		if v.rhythms[b.Carrier] == nil {
			v.rhythms[b.Carrier] = &rhythm{}
		}
		v.rhythms[b.Carrier].add(b)
		v.posted[b.Carrier] = max(v.posted[b.Carrier], b.Posted)
	}
	alerts, err := list[Alert](ctx, w.Store, listOfAlerts, alertsRead)
	if err != nil {
		return nil, err
	}
	for i := range alerts {
		a := &alerts[i].record
		if about := (subject{a.Source, a.Kind}); v.last[about] == nil {
			v.last[about] = &alerts[i]
		}
	}
	if v.listening, err = listen(ctx, w.Store, v.now); err != nil {
		return nil, err
	}
	return v, w.readDays(ctx, v)
}

// readDays reads the days that are judged, and those that wait to be folded.
func (w *Watch) readDays(ctx context.Context, v *sight) error {
	today := dayOf(v.now)
	oldest := today - lookBack/hoursOfDay
	for _, b := range v.bases {
		oldest = min(oldest, int32(b.record.Through/hoursOfDay)) //nolint:gosec // a day
	}
	for day := max(oldest, today-catchUp); day <= today; day++ {
		days, err := list[Day](ctx, w.Store, listOfDay(day), everything)
		if err != nil {
			return err
		}
		for i := range days {
			d := &days[i].record
			v.days[d.Source] = append(v.days[d.Source], d)
		}
	}
	return nil
}

// allFormats stands for all formats of an account together. No format has the name.
const allFormats = "*"

// formatName is what alerts show of a format.
func formatName(format string) string {
	if format == allFormats {
		return ""
	}
	return format
}

// judged gives the latest hours of each source, and of each account over all formats, with what is usual.
func (v *sight) judged() iter.Seq2[*recent, *Base] {
	return func(yield func(*recent, *Base) bool) {
		together := map[Source]*recent{}
		bases := map[Source]*Base{}
		hour := hourOf(v.now.Unix())
		for source, days := range v.days {
			account := Source{source.Carrier, source.Account, allFormats}
			if together[account] == nil {
				together[account], bases[account] = &recent{Source: account, last: hour}, &Base{}
			}
			one := &recent{Source: source, last: hour}
			for _, day := range days {
				one.add(day)
				together[account].add(day)
			}
			base := &Base{}
			if b := v.bases[source]; b != nil {
				base = &b.record
			}
			bases[account].merge(base)
			if !yield(one, base) {
				return
			}
		}
		for account, r := range together {
			if !yield(r, bases[account]) {
				return
			}
		}
	}
}

// carriers gives the latest hours of each carrier over all accounts, and of those that sent nothing lately.
func (v *sight) carriers() []*recent {
	byCarrier := map[string]*recent{}
	at := func(carrier string) *recent {
		if byCarrier[carrier] == nil {
			byCarrier[carrier] = &recent{Source: Source{Carrier: carrier}, last: hourOf(v.now.Unix())}
		}
		return byCarrier[carrier]
	}
	for source := range v.bases {
		at(source.Carrier)
	}
	for source, days := range v.days {
		for _, day := range days {
			at(source.Carrier).add(day)
		}
	}
	list := make([]*recent, 0, len(byCarrier))
	for _, r := range byCarrier {
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b *recent) int { return compareSources(a.Source, b.Source) })
	return list
}
