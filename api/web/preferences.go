package web

import (
	"waybill/tracker"
	"waybill/tracker/words"
)

// Preferences is the page on which an address chooses what it is told of a seller's parcels.
type Preferences struct {
	Words  *words.Words
	Seller string
	// Moments are all there are, in the order of a journey; Told are the chosen ones.
	Moments, Told []tracker.Moment
	// ByMail offers the daily mail, Daily has it chosen.
	ByMail, Daily bool
	// BySMS offers pickup codes by SMS, Code has them chosen.
	BySMS, Code bool
	// Saved says that what is shown was just kept.
	Saved bool
	// Action is where the form is posted, Path the page's own address.
	Action, Path string
}

type preferencesPage struct {
	Head
	Preferences

	Heading string
	Moments []momentRow
}

type momentRow struct {
	Name string
	Told bool
}

// Preferences renders the page.
func (p *Pages) Preferences(in Preferences) ([]byte, error) {
	told := map[tracker.Moment]bool{}
	for _, m := range in.Told {
		told[m] = true
	}
	page := preferencesPage{Preferences: in, Heading: in.Words.Say("page.preferences_title")}
	page.Head = Head{Words: in.Words, Title: page.Heading + " · Waybill", Path: in.Path}
	for _, m := range in.Moments {
		page.Moments = append(page.Moments, momentRow{string(m), told[m]})
	}
	return p.render("preferences.html", page)
}
