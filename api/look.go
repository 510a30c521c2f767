package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/cespare/xxhash/v2"

	"waybill/api/view"
	"waybill/api/web"
	"waybill/tracker"
	"waybill/tracker/words"
)

// A look is the answer to a look-up, ready to be sent, in one form and one language.
type look struct {
	body []byte
	etag string
	// begun is the tick at which reading the store began; until is when the clock alone makes it another answer.
	begun uint64
	until time.Time
	// watch are the keys of the records it was made of.
	watch []string
}

// lookLife is how long a look is given out again without asking the store: so stale is a look-up at most.
const lookLife = 2 * time.Second

// form is in what form a look is made.
type form uint8

const (
	asJSON form = iota
	asPage
	asFragment
)

// question is what a look answers. Everything that the answer depends on is in it.
type question struct {
	number string
	// carrier chooses among several that have the number; "" where nobody has chosen.
	carrier string
	words   *words.Words
	form    form
	// notice is what a form led to, shown on the page once.
	notice string
	// proved: the asker has proved to be the recipient. Such looks are never remembered.
	proved bool
}

// personal answers are for one visitor alone and never remembered.
func (q *question) personal() bool { return q.proved || q.notice != "" }

func (q *question) key() string {
	return q.number + "|" + q.carrier + "|" + q.words.Tag() + "|" + strconv.Itoa(int(q.form))
}

// look answers a question from memory, or from the store where memory has nothing read since a tick; since 0 anything in
// memory will do. Ticks tell before from after where two readings of a clock may be equal.
func (s *Server) look(ctx context.Context, q question, since uint64) (*look, error) {
	if q.personal() {
		return s.lookAnew(ctx, q)
	}
	key := q.key()
	if l := s.remembered(key, since); l != nil {
		return l, nil
	}
	for {
		// Many who ask the same at once cost the store one answer.
		answer, err, shared := s.looking.Do(key, func() (any, error) {
			bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTime)
			defer cancel()
			start := s.now()
			l, err := s.lookAnew(bounded, q)
			if err == nil {
				s.looks.put(key, l, start)
			}
			return l, err
		})
		if err != nil {
			return nil, err
		}
		l, _ := answer.(*look)
		if !shared || l.begun >= since {
			return l, nil
		}
	}
}

// remembered is a look from memory that still holds, nil where there is none.
func (s *Server) remembered(key string, since uint64) *look {
	now := s.now()
	l, ok := s.looks.get(key, now)
	if !ok || l.begun < since || (!l.until.IsZero() && !now.Before(l.until)) {
		return nil
	}
	return l
}

// lookAnew reads the store and makes the answer.
func (s *Server) lookAnew(ctx context.Context, q question) (*look, error) {
	l, now := &look{begun: s.ticks.Add(1)}, s.now()
	found, err := s.finder.Number(ctx, q.number)
	if err != nil {
		return nil, err
	}
	if found = ofCarrier(found, q.carrier); len(found) == 0 {
		return nil, tracker.ErrNotFound
	}
	for i := range found {
		l.watch = append(l.watch, keysOf(&found[i])...)
	}
	v, err := s.viewOf(ctx, found, q, now, &l.until)
	if err != nil {
		return nil, err
	}
	switch q.form {
	case asJSON:
		l.body, err = json.Marshal(v)
	case asPage:
		page := s.pageOf(q, found, v)
		if page.Own && q.proved {
			if err := s.recipientsPart(ctx, q, &found[0], &page); err != nil {
				return nil, err
			}
		}
		l.body, err = s.pages.Tracking(page)
	case asFragment:
		l.body, err = s.pages.Fragment(s.pageOf(q, found, v))
	}
	if err != nil {
		return nil, fmt.Errorf("make the answer for a number: %w", err)
	}
	l.etag = etagOf(l.body)
	return l, nil
}

// recipientsPart adds what the recipient alone sees and does on the page.
func (s *Server) recipientsPart(ctx context.Context, q question, t *tracker.Tracking, page *web.Tracking) (err error) {
	if page.Cases, err = s.casesOnPage(ctx, q, t.Shipment); err != nil {
		return err
	}
	if page.Wish, err = s.wishOnPage(ctx, t); err != nil {
		return err
	}
	if page.Returns, err = s.returnsOnPage(ctx, q, t.Shipment); err != nil {
		return err
	}
	if page.View.Closed {
		page.Returns.Offered = nil // what was asked for before goes on
	}
	return nil
}

func (s *Server) viewOf(ctx context.Context, found []tracker.Tracking, q question, now time.Time, until *time.Time) (*view.Tracking, error) {
	if len(found) > 1 {
		return view.Ambiguous(q.number, found, s.carriers, q.words), nil
	}
	t := &found[0]
	hide := view.HidePostalCode(t.Shipment, s.keys)
	var v *view.Tracking
	v, *until = view.Public(t, s.carriers, q.words, hide, now)
	if closes := view.ClosesAt(&t.View, s.openFor); !closes.IsZero() {
		if !now.Before(closes) {
			return v.Outcome(), nil
		}
		if until.IsZero() || closes.Before(*until) {
			*until = closes
		}
	}
	if q.proved && t.Shipment != nil {
		var err error
		if v.Details, err = s.opener.Details(ctx, t); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// ofCarrier leaves the trackings of one carrier; all where none was chosen.
func ofCarrier(found []tracker.Tracking, carrier string) []tracker.Tracking {
	if carrier == "" {
		return found
	}
	for i := range found {
		if found[i].Shipment == nil && found[i].Legs[0].Carrier == carrier {
			return found[i : i+1]
		}
	}
	return nil
}

// keysOf are the keys under which the feed tells that something of a tracking changed.
func keysOf(t *tracker.Tracking) []string {
	keys := make([]string, 0, len(t.Carriages)+2)
	for _, c := range t.Carriages {
		keys = append(keys, c.LegKey.String())
	}
	if t.Shipment != nil {
		keys = append(keys, t.Shipment.ID)
		if t.Shipment.Order != "" {
			keys = append(keys, "order:"+t.Shipment.Tenant+"/"+t.Shipment.Order)
		}
	}
	return keys
}

// etagOf is the same for the same answer in all processes.
func etagOf(body []byte) string { return `"` + strconv.FormatUint(xxhash.Sum64(body), 36) + `"` }
