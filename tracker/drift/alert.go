package drift

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
)

// Alert says that a kind of fault has jumped: since when, by how much, and in which payloads it can be seen.
//
//	key    "alert:<source>:<kind>:<since>"
//	lists  "alerts", "alerts:<carrier>"; "open" while it is
type Alert struct {
	Source `cbor:"1,keyasint"`
	Kind   string `cbor:"2,keyasint"`
	// Since and Closed are in Unix seconds; Closed is 0 while it is open. End says why it was closed.
	Since  int64  `cbor:"3,keyasint"`
	Closed int64  `cbor:"4,keyasint,omitempty"`
	End    string `cbor:"5,keyasint,omitempty"`
	// Hits of Trials in so many Hours opened it, where Usual is the usual share.
	Hits    uint32  `cbor:"6,keyasint"`
	Trials  uint32  `cbor:"7,keyasint"`
	Hours   int     `cbor:"8,keyasint"`
	Usual   float64 `cbor:"9,keyasint"`
	Samples Samples `cbor:"10,keyasint"`
}

// What ends an alert.
const (
	EndCalm    = "as usual again"
	EndLearnt  = "for a week now: taken as usual"
	EndNothing = "no payloads for a week"
)

const (
	listOfOpen   = "open"
	listOfAlerts = "alerts"
	// learntAfter is after how long what was alerted is what is usual.
	learntAfter = 7 * 24 * time.Hour
	// passing is how many seconds an alert lasts at most that passed by itself, as the arrears of a night do: the base
	// learns it for those hours of the day.
	passing = 12 * hourSeconds
	// alertsRead is how many of the latest alerts are looked at, to find those that are open or were lately.
	alertsRead = 1000
)

func (a *Alert) key() string {
	return fmt.Sprintf("alert:%s:%s:%d", a.Source, a.Kind, a.Since)
}

func (a *Alert) lists() []string {
	lists := []string{listOfAlerts, listOfAlerts + ":" + a.Carrier}
	if a.Closed == 0 {
		lists = append(lists, listOfOpen)
	}
	return lists
}

// share is how frequent the fault was when the alert opened.
func (a *Alert) share() float64 { return float64(a.Hits) / float64(max(1, a.Trials)) }

// Why says in English what opened it.
func (a *Alert) Why() string {
	return fmt.Sprintf("%d of %d in %d h, usually %.1f%%", a.Hits, a.Trials, a.Hours, 100*a.Usual)
}

// subject is what one alert at most is open about.
type subject struct {
	Source
	kind string
}

// alerts opens and closes alerts.
func (w *Watch) alerts(ctx context.Context, v *sight) error {
	changed := map[string]*stored[Alert]{}
	for r, base := range v.judged() {
		for _, k := range Kinds {
			if k.Account != (r.Format == allFormats) {
				continue
			}
			about := subject{r.Source, k.Name}
			about.Format = formatName(about.Format)
			last := v.last[about]
			if last == nil || last.record.Closed != 0 {
				if found, jumped := r.jumped(base, k, closedIn(last)); jumped {
					last = w.open(about, found, shareOf(&base.Sums, k), r.samples[k.Hits], v.now)
					changed[last.row.Key] = last
				}
			} else if end := ending(&last.record, r, base, v.now); end != "" {
				w.close(&last.record, end, v.now)
				changed[last.row.Key] = last
			}
		}
	}
	return w.keepAlerts(ctx, v, changed)
}

// keepAlerts stores alerts that opened or closed. Where another process was first, its word holds.
func (w *Watch) keepAlerts(ctx context.Context, v *sight, changed map[string]*stored[Alert]) error {
	var writes []tracker.Write
	for _, s := range changed {
		write, err := s.write(time.Unix(s.record.Since, 0), s.record.lists()...)
		if err != nil {
			return err
		}
		writes = append(writes, write)
	}
	left, err := applied(ctx, w.Store, writes)
	if err != nil {
		return fmt.Errorf("keep %d alerts: %w", len(left), err)
	}
	for key, s := range changed {
		a := &s.record
		teaches := a.End == EndLearnt || a.End == EndCalm && a.Closed-a.Since <= passing
		if teaches && !slices.Contains(left, key) {
			v.passed = append(v.passed, a)
		}
	}
	return nil
}

// closedIn is the hour in which the alert was closed; what was counted until then opens no other.
func closedIn(s *stored[Alert]) int64 {
	if s == nil {
		return 0
	}
	return hourOf(s.record.Closed)
}

func (w *Watch) open(about subject, f finding, usual float64, samples Samples, now time.Time) *stored[Alert] {
	a := Alert{
		Source: about.Source, Kind: about.kind, Since: now.Unix(), Hits: f.hits, Trials: f.trials, Hours: f.hours, Usual: usual,
		Samples: samples,
	}
	w.Log.Warn("a carrier's payloads have changed", "carrier", a.Carrier, "account", a.Account, "format", a.Format, "kind", a.Kind,
		"why", a.Why(), "receipts", a.Samples)
	return &stored[Alert]{record: a, row: tracker.Row{Key: a.key()}}
}

func (w *Watch) close(a *Alert, end string, now time.Time) {
	a.Closed, a.End = now.Unix(), end
	w.Log.Info("an alert on a carrier's payloads is over", "carrier", a.Carrier, "account", a.Account, "format", a.Format,
		"kind", a.Kind, "end", end)
}

// ending says why an open alert is over, "" while it is not.
func ending(a *Alert, r *recent, base *Base, now time.Time) string {
	k, _ := kindOf(a.Kind)
	old := now.Sub(time.Unix(a.Since, 0)) >= learntAfter
	switch {
	case r.calm(base, a):
		return EndCalm
	case old && r.window(k, lookBack).trials == 0:
		return EndNothing
	case old:
		return EndLearnt
	}
	return ""
}
