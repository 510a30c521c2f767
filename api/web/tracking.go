package web

import (
	"net/url"
	"slices"
	"time"

	"waybill/api/view"
	"waybill/api/web/worldmap"
	"waybill/tracker"
	"waybill/tracker/words"
)

// Tracking is what the tracking page is made of.
type Tracking struct {
	Words *words.Words
	View  *view.Tracking
	// Own: it is a shipment of ours, of which somebody can be told and whose recipient can prove to be that.
	Own bool
	// Signature opens the full view; set where the visitor has proved to be the recipient.
	Signature string
	// PushKey is the VAPID public key, empty where no push is sent.
	PushKey string
	// Notice is a text key of page.notice to show on top: what a form led to.
	Notice string
	// Carrier was chosen among several.
	Carrier string
	// Cases are what the recipient reported; shown, as the form to report more, with a Signature alone.
	Cases []CaseItem
	// Wish is how the recipient wants the parcel delivered; set with a Signature alone.
	Wish *Wish
	// Returns are what the recipient sent back, and what still can be.
	Returns *Returns
}

// trackingPage is the data of the template.
type trackingPage struct {
	Head
	Tracking
	V      *view.Tracking
	Bar    []BarStep
	Tone   string
	Window string
	// Chance is how likely it comes today or tomorrow, Why what the window rests on; each may be empty.
	Chance, Why string
	// Stops says how many stops away the van is.
	Stops string
	// Told compares what was promised, first estimated and is expected now; Before are all windows that were shown.
	Told, Before []ToldTime
	Days         []DayOfEvents
	Map          *worldmap.Map
	// Base is the page's own address; Live streams its changing parts, Query goes with every form.
	Base, Live, Query string
	Moments           []tracker.Moment
	CaseKinds         []tracker.CaseKind
}

// offered are the moments that the page lets a visitor choose.
var offered = []tracker.Moment{
	tracker.MomentShipped, tracker.MomentOutForDelivery, tracker.MomentDelivered, tracker.MomentDelayed, tracker.MomentAttemptFailed,
	tracker.MomentReadyForPickup,
}

// refreshEvery is how often a browser without script looks again, in seconds.
const refreshEvery = 60

func (in Tracking) page() trackingPage {
	query := "?lang=" + in.Words.Tag()
	base := "/t/" + url.PathEscape(in.View.Number)
	path := base
	if in.Carrier != "" {
		query += "&carrier=" + url.QueryEscape(in.Carrier)
		path = base + "?carrier=" + url.QueryEscape(in.Carrier)
	}
	if in.Signature != "" {
		query += "&s=" + in.Signature
		path = base + "?s=" + in.Signature
	}
	page := trackingPage{
		Head:     Head{Words: in.Words, Title: in.View.Headline + " · " + in.View.Number, Path: path, Refresh: refreshEvery},
		Tracking: in, V: in.View, Base: base, Live: base + "/live" + query, Query: query, Moments: offered, CaseKinds: tracker.CaseKinds(),
	}
	if len(in.View.Candidates) > 0 {
		page.Title = in.Words.Say("page.ambiguous_title") + " · " + in.View.Number
		page.Refresh = 0
		return page
	}
	page.Bar, page.Tone = barOf(in.View, in.Words), toneOf(in.View)
	page.Window = windowText(in.View.Estimate, in.Words)
	if e := in.View.Estimate; e != nil && page.Window != "" {
		page.Why = e.Reason
		if e.Today != nil && e.Tomorrow != nil {
			page.Chance = in.Words.Chance(*e.Today, *e.Tomorrow)
		}
	}
	if in.View.StopsAway > 0 {
		page.Stops = in.Words.Say("page.stops_away", "Count", in.View.StopsAway)
	}
	page.Told, page.Before = toldOf(in.View, page.Window, in.Words), beforeOf(in.View, in.Words)
	page.Days = daysOf(in.View, in.Words)
	page.Map = worldmap.Draw(stopsOf(in.View, in.Words))
	return page
}

// Tracking renders the whole page.
func (p *Pages) Tracking(in Tracking) ([]byte, error) {
	if len(in.View.Candidates) > 0 {
		return p.render("candidates.html", in.page())
	}
	return p.render("tracking.html", in.page())
}

// Fragment renders the parts of the page that change, for the live stream.
func (p *Pages) Fragment(in Tracking) ([]byte, error) {
	if in.View.Closed {
		return p.render("closed", in.page())
	}
	return p.render("live", in.page())
}

// toneOf is the colour of the state.
func toneOf(v *view.Tracking) string {
	switch v.Milestone {
	case "delivered":
		return "good"
	case "exception", "attempt_failed", "expired", "cancelled", "returning", "returned":
		return "bad"
	}
	if v.Late {
		return "warn"
	}
	return "calm"
}

const quarter = 15 * time.Minute

// windowText says when it is expected: a day, hours of a day, or two days.
func windowText(w *view.Window, in *words.Words) string {
	if w == nil {
		return ""
	}
	from, errFrom := time.Parse(time.RFC3339, w.From)
	to, errTo := time.Parse(time.RFC3339, w.To)
	if errFrom != nil || errTo != nil {
		return ""
	}
	if to.Sub(from) > tracker.WidestDays*24*time.Hour {
		return ""
	}
	// To the minute it would promise more than anybody knows.
	from, to = from.Truncate(quarter), to.Add(quarter-1).Truncate(quarter)
	if from.YearDay() != to.YearDay() || from.Year() != to.Year() {
		return in.Say("page.window_days", "First", in.Day(from), "Last", in.Day(to))
	}
	return in.Say("page.window_hours", "Day", in.Day(to), "From", in.Time(from), "To", in.Time(to))
}

// stopsOf are the places of the journey with a point on the map, the first one first, and the van where it is known.
func stopsOf(v *view.Tracking, in *words.Words) []worldmap.Stop {
	var stops []worldmap.Stop
	for i := range slices.Backward(v.Events) {
		l := v.Events[i].Location
		if l == nil || l.Point == nil {
			continue
		}
		stops = append(stops, worldmap.Stop{Lat: float64(l.Point.Lat), Lon: float64(l.Point.Lon), Name: placeName(l)})
	}
	if p := v.Vehicle; p != nil {
		stops = append(stops, worldmap.Stop{Lat: float64(p.Lat), Lon: float64(p.Lon), Name: in.Say("page.vehicle")})
	}
	return stops
}

func placeName(l *view.Place) string {
	if l.City != "" {
		return l.City
	}
	return l.Text
}
