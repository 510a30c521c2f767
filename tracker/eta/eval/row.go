package eval

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"waybill/tracker/eta/transit"
)

// columns are those that a file must have; others are passed over.
var columns = []string{
	"order", "purchase_ts", "carrier_handoff_ts", "delivered_ts", "promised_ts", "shipping_limit_ts",
	"seller", "seller_state", "seller_zip3", "customer_state", "customer_zip3",
	"distance_km", "n_items", "weight_g",
}

// country of all rows: the format names states of Brazil.
const country = "BR"

// Row is a delivered parcel. Times are civil, held as UTC.
type Row struct {
	Order                                  string
	Purchased, Handed, Delivered, Promised time.Time
	Due                                    time.Time // zero where the file has none
	Seller                                 string
	From, To                               transit.Place
	DistanceKM, WeightGrams                float64 // 0 where unknown
	Items                                  int
}

// rowReader reads the fields of a line by the header's names.
type rowReader struct {
	index  map[string]int
	fields []string
	errs   []error
}

func newRowReader(header []string) (*rowReader, error) {
	r := &rowReader{index: make(map[string]int, len(header))}
	for i, name := range header {
		r.index[name] = i
	}
	var missing []string
	for _, name := range columns {
		if _, ok := r.index[name]; !ok {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("the header lacks %q", missing)
	}
	return r, nil
}

func (r *rowReader) read(fields []string) (Row, error) {
	r.fields, r.errs = fields, nil
	row := Row{
		Order:       r.text("order"),
		Purchased:   r.time("purchase_ts", true),
		Handed:      r.time("carrier_handoff_ts", true),
		Delivered:   r.time("delivered_ts", true),
		Promised:    r.time("promised_ts", false),
		Due:         r.time("shipping_limit_ts", false),
		Seller:      r.text("seller"),
		From:        transit.Place{Country: country, Region: r.text("seller_state"), Area: r.text("seller_zip3")},
		To:          transit.Place{Country: country, Region: r.text("customer_state"), Area: r.text("customer_zip3")},
		DistanceKM:  r.number("distance_km"),
		Items:       int(r.number("n_items")),
		WeightGrams: r.number("weight_g"),
	}
	if len(r.errs) == 0 && (row.Handed.Before(row.Purchased) || row.Delivered.Before(row.Handed)) {
		r.errs = append(r.errs, errors.New("purchase_ts, carrier_handoff_ts and delivered_ts are not in this order"))
	}
	return row, errors.Join(r.errs...)
}

func (r *rowReader) text(name string) string { return r.fields[r.index[name]] }

func (r *rowReader) time(name string, needed bool) time.Time {
	text := r.text(name)
	if text == "" && !needed {
		return time.Time{}
	}
	t, err := time.Parse(time.DateTime, text)
	if err == nil && (t.Year() < 2000 || t.Year() > 2100) {
		err = errors.New("year is not of this century")
	}
	if err != nil {
		r.errs = append(r.errs, fmt.Errorf("%s %q is not a time as 2018-01-31 23:59:59: %w", name, text, err))
	}
	return t
}

func (r *rowReader) number(name string) float64 {
	text := r.text(name)
	if text == "" {
		return 0
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x < 0 || math.IsInf(x, 0) || math.IsNaN(x) {
		r.errs = append(r.errs, fmt.Errorf("%s %q is not a number of zero or more", name, text))
		return 0
	}
	return x
}
