package notify

import (
	"time"

	"waybill/tracker"
)

// rule is how a moment is told.
type rule struct {
	moment tracker.Moment
	// urgent moments pass quiet hours: the customer has to act, or waits for the answer.
	urgent bool
	// text: it is worth an SMS by default. Mail and push tell every moment by default but quiet ones; push alone those that
	// are over before a mail is read.
	text, quiet, push bool
	// keeps is how long after the decision it is still worth telling.
	keeps time.Duration
}

const day = 24 * time.Hour

// rules has every moment once, in the order of a journey.
var rules = []rule{
	{moment: tracker.MomentConfirmed, keeps: 2 * day},
	{moment: tracker.MomentBackOrdered, keeps: 7 * day},
	{moment: tracker.MomentPacked, keeps: day},
	{moment: tracker.MomentInfoReceived, keeps: day, quiet: true},
	{moment: tracker.MomentShipped, keeps: 2 * day},
	{moment: tracker.MomentInTransit, keeps: 12 * time.Hour, quiet: true},
	{moment: tracker.MomentArrivingToday, keeps: 12 * time.Hour, text: true},
	{moment: tracker.MomentOutForDelivery, keeps: 10 * time.Hour, text: true},
	{moment: tracker.MomentFewStopsAway, keeps: time.Hour, push: true},
	{moment: tracker.MomentAttemptFailed, keeps: day, text: true, urgent: true},
	{moment: tracker.MomentRedirected, keeps: 2 * day, text: true},
	{moment: tracker.MomentReadyForPickup, keeps: 5 * day, text: true},
	{moment: tracker.MomentPickupReminder, keeps: day},
	{moment: tracker.MomentDelivered, keeps: 2 * day, text: true},
	{moment: tracker.MomentDelayed, keeps: 2 * day, text: true},
	{moment: tracker.MomentException, keeps: 3 * day, text: true},
	{moment: tracker.MomentCustoms, keeps: 3 * day, text: true},
	{moment: tracker.MomentReturned, keeps: 3 * day},
	{moment: tracker.MomentCancelled, keeps: 3 * day},
	{moment: tracker.MomentCaseUpdate, keeps: 7 * day},
	{moment: tracker.MomentReturnUpdate, keeps: 7 * day},
	{moment: tracker.MomentConfirmChannel, keeps: day, urgent: true, quiet: true},
	{moment: tracker.MomentSignIn, keeps: SignInLife, urgent: true, quiet: true},
}

// Moments lists what a person can choose to be told, in the order of a journey.
func Moments() []tracker.Moment {
	list := make([]tracker.Moment, 0, len(rules))
	for _, r := range rules {
		if !asks(r.moment) {
			list = append(list, r.moment)
		}
	}
	return list
}

// Defaults are the moments told over a channel where neither the person nor the seller chose.
// Sellers' webhooks follow rules of their own and are no subscriptions.
func Defaults(channel tracker.Channel) []tracker.Moment {
	var list []tracker.Moment
	for _, r := range rules {
		if r.quiet || channel == tracker.Webhook || (channel == tracker.SMS && !r.text) || (channel == tracker.Email && r.push) {
			continue
		}
		list = append(list, r.moment)
	}
	return list
}

// asks reports whether a moment is no news of a parcel that anybody could choose, but asks the person: to confirm an address,
// or to sign in with it.
func asks(moment tracker.Moment) bool {
	return moment == tracker.MomentConfirmChannel || moment == tracker.MomentSignIn
}

// ruleOf is the rule of a moment; false for one that does not exist.
func ruleOf(moment tracker.Moment) (rule, bool) {
	for _, r := range rules {
		if r.moment == moment {
			return r, true
		}
	}
	return rule{}, false
}
