package drift

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"waybill/tracker"
)

const (
	// flushEvery is how long counts gather in memory, and so how many seconds of them a crash may lose.
	flushEvery = 10 * time.Second
	// flushAtOnce bounds the records of one commit.
	flushAtOnce = 200
	// codesKept bounds the unknown codes of a carrier in the store: whoever invents them fills nothing.
	codesKept = 500
)

// Flusher brings what a Collector counted into the store.
type Flusher struct {
	Collector *Collector
	Store     tracker.Store
	Now       func() time.Time
	Log       *slog.Logger
	// Listens: the process takes posts in. Hours in which no such process ran are no silence of a carrier's.
	Listens bool
}

// Run flushes every few seconds until the context ends, and then once more.
func (f *Flusher) Run(ctx context.Context) {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushEvery)
			defer cancel()
			f.flush(last)
			return
		case <-ticker.C:
			f.flush(ctx)
		}
	}
}

func (f *Flusher) flush(ctx context.Context) {
	if err := f.Flush(ctx); err != nil && ctx.Err() == nil {
		f.Log.Warn("counts of what carriers send were not stored; they are kept in memory and tried again", "error", err)
	}
}

// Flush adds what was counted since the last time to the store. What could not be added is counted on.
func (f *Flusher) Flush(ctx context.Context) error {
	days, codes := f.Collector.take()
	var errs []error
	if f.Listens {
		errs = append(errs, f.listened(ctx))
	}
	for chunk := range slices.Chunk(days, flushAtOnce) {
		errs = append(errs, f.flushDays(ctx, chunk))
	}
	for chunk := range slices.Chunk(codes, flushAtOnce) {
		errs = append(errs, f.flushCodes(ctx, chunk))
	}
	return errors.Join(errs...)
}

func (f *Flusher) flushDays(ctx context.Context, days []*Day) error {
	byKey := make(map[string]*Day, len(days))
	for _, day := range days {
		byKey[day.key()] = day
	}
	left, err := change(ctx, f.Store, keysOf(byKey), func(s *stored[Day]) (tracker.Write, bool, error) {
		day := byKey[s.row.Key]
		s.record.Source, s.record.Day = day.Source, day.Day
		s.record.merge(day)
		write, err := s.write(day.start(), listOfDay(day.Day))
		return write, true, err
	})
	if err == nil {
		return nil
	}
	back := make([]*Day, len(left))
	for i, key := range left {
		back[i] = byKey[key]
	}
	f.Collector.putBack(back, nil)
	return fmt.Errorf("add %d counts: %w", len(back), err)
}

func (f *Flusher) flushCodes(ctx context.Context, codes []*Code) error {
	byKey := make(map[string]*Code, len(codes))
	for _, code := range codes {
		byKey[code.key()] = code
	}
	full, err := f.fullCarriers(ctx, codes)
	if err != nil {
		f.Collector.putBack(nil, codes)
		return err
	}
	left, err := change(ctx, f.Store, keysOf(byKey), func(s *stored[Code]) (tracker.Write, bool, error) {
		code := byKey[s.row.Key]
		if s.row.Version == 0 && full[code.Carrier] {
			return tracker.Write{}, false, nil
		}
		s.record.Carrier, s.record.Format, s.record.Code = code.Carrier, code.Format, code.Code
		s.record.merge(code)
		write, err := s.write(lasting, listOfCodes(code.Carrier))
		return write, true, err
	})
	if err == nil {
		return nil
	}
	back := make([]*Code, len(left))
	for i, key := range left {
		back[i] = byKey[key]
	}
	f.Collector.putBack(nil, back)
	return fmt.Errorf("note %d unknown codes: %w", len(back), err)
}

// fullCarriers are those of which no further code is listed.
func (f *Flusher) fullCarriers(ctx context.Context, codes []*Code) (map[string]bool, error) {
	full := map[string]bool{}
	for _, code := range codes {
		if _, asked := full[code.Carrier]; asked {
			continue
		}
		n, err := f.Store.Count(ctx, table, listOfCodes(code.Carrier), codesKept)
		if err != nil {
			return nil, err
		}
		full[code.Carrier] = n >= codesKept
	}
	return full, nil
}

// take gives what was counted and begins anew.
func (c *Collector) take() (days []*Day, codes []*Code) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, day := range c.days {
		days = append(days, day)
	}
	for _, code := range c.codes {
		codes = append(codes, code)
	}
	clear(c.days)
	clear(c.codes)
	return days, codes
}

// putBack counts again what could not be stored.
func (c *Collector) putBack(days []*Day, codes []*Code) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, day := range days {
		key := dayKey{day.Source, day.Day}
		if c.days[key] == nil {
			c.days[key] = day
		} else {
			c.days[key].merge(day)
		}
	}
	for _, code := range codes {
		key := codeKey{code.Carrier, code.Format, code.Code}
		if c.codes[key] == nil {
			c.codes[key] = code
		} else {
			c.codes[key].merge(code)
		}
	}
}

func keysOf[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
