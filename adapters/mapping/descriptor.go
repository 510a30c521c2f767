package mapping

import "waybill/adapters/pull/rule"

// This file is the form of carrier.yaml. adapters/README.md explains it to authors; the loader refuses what is not here.

// descriptor is a carrier.yaml as written.
type descriptor struct {
	Name        string   `yaml:"name"`
	Home        string   `yaml:"home"`
	TrackingURL string   `yaml:"tracking_url"`
	Countries   []string `yaml:"countries"`
	Contact     string   `yaml:"contact"`
	// Added is when the carrier came, as 2026-01-31T15:04:05Z.
	Added string `yaml:"added"`
	// Changed is the day, as 2026-01-31, on which what is read of the carrier changed last.
	Changed  string       `yaml:"changed"`
	Numbers  []NumberForm `yaml:"numbers"`
	Webhooks Webhooks     `yaml:"webhooks"`
	// AlsoReads are carriers of the same house whose payloads arrive by this one's accounts.
	AlsoReads []string `yaml:"also_reads"`
	// WrappedIn are members that hold the payload as JSON text.
	WrappedIn paths `yaml:"wrapped_in"`
	// Zone is the zone that the carrier states for times whose place is unknown. Most carriers state none.
	Zone string `yaml:"zone"`
	// Dates are the forms of its times, for formats that do not state their own.
	Dates layouts `yaml:"dates"`
	// Claims says when the carrier takes a claim for a lost parcel; nil where that is not known.
	Claims *Claims `yaml:"claims"`
	// Lacks says in English what its payloads do not tell, for the documentation.
	Lacks   []string             `yaml:"lacks"`
	Codes   map[string]codeTable `yaml:"codes"`
	Formats []formatRule         `yaml:"formats"`
	// Pull says how the carrier's API is asked; nil for a carrier that is only listened to.
	Pull *rule.Rule `yaml:"pull"`
}

// NumberForm is a form of the carrier's tracking numbers, for documentation; package detect tells them apart.
type NumberForm struct {
	Name    string `yaml:"name"`
	Pattern string `yaml:"pattern"`
	Example string `yaml:"example"`
}

// Webhooks says how a carrier's posts prove themselves.
type Webhooks struct {
	// Verification is "credential", "hmac-sha256", "basic", "token", or "none" for carriers that are only asked.
	Verification string `yaml:"verification"`
	// Header bears the proof, where the kind of verification leaves it open.
	Header string `yaml:"header"`
	// QueryAnswer is the answer to a carrier that tells a scan by the query of a GET; {name} stands for the value of that
	// name. Carriers that post have none.
	QueryAnswer string `yaml:"query_answer"`
	// Note says what an operator must know.
	Note string `yaml:"note"`
}

// Claims is the carrier's rule for claims of senders, for parcels that are lost.
type Claims struct {
	// AfterDays is from how many days on it takes one; ExpressDays the same of its express services, where that differs.
	AfterDays   int `yaml:"after_days"`
	ExpressDays int `yaml:"express_days"`
	// Since is what they are counted from: "hand_over", or "due", the day on which it was to come.
	Since string `yaml:"since"`
	// Working: they are working days.
	Working bool `yaml:"working"`
	// Source says in English where that is published.
	Source string `yaml:"source"`
}

// formatRule is one format of a carrier.
type formatRule struct {
	Name   string `yaml:"name"`
	Syntax Syntax `yaml:"syntax"`
	// Arrives is "reply" (to a poll) or "webhook".
	Arrives string `yaml:"arrives"`
	// Recognise are groups of paths: all of one group must be there. RecogniseError are signs of an error answer, of
	// which one is enough.
	Recognise      signs   `yaml:"recognise"`
	RecogniseError paths   `yaml:"recognise_error"`
	Dates          layouts `yaml:"dates"`
	// Shipments finds the carriages, Events those of one; EventsElse is looked at where Events finds none.
	Shipments  paths        `yaml:"shipments"`
	Shipment   shipmentRule `yaml:"shipment"`
	Events     paths        `yaml:"events"`
	EventsElse paths        `yaml:"events_else"`
	Event      eventRule    `yaml:"event"`
	Errors     []errorRule  `yaml:"errors"`

	line int
}

// shipmentRule reads one carriage; its paths start at the shipment's node.
type shipmentRule struct {
	Number paths `yaml:"number"`
	// NumberIfAlone is used where Number finds nothing and the payload has one shipment in this place: the number
	// that was asked about.
	NumberIfAlone paths `yaml:"number_if_alone"`
	// NumberAsked says that the payload answers a question about one number, which it may not repeat or call otherwise.
	NumberAsked bool           `yaml:"number_asked"`
	Lifecycle   paths          `yaml:"lifecycle"`
	Service     paths          `yaml:"service"`
	Weight      weightRule     `yaml:"weight"`
	Pieces      paths          `yaml:"pieces"`
	Origin      locationRule   `yaml:"origin"`
	Destination locationRule   `yaml:"destination"`
	Pickup      paths          `yaml:"pickup"`
	Papers      paths          `yaml:"papers"`
	Estimates   []estimateRule `yaml:"estimates"`
	SignedBy    paths          `yaml:"signed_by"`
	Place       paths          `yaml:"place"`
	Photo       paths          `yaml:"photo"`
	Signature   paths          `yaml:"signature"`
	Address     paths          `yaml:"address"`
	Partners    []partnerRule  `yaml:"partners"`
	// Error reads a carriage without events whose number the carrier does not know, and the like.
	Error errorRule `yaml:"error"`
}

// eventRule reads one event; its paths start at the event's node.
type eventRule struct {
	// Split takes events apart that are sentences; the first pattern that matches is used.
	Split []splitRule `yaml:"split"`
	Code  paths       `yaml:"code"`
	Text  paths       `yaml:"text"`
	// Kind are the parts of the event's identity where the code alone does not tell two scans apart.
	Kind     parts        `yaml:"kind"`
	Ref      paths        `yaml:"ref"`
	Voids    paths        `yaml:"voids"`
	Meaning  []lookupRule `yaml:"meaning"`
	Time     timeRule     `yaml:"time"`
	Location locationRule `yaml:"location"`
	// SignedBy and Place are a person's, told with a delivery; they are kept apart from the event.
	SignedBy paths `yaml:"signed_by"`
	Place    paths `yaml:"place"`
}

// lookupRule looks an event's meaning up in a code table; the first that finds an entry decides.
type lookupRule struct {
	// By are the parts of the key, joined by "/".
	By parts `yaml:"by"`
	// In names the table.
	In string `yaml:"in"`
	// Contains looks for the longest key that the text contains, in place of the key itself.
	Contains bool `yaml:"contains"`
	// First confines the look-up to the first event of a shipment, where the carrier states the current status.
	First bool `yaml:"first"`
	// Last confines it to the last event of the list, for carriers that list the oldest first.
	Last bool `yaml:"last"`
	// Fallback marks the carrier's coarser signals: the code counts as unknown where only they know it.
	Fallback bool `yaml:"fallback"`

	table        *codeTable
	line, column int
}

// timeRule reads a time.
type timeRule struct {
	// Local are its parts (date, time), joined by a space; where later parts are missing the day alone is known.
	Local parts `yaml:"local"`
	// UTC are the parts of the same moment in UTC: the offset is the difference.
	UTC parts `yaml:"utc"`
	// Offset is a path to the offset, Zone to the zone's name.
	Offset paths `yaml:"offset"`
	Zone   paths `yaml:"zone"`
	// LocalZ says that a "Z" at the end is no offset: the carrier writes local times with one.
	LocalZ bool `yaml:"local_z"`
	// Dates are the forms of this time, in place of the format's.
	Dates layouts `yaml:"dates"`
}

// locationRule reads a place.
type locationRule struct {
	Text       paths `yaml:"text"`
	City       paths `yaml:"city"`
	State      paths `yaml:"state"`
	PostalCode paths `yaml:"postal_code"`
	Country    paths `yaml:"country"`
	// HomeCountry is the country of places that are named without one.
	HomeCountry string `yaml:"home_country"`
	Facility    paths  `yaml:"facility"`
	Lat         paths  `yaml:"lat"`
	Lon         paths  `yaml:"lon"`
	// Parse takes a text apart; the named groups of its pattern are the fields above.
	Parse []parseRule `yaml:"parse"`
}

type parseRule struct {
	Path    paths   `yaml:"path"`
	Pattern pattern `yaml:"pattern"`
	// HomeCountry is the country of places that match, where neither pattern nor payload names one.
	HomeCountry string `yaml:"home_country"`
}

// estimateRule reads the carrier's estimate: a day or moment (to), or a window (from, to).
type estimateRule struct {
	From timeRule `yaml:"from"`
	To   timeRule `yaml:"to"`
}

// weightRule reads a weight. Unit is a path to the unit; In states it where the payload does not.
type weightRule struct {
	Value paths  `yaml:"value"`
	Unit  paths  `yaml:"unit"`
	In    string `yaml:"in"`
}

// partnerRule reads the number under which another carrier has the same parcel. The carrier is stated, or named by the
// payload: Named is a path to that name, Carriers says whom it means. A name that is not among them is no partner.
type partnerRule struct {
	Number   paths        `yaml:"number"`
	Carrier  string       `yaml:"carrier"`
	Named    paths        `yaml:"named"`
	Carriers carrierNames `yaml:"carriers"`
}

// errorRule reads the carrier's error answers.
type errorRule struct {
	// Each finds them; in a shipment rule it is absent and the paths start at the shipment.
	Each paths `yaml:"each"`
	// Unless: where one of these is there, it is no error.
	Unless paths `yaml:"unless"`
	Number paths `yaml:"number"`
	Code   paths `yaml:"code"`
	Text   paths `yaml:"text"`
	// Default is the text of an error that the payload states without words, as by listing a number as unknown.
	Default string `yaml:"default"`
}
