package web

import (
	"html/template"

	"waybill/tracker/words"
)

// Desk is the frame of every page of people who are signed in; a page's data embeds it.
type Desk struct {
	Head

	Heading string
	// CSRF goes with every form, as {{template "csrf" .}}.
	CSRF string
	// Person is whose page it is; Role, Tenant and Account what they are here.
	Person, Role, Tenant, Account string
	// Said is what a form led to.
	Said  string
	Nav   []NavItem
	Seats []SeatItem
}

// NavItem is a link in the bar.
type NavItem struct {
	Path, Name string
	Current    bool
}

// SeatItem is one thing that the person may be here.
type SeatItem struct {
	Key, Role, Of string
	Current       bool
}

// Desk renders a page of somebody who is signed in.
func (p *Pages) Desk(name string, data any) ([]byte, error) { return p.render(name, data) }

// SignIn is a form on the way in.
type SignIn struct {
	Words *words.Words
	// Problem is why the last try failed.
	Problem string
	Email   string
	// Next is where to go then.
	Next, CSRF, Path string
	// Provider names the OpenID provider of staff; empty where there is none.
	Provider string
}

// Enrol shows a second factor to be set up.
type Enrol struct {
	SignIn

	QR     template.URL
	Secret string
}

// Recovery shows recovery codes.
type Recovery struct {
	Words *words.Words
	Codes []string
	Next  string
}

func headOf(w *words.Words, key, path string) Head {
	return Head{Words: w, Title: w.Say(key) + " · Waybill", Path: path}
}

// SignIn renders the form for address and password.
func (p *Pages) SignIn(in SignIn) ([]byte, error) {
	return p.render("signin.html", struct {
		Head
		SignIn
	}{headOf(in.Words, "desk.sign_in", in.Path), in})
}

// Code renders the form for the second factor's code.
func (p *Pages) Code(in SignIn) ([]byte, error) {
	return p.render("code.html", struct {
		Head
		SignIn
	}{headOf(in.Words, "desk.code_title", in.Path), in})
}

// Enrol renders the page on which a second factor is set up.
func (p *Pages) Enrol(in Enrol) ([]byte, error) {
	return p.render("enrol.html", struct {
		Head
		Enrol
	}{headOf(in.Words, "desk.enrol_title", in.Path), in})
}

// Recovery renders the recovery codes.
func (p *Pages) Recovery(in Recovery) ([]byte, error) {
	return p.render("recovery.html", struct {
		Head
		Recovery
	}{headOf(in.Words, "desk.recovery_title", "/account"), in})
}
