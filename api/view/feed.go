package view

import (
	"time"

	"waybill/tracker"
	"waybill/tracker/words"
)

// Feed says that nothing can be learnt from a carrier at present.
type Feed struct {
	Carrier     string    `json:"carrier" example:"ups"`
	CarrierName string    `json:"carrier_name" example:"UPS"`
	State       string    `json:"state" enum:"silent,erring" doc:"silent: nothing comes that should have come; erring: requests fail, or nothing can be read."`
	Since       time.Time `json:"since"`
	// Text says it in the visitor's language.
	Text string `json:"text" doc:"The same in the visitor's language."`
}

func feedOf(t *tracker.Tracking, carriers Carriers, w *words.Words) *Feed {
	if t.Down == nil {
		return nil
	}
	name := nameOf(t.DownCarrier, carriers, w)
	return &Feed{
		Carrier: t.DownCarrier, CarrierName: name, State: string(t.Down.State), Since: t.Down.Since,
		Text: w.Say("page.feed_"+string(t.Down.State), "Carrier", name, "Since", w.Moment(t.Down.Since.In(ZoneOf(t)))),
	}
}
