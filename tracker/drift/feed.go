package drift

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
)

// Feed is how a carrier's feed is: up, or down since when and why.
//
//	key    "feed:<carrier>"
//	lists  "feeds"
type Feed struct {
	Carrier string `cbor:"1,keyasint"`
	// State is "" while all is well.
	State tracker.FeedState `cbor:"2,keyasint,omitempty"`
	// Since is in Unix seconds; Reason says of an erring feed why, in a word or two.
	Since  int64  `cbor:"3,keyasint,omitempty"`
	Reason string `cbor:"4,keyasint,omitempty"`
	// Past are the outages that are over, the latest first.
	Past []tracker.Outage `cbor:"5,keyasint,omitempty"`
}

const (
	listOfFeeds = "feeds"
	// pastMost and pastFor bound the outages that are remembered: the patience with silence ends well before.
	pastMost, pastFor = 50, 120 * 24 * time.Hour

	// A feed errs where refusedLeast requests in a row failed over at least refusedFor, the last of them within
	// refusedLately.
	refusedLeast, refusedFor, refusedLately = 5, 10 * time.Minute, 2 * time.Hour
	// It errs too where nearly all of at least unreadLeast payloads cannot be read.
	unreadLeast, unreadShare = 10, 0.9
)

func feedKey(carrier string) string { return "feed:" + carrier }

// outages are the feed's, the one that lasts first.
func (f *Feed) outages() []tracker.Outage {
	if f.State == "" {
		return f.Past
	}
	now := tracker.Outage{State: f.State, Since: time.Unix(f.Since, 0).UTC()}
	return append([]tracker.Outage{now}, f.Past...)
}

// feeds judges every carrier's feed.
func (w *Watch) feeds(ctx context.Context, v *sight) error {
	now, carriers := v.now.Unix(), v.carriers()
	keys := make([]string, 0, len(carriers))
	states := make(map[string]Feed, len(carriers))
	for _, c := range carriers {
		keys = append(keys, feedKey(c.Carrier))
		state, since, reason := v.judgeFeed(c, now)
		states[feedKey(c.Carrier)] = Feed{Carrier: c.Carrier, State: state, Since: since, Reason: reason}
	}
	_, err := change(ctx, w.Store, keys, func(s *stored[Feed]) (tracker.Write, bool, error) {
		next := states[s.row.Key]
		if s.record.State == next.State {
			return tracker.Write{}, false, nil
		}
		w.turn(&s.record, next, v.now)
		write, err := s.write(lasting, listOfFeeds)
		return write, true, err
	})
	if err != nil {
		return fmt.Errorf("keep the state of feeds: %w", err)
	}
	return nil
}

// turn brings a feed into its new state.
func (w *Watch) turn(f *Feed, next Feed, now time.Time) {
	if f.State != "" {
		over := tracker.Outage{State: f.State, Since: time.Unix(f.Since, 0).UTC(), Until: now.UTC()}
		f.Past = slices.DeleteFunc(append([]tracker.Outage{over}, f.Past...), func(o tracker.Outage) bool {
			return now.Sub(o.Until) > pastFor
		})
		f.Past = f.Past[:min(len(f.Past), pastMost)]
	}
	f.Carrier, f.State, f.Since, f.Reason = next.Carrier, next.State, next.Since, next.Reason
	if next.State == "" {
		w.Log.Info("a carrier's feed is back", "carrier", f.Carrier)
		return
	}
	w.Log.Warn("a carrier's feed is down", "carrier", f.Carrier, "state", f.State, "since", time.Unix(f.Since, 0).UTC(), "reason", f.Reason)
}

// judgeFeed says whether a carrier's feed is down, since when and why.
func (v *sight) judgeFeed(r *recent, now int64) (state tracker.FeedState, since int64, reason string) {
	if from := max(r.answered, r.posted); r.refusal > from && now-r.refusal <= int64(refusedLately/time.Second) &&
		r.sum(Failed, from) >= refusedLeast && r.refusal-v.firstFailure(r, from) >= int64(refusedFor/time.Second) {
		return tracker.FeedErring, v.firstFailure(r, from), r.reason
	}
	if f := r.window(Kind{Hits: Unreadable, Trials: Payloads}, 2); f.trials >= unreadLeast && float64(f.hits) >= unreadShare*float64(f.trials) {
		return tracker.FeedErring, v.alertedSince(r.Carrier, "unreadable", now), "its payloads cannot be read"
	}
	if v.listening.IsZero() {
		return "", 0, "" // it is us who do not listen
	}
	usual, posted := v.rhythms[r.Carrier], max(r.posted, v.posted[r.Carrier])
	if usual == nil || posted == 0 {
		return "", 0, ""
	}
	level := usual.level(r.sum(Posts, posted-daySeconds), posted)
	if usual.silent(posted, v.listening.Unix(), now, level) {
		return tracker.FeedSilent, posted, ""
	}
	return "", 0, ""
}

// firstFailure is when requests began to fail: right after the last answer, or with the first hour in which any failed.
func (v *sight) firstFailure(r *recent, from int64) int64 {
	if from > 0 {
		return from
	}
	first := r.last - lookBack + 1
	for i := range r.hours {
		if r.hours[i][Failed] > 0 {
			return (first + int64(i)) * hourSeconds
		}
	}
	return r.refusal
}

// alertedSince is when the alert of a kind opened that is open for a carrier, now where none is.
func (v *sight) alertedSince(carrier, kind string, now int64) int64 {
	for about, alert := range v.last {
		if about.Carrier == carrier && about.kind == kind && alert.record.Closed == 0 {
			now = min(now, alert.record.Since)
		}
	}
	return now
}
