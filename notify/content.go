package notify

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"waybill/tracker"
	"waybill/tracker/words"
)

// Said is what a message tells, before it is put into words.
type Said struct {
	// Message is its id; empty for a preview.
	Message    string
	Moment     tracker.Moment
	Occurrence string
	Channel    tracker.Channel
	Locale     string
	Shipment   *tracker.Shipment
	View       *tracker.View
	Tenant     *tracker.Tenant
	// Subscription is who is told. Order and items are shown to the shipment's own recipient alone: whoever knows a
	// tracking number may subscribe to it.
	Subscription *tracker.Subscription
	// Token confirms the subscription.
	Token string
	// Handed is what only the recipient may know of the handover, as far as it may be told over the channel.
	Handed tracker.Handed
	Now    time.Time
}

// Notification is what a push carries and the page's service worker shows.
type Notification struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	// URL is opened by a click.
	URL string `json:"url"`
	// Tag is shared by the notifications of a shipment: the latest replaces the others.
	Tag  string `json:"tag"`
	Lang string `json:"lang"`
	// Shown is told, by a POST, that the device showed it; else the message may be told again by e-mail.
	Shown   string               `json:"shown,omitempty"`
	Actions []NotificationAction `json:"actions"`
}

// NotificationAction is a button of a notification.
type NotificationAction struct {
	Action string `json:"action"`
	Title  string `json:"title"`
	URL    string `json:"url"`
}

// Writer puts messages into words.
type Writer struct{ links Links }

// NewWriter makes a Writer.
func NewWriter(links Links) *Writer { return &Writer{links: links} }

// Render words a message for its channel.
func (w *Writer) Render(said Said) (Content, error) {
	p, err := w.page(&said)
	if err != nil {
		return Content{}, err
	}
	return p.content(&said)
}

// content lays a page out for its channel.
func (p *page) content(said *Said) (c Content, err error) {
	switch said.Channel {
	case tracker.Email:
		c.Subject = p.subject()
		if c.Text, err = p.text(); err == nil {
			c.HTML, err = p.html()
		}
	case tracker.SMS:
		c.SMS = p.sms(said.Moment)
	case tracker.Push:
		c.Push, err = p.push(said)
	case tracker.Webhook:
		err = fmt.Errorf("a %s is not made of words", said.Channel)
	}
	return c, err
}

// page is what the templates are given.
type page struct {
	words *words.Words

	Lang, Title, Body, Headline string
	// Link is the button's, Action what it says.
	Link, Action string
	// Unsubscribe ends the subscription, Preferences leads to what its address is told.
	Unsubscribe, Preferences string
	// Parcels are those of a daily mail.
	Parcels      []*page
	Seller, Logo string
	Colour, Ink  string
	Support      string
	Order        string
	Number       string
	Items        []tracker.Item
	// Facts are lines of their own: opening hours, pickup code, where it was left. Photo leads to the picture.
	Facts []string
	Photo string
	// code is told in short messages, too.
	code string
	// shown is told that a device showed it; unsubscribeAll is a daily mail's way out.
	shown, unsubscribeAll string
	// own is the seller's wording as far as there is one, filled.
	own struct{ title, body string }
	// Confirming: the message asks to confirm, and is followed by nothing yet.
	Confirming bool
}

func (w *Writer) page(said *Said) (*page, error) {
	if _, ok := ruleOf(said.Moment); !ok {
		return nil, fmt.Errorf("there are no words for moment %q", said.Moment)
	}
	own := said.Subscription.Recipient
	p := &page{
		words: words.For(said.Locale), Seller: sellerName(said.Tenant), Number: said.Shipment.ID, Support: said.Tenant.Brand.Support,
		Link: w.links.Track(said.Shipment.ID, own), Unsubscribe: w.links.Unsubscribe(said.Subscription.ID),
		shown: w.links.Shown(said.Message), unsubscribeAll: w.links.UnsubscribeAll(said.Subscription.ID), Preferences: w.links.Preferences(said.Subscription.ID),
	}
	p.Lang = p.words.Tag()
	p.Colour, p.Ink = colours(said.Tenant.Brand.Colour)
	if strings.HasPrefix(said.Tenant.Brand.LogoURL, "https://") {
		p.Logo = said.Tenant.Brand.LogoURL
	}
	if own {
		p.Order, p.Items = said.Shipment.Order, said.Shipment.Items
	}
	p.Headline = p.words.Headline(tracker.HeadlineOf(said.View, ZoneOf(said.Shipment, said.View), said.Now))
	p.Action = p.say("message.track")
	if said.Moment == tracker.MomentConfirmChannel {
		p.Confirming, p.Headline = true, ""
		p.Link, p.Action = w.links.Confirm(said.Subscription.ID, said.Token), p.say("message.confirm")
	}
	if said.Moment == tracker.MomentSignIn {
		p.Confirming, p.Headline = true, ""
		p.Link, p.Action = w.links.SignIn(said.Subscription.ID, said.Token), p.say("message.sign_in_action")
	}
	if said.Moment == tracker.MomentCaseUpdate {
		p.Link, p.Action = p.Link+"#cases", p.say("message.read_answer")
	}
	body := "message." + string(said.Moment) + ".body"
	if said.Moment == tracker.MomentReturnUpdate {
		p.Link, body = p.Link+"#returns", returnBody(said.Occurrence)
	}
	p.handed(said)
	values := []any{"Seller", p.Seller, "Headline", p.Headline, "Papers", strings.Join(said.View.Papers, ", "), "Place", said.View.Pickup}
	p.Title = p.say("message."+string(said.Moment)+".title", values...)
	p.Body = p.say(body, values...)
	p.reword(said)
	return p, nil
}

// sellerName is a seller's name on one line, of a length that a subject bears.
func sellerName(t *tracker.Tenant) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, t.Name)
	return shorten(strings.Join(strings.Fields(name), " "), 60)
}

func (p *page) say(key string, args ...any) string { return p.words.Say(key, args...) }

// Lines are those of the body.
func (p *page) Lines() []string { return strings.Split(p.Body, "\n") }

func (p *page) subject() string {
	if p.own.title != "" {
		return p.own.title
	}
	return p.say("message.subject", "Title", p.Title, "Seller", p.Seller)
}

// Say is say, for templates.
func (p *page) Say(key string, args ...any) string { return p.say("message."+key, args...) }

// informative are the moments whose headline says more than their title.
func informative(moment tracker.Moment) bool {
	switch moment {
	case tracker.MomentBackOrdered, tracker.MomentArrivingToday, tracker.MomentFewStopsAway, tracker.MomentAttemptFailed,
		tracker.MomentReadyForPickup, tracker.MomentPickupReminder,
		tracker.MomentDelivered, tracker.MomentDelayed, tracker.MomentException:
		return true
	case tracker.MomentConfirmed, tracker.MomentPacked, tracker.MomentInfoReceived, tracker.MomentShipped, tracker.MomentInTransit,
		tracker.MomentOutForDelivery, tracker.MomentCustoms, tracker.MomentReturned, tracker.MomentCancelled,
		tracker.MomentCaseUpdate, tracker.MomentReturnUpdate, tracker.MomentRedirected, tracker.MomentConfirmChannel, tracker.MomentSignIn:
	}
	return false
}

func (p *page) sms(moment tracker.Moment) string {
	if own := plainPunctuation(p.own.body); own != "" && Segments(own) <= maxSegments {
		return own
	}
	text := p.Title
	if informative(moment) {
		text = p.Headline
	}
	key := "message.sms"
	if p.Confirming {
		key = "message.sms_confirm"
	}
	if p.code != "" {
		text += ". " + p.code
	}
	return fitSMS(text, func(text string) string {
		return plainPunctuation(p.say(key, "Seller", shorten(p.Seller, 20), "Text", text, "Link", p.Link))
	})
}

func (p *page) push(said *Said) ([]byte, error) {
	n := Notification{
		Title: p.Title, Body: p.Seller, URL: p.Link, Tag: said.Shipment.ID, Lang: p.Lang,
		Actions: []NotificationAction{
			{Action: "open", Title: p.Action, URL: p.Link},
			{Action: "stop", Title: p.say("message.stop"), URL: p.Unsubscribe},
		},
	}
	if said.Message != "" {
		n.Shown = p.shown
	}
	if p.own.body != "" {
		n.Body = shorten(p.own.body, 200)
	} else if informative(said.Moment) {
		n.Body = shorten(p.Headline, 200) + " – " + p.Seller
	}
	if p.code != "" {
		n.Body = p.code + " – " + n.Body
	}
	return json.Marshal(n)
}
