package web

import "time"

// CaseItem is a case on the tracking page.
type CaseItem struct {
	ID, Kind, State, Decision, Replacement string
	Entries                                []CaseLine
}

// Closed reports whether nothing more can be written to it.
func (c CaseItem) Closed() bool { return c.State == "closed" }

// CaseLine is one thing that happened to a case. From is customer, support, seller or clock.
type CaseLine struct {
	At                   time.Time
	From, What, To, Text string
}

// By is the key of the text that names who wrote.
func (l CaseLine) By() string {
	if l.From == "customer" {
		return "case.you"
	}
	return "case." + l.From
}
