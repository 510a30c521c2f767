package web

import (
	"time"

	"waybill/tracker/words"
)

// Message is a page that says one thing and offers one way on.
type Message struct {
	Words   *words.Words
	Heading string
	Lines   []string
	// Button posts to Action; without a Button there is none.
	Button, Action string
	// Link leads on; without one there is none.
	Link, LinkText string
	// Search offers the search box.
	Search bool
	Path   string
}

type messagePage struct {
	Head
	Message
}

// Home renders the start page.
func (p *Pages) Home(w *words.Words) ([]byte, error) {
	return p.render("home.html", Head{Words: w, Title: w.Say("page.home_title") + " · Waybill", Path: "/", Index: true})
}

// Message renders a page that says one thing.
func (p *Pages) Message(m Message) ([]byte, error) {
	return p.render("message.html", messagePage{Head{Words: m.Words, Title: m.Heading + " · Waybill", Path: m.Path}, m})
}

// OutboxMessage is a message that would have left.
type OutboxMessage struct {
	ID, Channel, To, Subject, Text, HTML string
	At                                   time.Time
}

// Outbox renders the list of the messages that the demo keeps.
func (p *Pages) Outbox(w *words.Words, messages []OutboxMessage) ([]byte, error) {
	return p.render("outbox.html", struct {
		Head
		Messages []OutboxMessage
	}{Head{Words: w, Title: "Outbox · Waybill", Path: "/outbox"}, messages})
}
