package upu

import (
	"strings"
	"time"
	"unicode"

	"waybill/adapters/formats/internal/edi"
	"waybill/adapters/mapping"
	"waybill/tracker"
)

// field is what a column or element is about.
type field uint8

const (
	noField field = iota
	itemField
	eventField
	dateField
	timeField
	offsetField
	officeField
	cityField
	countryField
	reasonField
	actionField
	textField
	signedField
	fieldCount
)

// fields are the names of columns and elements, in small letters and digits alone.
var fields = map[string]field{
	"itemid": itemField, "itemidentifier": itemField, "itemnumber": itemField, "mailitemid": itemField, "mailitemidentifier": itemField,
	"item": itemField, "s10": itemField, "s10code": itemField, "itemcode": itemField, "trackingnumber": itemField,
	"event": eventField, "eventcode": eventField, "eventtype": eventField, "eventtypecode": eventField, "eventcd": eventField,
	"eventid":       eventField,
	"eventdatetime": dateField, "eventdate": dateField, "datetime": dateField, "date": dateField, "timestamp": dateField,
	"localdatetime": dateField, "eventlocaldatetime": dateField, "eventtimestamp": dateField,
	"eventtime": timeField, "time": timeField, "localtime": timeField,
	"utcoffset": offsetField, "offset": offsetField, "timezone": offsetField, "timezoneoffset": offsetField,
	"office": officeField, "officecode": officeField, "officeofexchange": officeField, "oecode": officeField, "impc": officeField,
	"impccode": officeField, "eventoffice": officeField, "facility": officeField, "facilitycode": officeField,
	"eventlocation": officeField, "location": officeField, "locationcode": officeField,
	"city": cityField, "officename": cityField, "locationname": cityField,
	"country": countryField, "countrycode": countryField, "eventcountry": countryField,
	"reason": reasonField, "reasoncode": reasonField, "nondeliveryreason": reasonField, "nondeliveryreasoncode": reasonField,
	"retentionreason": reasonField, "retentionreasoncode": reasonField,
	"action": actionField, "actioncode": actionField, "nondeliveryaction": actionField, "nondeliveryactioncode": actionField,
	"description": textField, "eventdescription": textField, "eventname": textField, "text": textField,
	"signatory": signedField, "signatoryname": signedField, "signedby": signedField, "recipientname": signedField,
}

// fieldOf is what a name is about, whatever way it is written: "Item ID", "item_id", "ItemId".
func fieldOf(name string) field {
	return fields[strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)]
}

// record is one event as its fields give it.
type record [fieldCount]string

func (r *record) set(f field, value string) {
	if value = strings.TrimSpace(value); f != noField && value != "" && r[f] == "" {
		r[f] = value
	}
}

// place is the office: an international mail processing centre's code begins with its country (S34).
func (r *record) place() tracker.Location {
	l := tracker.Location{City: r[cityField], Country: r[countryField]}
	office := r[officeField]
	if len(office) == 6 && office == strings.ToUpper(office) && !strings.Contains(office, " ") {
		l.Facility = office
		if iso := mapping.ISOCountry(office[:2]); l.Country == "" && len(iso) == 2 {
			l.Country = iso
		}
	} else if l.City == "" {
		l.City = office
	}
	return l
}

// layouts are the forms of times beside those of tracker.ParseStamp.
var layouts = []struct {
	layout    string
	precision tracker.Precision
}{
	{"2006-01-02 15:04:05", tracker.PrecisionSecond},
	{"2006-01-02 15:04", tracker.PrecisionMinute},
	{"2006/01/02 15:04:05", tracker.PrecisionSecond},
	{"2006/01/02 15:04", tracker.PrecisionMinute},
}

// time reads date and time, which may stand in one field or in two, and the offset beside them.
func (r *record) time() (tracker.Stamp, bool) {
	date, clock := r[dateField], r[timeField]
	if date == "" {
		date, clock = clock, "" // all of it under the time's name
	}
	stamp, ok := moment(date, clock)
	if !ok || !mapping.Plausible(stamp) {
		return tracker.Stamp{}, false
	}
	if offset, err := time.Parse("-07:00", r[offsetField]); err == nil && stamp.Source == tracker.ZoneUnknown &&
		stamp.Precision > tracker.PrecisionDay {
		_, seconds := offset.Zone()
		stamp.Offset, stamp.Source = int16(seconds/60), tracker.ZoneFromPayload //nolint:gosec // within ±24 h
	}
	return stamp, true
}

func moment(date, clock string) (tracker.Stamp, bool) {
	text := strings.TrimSpace(date + " " + clock)
	if stamp, err := tracker.ParseStamp(strings.Replace(text, " ", "T", 1)); err == nil {
		return stamp, true
	}
	for _, form := range layouts {
		if t, err := time.Parse(form.layout, text); err == nil {
			return tracker.Stamp{Local: t.Unix(), Precision: form.precision}, true
		}
	}
	digits := strings.NewReplacer("-", "", ":", "", "/", "", " ", "", "T", "").Replace(text)
	if len(digits) < 8 {
		return tracker.Stamp{}, false
	}
	stamp, ok, clockOK := edi.Stamp(digits[:8], digits[8:])
	return stamp, ok && clockOK
}
