package eta

import (
	"fmt"
	"slices"
	"time"

	"waybill/tracker"
	"waybill/tracker/eta/transit"
)

// forecast is a prediction that its outcome will be learnt against, as it stands on the shipment until then.
type forecast struct {
	Moment transit.Moment `cbor:"1,keyasint"`
	// Stage and At tell predictions of one moment apart. At is in Unix milliseconds, Zone where it is told.
	Stage string `cbor:"2,keyasint,omitempty"`
	At    int64  `cbor:"3,keyasint"`
	Zone  string `cbor:"4,keyasint,omitempty"`

	Carrier     string        `cbor:"5,keyasint"`
	Service     string        `cbor:"6,keyasint"`
	Shipper     string        `cbor:"7,keyasint"`
	Origin      place         `cbor:"8,keyasint"`
	Destination place         `cbor:"9,keyasint"`
	DistanceKM  float64       `cbor:"10,keyasint,omitempty"`
	Weight      float64       `cbor:"11,keyasint,omitempty"`
	Items       int           `cbor:"12,keyasint,omitempty"`
	Ordered     int64         `cbor:"13,keyasint,omitempty"`
	Promised    int64         `cbor:"14,keyasint,omitempty"`
	Basis       transit.Basis `cbor:"15,keyasint"`
	// Started: a sample was written that has the model count the parcel as under way.
	Started bool `cbor:"16,keyasint,omitempty"`
}

type place struct {
	_                     struct{} `cbor:",toarray"`
	Country, Region, Area string
}

// forecastsMost bounds the predictions of a shipment: purchase, hand-over and some stages.
const forecastsMost = 6

func newForecast(q *transit.Query, b transit.Basis, s stage, zone string) forecast {
	return forecast{
		Moment: q.Moment, Stage: string(s), At: q.At.UnixMilli(), Zone: zone, Carrier: q.Carrier, Service: q.Service, Shipper: q.Shipper,
		Origin:      place{Country: q.Origin.Country, Region: q.Origin.Region, Area: q.Origin.Area},
		Destination: place{Country: q.Destination.Country, Region: q.Destination.Region, Area: q.Destination.Area},
		DistanceKM:  q.DistanceKM, Weight: q.WeightGrams, Items: q.Items, Ordered: milli(q.Ordered), Promised: milli(q.Promised), Basis: b,
	}
}

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// query is the question again, told in the zone that it was asked in.
func (f *forecast) query(m *Model) transit.Query {
	zone := m.load(f.Zone)
	if zone == nil {
		zone = time.UTC
	}
	at := func(ms int64) time.Time {
		if ms == 0 {
			return time.Time{}
		}
		return time.UnixMilli(ms).In(zone)
	}
	return transit.Query{
		Moment: f.Moment, At: at(f.At), Carrier: f.Carrier, Service: f.Service, Shipper: f.Shipper,
		Origin:      transit.Place{Country: f.Origin.Country, Region: f.Origin.Region, Area: f.Origin.Area},
		Destination: transit.Place{Country: f.Destination.Country, Region: f.Destination.Region, Area: f.Destination.Area},
		DistanceKM:  f.DistanceKM, WeightGrams: f.Weight, Items: f.Items, Ordered: at(f.Ordered), Promised: at(f.Promised),
	}
}

// forecasts reads the predictions of a shipment. Those of another version of the model teach nothing and are left out.
func forecastsOf(s *tracker.Shipment) ([]forecast, error) {
	if len(s.Forecasts) == 0 {
		return nil, nil
	}
	var list []forecast
	if err := decoding.Unmarshal(s.Forecasts, &list); err != nil {
		return nil, fmt.Errorf("read the predictions of shipment %s: %w", s.ID, err)
	}
	kept := list[:0]
	for _, f := range list {
		if f.Basis.Version == transit.Version {
			kept = append(kept, f)
		}
	}
	return kept, nil
}

// addForecast adds a prediction, unless one was made at this point of the way already: the outcome is learnt against what
// was said first.
func addForecast(list []forecast, one forecast) []forecast {
	said := func(f forecast) bool { return f.Moment == one.Moment && f.Stage == one.Stage }
	if len(list) >= forecastsMost || slices.ContainsFunc(list, said) {
		return list
	}
	return append(list, one)
}

func setForecasts(s *tracker.Shipment, list []forecast) error {
	doc, err := encoding.Marshal(list)
	if err != nil {
		return fmt.Errorf("encode the predictions of shipment %s: %w", s.ID, err)
	}
	s.Forecasts = doc
	return nil
}
