package tracker

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// ZoneSource says how a time's offset came to be known.
type ZoneSource uint8

// The sources in the order of trust: an offset in the payload beats one derived from the place,
// which beats the carrier's rule.
const (
	ZoneUnknown ZoneSource = iota
	ZoneFromCarrier
	ZoneFromLocation
	ZoneFromPayload
)

var zoneSourceNames = [...]string{"unknown", "carrier", "location", "payload"}

// String is the word that the API and `waybill adapters read` use.
func (z ZoneSource) String() string {
	if int(z) < len(zoneSourceNames) {
		return zoneSourceNames[z]
	}
	return fmt.Sprintf("zone_source(%d)", uint8(z))
}

// MarshalText writes the word.
func (z ZoneSource) MarshalText() ([]byte, error) { return []byte(z.String()), nil }

// UnmarshalText reads a word as MarshalText writes it.
func (z *ZoneSource) UnmarshalText(text []byte) error {
	for i, name := range zoneSourceNames {
		if name == string(text) {
			*z = ZoneSource(i)
			return nil
		}
	}
	return fmt.Errorf("zone source %q is not one of %v", text, zoneSourceNames)
}

// Precision is how finely the source gave a time.
type Precision uint8

// A time without a reading (PrecisionNone) still has its event kept: only the moment is unknown.
const (
	PrecisionNone Precision = iota
	PrecisionDay
	PrecisionMinute
	PrecisionSecond
)

// Stamp is a moment as a carrier gave it: the civil time on the spot, and the offset where one is known.
// A local time is never passed off as UTC: with ZoneUnknown the offset means nothing.
type Stamp struct {
	// Local is the civil time in seconds, counted as if it were UTC (so 1970-01-01T00:00 local is 0).
	Local int64 `cbor:"1,keyasint,omitempty"`
	// Offset is minutes east of UTC; it holds only where Source is not ZoneUnknown.
	Offset int16 `cbor:"2,keyasint,omitempty"`
	// Source says where the offset comes from.
	Source ZoneSource `cbor:"3,keyasint,omitempty"`
	// Precision says how finely the time was given.
	Precision Precision `cbor:"4,keyasint,omitempty"`
	// Zone is the IANA name where one is known ("America/New_York"), else empty.
	Zone string `cbor:"5,keyasint,omitempty"`
}

const (
	localLayout = "2006-01-02T15:04:05"
	dayLayout   = "2006-01-02"
)

// StampAt is the stamp of an instant whose offset is known, as with RFC 3339 times and our own clock.
func StampAt(t time.Time) Stamp {
	_, offset := t.Zone()
	return Stamp{
		Local: t.Unix() + int64(offset), Offset: int16(offset / 60), Source: ZoneFromPayload, //nolint:gosec // offsets are within ±18 h
		Precision: PrecisionSecond,
	}
}

// Known reports whether there is a time at all.
func (s Stamp) Known() bool { return s.Precision != PrecisionNone }

// Civil is the local time, in the form of a time.Time in UTC: use it for its fields, never as an instant.
func (s Stamp) Civil() time.Time { return time.Unix(s.Local, 0).UTC() }

// Instant is the moment in time. With an unknown offset it is the civil time read as UTC, at most 14 hours
// off: good for ordering, not for display.
func (s Stamp) Instant() time.Time {
	if s.Source == ZoneUnknown {
		return time.Unix(s.Local, 0).UTC()
	}
	return time.Unix(s.Local-int64(s.Offset)*60, 0).UTC()
}

// LocalText is the civil time as ISO 8601 without offset; a day alone where no more is known; "" where nothing is.
func (s Stamp) LocalText() string {
	switch s.Precision {
	case PrecisionNone:
		return ""
	case PrecisionDay:
		return s.Civil().Format(dayLayout)
	case PrecisionMinute, PrecisionSecond:
	}
	return s.Civil().Format(localLayout)
}

// String is LocalText with the offset behind it where one is known (RFC 3339 then).
func (s Stamp) String() string {
	local := s.LocalText()
	if s.Source == ZoneUnknown || s.Precision <= PrecisionDay {
		return local
	}
	if s.Offset == 0 {
		return local + "Z"
	}
	sign, minutes := '+', s.Offset
	if minutes < 0 {
		sign, minutes = '-', -minutes
	}
	return fmt.Sprintf("%s%c%02d:%02d", local, sign, minutes/60, minutes%60)
}

// MarshalJSON writes String, or null where no time is known.
func (s Stamp) MarshalJSON() ([]byte, error) {
	if !s.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(s.String())
}

// UnmarshalJSON reads what MarshalJSON writes: an RFC 3339 time, a local time, or a day.
func (s *Stamp) UnmarshalJSON(data []byte) error {
	var text *string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if text == nil {
		*s = Stamp{}
		return nil
	}
	parsed, err := ParseStamp(*text)
	*s = parsed
	return err
}

// ParseStamp reads an RFC 3339 time, a local time without offset (seconds optional), or a day.
func ParseStamp(text string) (Stamp, error) {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return StampAt(t), nil
	}
	for _, form := range []struct {
		layout    string
		precision Precision
	}{{localLayout, PrecisionSecond}, {"2006-01-02T15:04", PrecisionMinute}, {dayLayout, PrecisionDay}} {
		if t, err := time.Parse(form.layout, text); err == nil {
			return Stamp{Local: t.Unix(), Precision: form.precision}, nil
		}
	}
	return Stamp{}, fmt.Errorf("time %q cannot be read; give it as 2026-11-23T14:05:00+01:00, with the offset of the place", text)
}
