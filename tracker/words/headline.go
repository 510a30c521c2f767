package words

import "waybill/tracker"

// Headline is the one sentence that says where the parcel is and when it comes:
// "Arriving today by 20:00", "Delayed, now expected Tuesday 24 November: severe weather".
func (w *Words) Headline(h tracker.Headline) string {
	text := w.Say("headline."+headlineKey(h),
		"Day", w.Day(h.To), "FirstDay", w.Day(h.From), "From", w.Time(h.From), "To", w.Time(h.To),
		"At", w.Stamp(h.At), "Place", h.Place)
	if !explained(h.Kind) {
		return text
	}
	if reason := w.Reason(h.Reason); reason != "" {
		return w.Say("headline.because", "Headline", text, "Reason", reason)
	}
	return text
}

// headlineKey chooses the wording of a headline by what is known besides its kind.
func headlineKey(h tracker.Headline) string {
	key := string(h.Kind)
	switch h.Kind {
	case tracker.HeadArriving:
		if h.Days == 1 {
			key += "_tomorrow"
		}
		if h.Hours {
			key += "_between"
		}
	case tracker.HeadDelayedUntil:
		if h.Days == 0 {
			key += "_today"
		}
	case tracker.HeadPickup:
		if h.Place != "" {
			key += "_at"
		}
	case tracker.HeadDelivered:
		if h.At.Known() {
			key += "_at"
		}
	case tracker.HeadPending, tracker.HeadBackOrdered, tracker.HeadInfoReceived, tracker.HeadOnTheWay, tracker.HeadArrivingBy,
		tracker.HeadArrivingRange, tracker.HeadDelayed, tracker.HeadOutForDelivery, tracker.HeadAttemptFailed,
		tracker.HeadException, tracker.HeadReturning, tracker.HeadReturned, tracker.HeadCancelled, tracker.HeadExpired:
	}
	return key
}

// explained reports whether a headline of this kind is followed by its reason.
func explained(kind tracker.HeadlineKind) bool {
	switch kind { //nolint:exhaustive // the others speak for themselves
	case tracker.HeadDelayed, tracker.HeadDelayedUntil, tracker.HeadAttemptFailed, tracker.HeadException:
		return true
	}
	return false
}
