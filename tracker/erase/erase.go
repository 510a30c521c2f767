// Package erase finds, gives out and erases what is kept of a person, on the person's request.
package erase

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Person is somebody by what shipments and subscriptions are known by: an e-mail address, a phone number, or both.
type Person struct {
	Email string `json:"email,omitempty" maxLength:"254" example:"ada@example.com"`
	Phone string `json:"phone,omitempty" maxLength:"32" doc:"With its country code." example:"+4915112345678"`
}

// Check says what is wrong with how a person is named; nil for one who can be looked for.
func (p Person) Check() error {
	_, err := p.normal()
	return err
}

// Desk finds and erases persons.
type Desk struct {
	Store tracker.Store
	Keys  *seal.Keys
}

// Kept is what is kept of a person.
type Kept struct {
	// Shipments go to the person, over all sellers.
	Shipments []*tracker.Shipment
	// Subscriptions are those of the person's addresses, and those of the person's own shipments that are no other's.
	Subscriptions []*tracker.Subscription

	person Person
}

// IDs are the ids of all that was found, as the audit log names it.
func (k *Kept) IDs() []string {
	var ids []string
	for _, s := range k.Shipments {
		ids = append(ids, s.ID)
	}
	for _, s := range k.Subscriptions {
		ids = append(ids, s.ID)
	}
	return ids
}

// normal brings what a person is known by into the form in which it is indexed.
func (p Person) normal() (Person, error) {
	p.Email = strings.ToLower(strings.TrimSpace(p.Email))
	if digits := strings.Map(digit, p.Phone); digits != "" {
		p.Phone = "+" + digits
	} else {
		p.Phone = ""
	}
	if p.Email == "" && p.Phone == "" {
		return p, errors.New("a person is named by an e-mail address or a phone number, with its country code")
	}
	return p, nil
}

func digit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// pageSize is how many records are read at a time.
const pageSize = 200

// Find gives all that is kept of a person. What was erased half-way, when a process died, is found again.
func (d *Desk) Find(ctx context.Context, person Person) (*Kept, error) {
	person, err := person.normal()
	if err != nil {
		return nil, err
	}
	kept := &Kept{person: person}
	shipments, subscriptions := map[string]bool{}, map[string]bool{}
	for _, term := range tracker.PersonTerms(d.Keys, person.Email, person.Phone) {
		err := eachShipment(ctx, d.Store, term, func(s *tracker.Shipment) {
			if !shipments[s.ID] {
				shipments[s.ID] = true
				kept.Shipments = append(kept.Shipments, s)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	add := func(list []*tracker.Subscription) {
		for _, s := range list {
			if !subscriptions[s.ID] {
				subscriptions[s.ID] = true
				kept.Subscriptions = append(kept.Subscriptions, s)
			}
		}
	}
	for _, blind := range d.blinds(person) {
		list, err := all[tracker.Subscription](ctx, d.Store, tracker.ListOfAddress(blind))
		if err != nil {
			return nil, err
		}
		add(list)
	}
	for _, s := range kept.Shipments {
		list, err := all[tracker.Subscription](ctx, d.Store, tracker.ListOfShipment(s.ID))
		if err != nil {
			return nil, err
		}
		add(own(list))
	}
	return kept, nil
}

// own are the subscriptions of a shipment that are its recipient's: those that came with it, and those of browsers and
// apps, which nobody else would set up for somebody's parcel. Another's address stays.
func own(list []*tracker.Subscription) []*tracker.Subscription {
	var mine []*tracker.Subscription
	for _, s := range list {
		if s.Recipient || s.Channel == tracker.Push {
			mine = append(mine, s)
		}
	}
	return mine
}

// blinds are the blind indexes of the person's addresses.
func (d *Desk) blinds(p Person) []string {
	var list []string
	if p.Email != "" {
		list = append(list, tracker.BlindAddress(d.Keys, tracker.Email, p.Email))
	}
	if p.Phone != "" {
		list = append(list, tracker.BlindAddress(d.Keys, tracker.SMS, p.Phone))
	}
	return list
}

func eachShipment(ctx context.Context, store tracker.Store, term string, do func(*tracker.Shipment)) error {
	page := tracker.Page{Limit: pageSize}
	for {
		rows, err := store.Search(ctx, tracker.Shipments, "", []string{term}, page)
		if err != nil {
			return fmt.Errorf("look for a person's shipments: %w", err)
		}
		list, err := tracker.DecodeAll[tracker.Shipment](rows)
		if err != nil {
			return err
		}
		for _, s := range list {
			do(s)
		}
		if len(rows) < pageSize {
			return nil
		}
		page.After = &tracker.Cursor{Order: rows[len(rows)-1].Order, Key: rows[len(rows)-1].Key}
	}
}

// all reads a whole list.
func all[T any, R interface {
	*T
	tracker.Record
}](ctx context.Context, store tracker.Store, list string) ([]*T, error) {
	var records []*T
	page := tracker.Page{Limit: pageSize}
	for {
		some, err := tracker.LoadList[T, R](ctx, store, list, page)
		if err != nil {
			return nil, err
		}
		records = append(records, some...)
		if len(some) < pageSize {
			return records, nil
		}
		page.After = tracker.CursorOf(R(some[len(some)-1]))
	}
}
