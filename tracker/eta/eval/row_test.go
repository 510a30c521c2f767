package eval

import (
	"context"
	"strings"
	"testing"
)

const header = "order,purchase_ts,approved_ts,carrier_handoff_ts,delivered_ts,promised_ts,shipping_limit_ts,seller,seller_state,seller_zip3,customer_state,customer_zip3,distance_km,weekday,n_items,weight_g\n"

const goodLine = "a1,2024-01-08 10:00:00,2024-01-08 10:05:00,2024-01-09 18:00:00,2024-01-15 17:30:00,2024-02-01 00:00:00,2024-01-11 10:00:00,s1,SP,012,RJ,223,411.5,2,1,900\n"

func TestRowsAreReadByTheHeadersNames(t *testing.T) {
	var skipped Skipped
	shuffled := "weight_g,order,purchase_ts,carrier_handoff_ts,delivered_ts,promised_ts,shipping_limit_ts,seller,seller_state,seller_zip3,customer_state,customer_zip3,distance_km,n_items,of no use\n" +
		"900,a1,2024-01-08 10:00:00,2024-01-09 18:00:00,2024-01-15 17:30:00,2024-02-01 00:00:00,2024-01-11 10:00:00,s1,SP,012,RJ,223,411.5,1,x\n"
	one, err := readRows(context.Background(), "one.csv", strings.NewReader(header+goodLine), nil, &skipped)
	if err != nil {
		t.Fatal(err)
	}
	two, err := readRows(context.Background(), "two.csv", strings.NewReader(shuffled), nil, &skipped)
	if err != nil {
		t.Fatal(err)
	}
	if len(one) != 1 || len(two) != 1 || one[0] != two[0] {
		t.Fatalf("read %+v and %+v", one, two)
	}
	if r := one[0]; r.From.Area != "012" || r.To.Region != "RJ" || r.DistanceKM != 411.5 || r.Handed.Hour() != 18 {
		t.Errorf("read %+v", r)
	}
}

func TestDamagedLinesAreSkippedByNumber(t *testing.T) {
	tests := map[string]struct{ line, says string }{
		"a word for a time":            {strings.Replace(goodLine, "2024-01-15 17:30:00", "soon", 1), `delivered_ts "soon"`},
		"no delivery":                  {strings.Replace(goodLine, "2024-01-15 17:30:00", "", 1), `delivered_ts ""`},
		"a year long ago":              {strings.Replace(goodLine, "2024-01-15 17:30:00", "1024-01-15 17:30:00", 1), "century"},
		"delivered before hand-over":   {strings.Replace(goodLine, "2024-01-15 17:30:00", "2024-01-09 17:30:00", 1), "not in this order"},
		"a distance below zero":        {strings.Replace(goodLine, "411.5", "-1", 1), `distance_km "-1"`},
		"a weight that is no number":   {strings.Replace(goodLine, ",900", ",NaN", 1), `weight_g "NaN"`},
		"too few fields":               {"a1,2024-01-08 10:00:00\n", "wrong number of fields"},
		"a quote in the midst":         {strings.Replace(goodLine, "s1", `s"1`, 1), `bare "`},
		"several things wrong at once": {strings.Replace(strings.Replace(goodLine, "411.5", "far", 1), ",900", ",heavy", 1), "heavy"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var skipped Skipped
			rows, err := readRows(context.Background(), "file.csv", strings.NewReader(header+goodLine+test.line+goodLine), nil, &skipped)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) != 2 || skipped.Rows != 1 {
				t.Fatalf("%d rows read, %d skipped", len(rows), skipped.Rows)
			}
			said := skipped.First[0].Error()
			if !strings.Contains(said, test.says) || !strings.Contains(said, "3") || !strings.HasPrefix(said, "file.csv") {
				t.Errorf("%q does not say %q of line 3 of file.csv", said, test.says)
			}
		})
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for name, text := range map[string]string{
		"empty":       "",
		"other table": "a,b\n1,2\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := readRows(context.Background(), "f", strings.NewReader(text), nil, &Skipped{}); err == nil {
				t.Error("it was read")
			}
		})
	}
}

func TestManyProblemsAreToldOnce(t *testing.T) {
	var skipped Skipped
	text := header + strings.Repeat("bad\n", 50)
	if _, err := readRows(context.Background(), "f", strings.NewReader(text), nil, &skipped); err != nil {
		t.Fatal(err)
	}
	var told []error
	skipped.tell(func(err error) { told = append(told, err) })
	if len(told) != skippedShown+1 || !strings.Contains(told[skippedShown].Error(), "30 more") {
		t.Errorf("told %d, at last %v", len(told), told[len(told)-1])
	}
}

func FuzzRows(f *testing.F) {
	f.Add(header + goodLine)
	f.Add("order\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		var skipped Skipped
		rows, err := readRows(context.Background(), "f", strings.NewReader(text), nil, &skipped)
		if err != nil {
			return
		}
		for _, row := range rows {
			if row.Handed.Before(row.Purchased) || row.Delivered.Before(row.Handed) {
				t.Fatalf("times out of order: %+v", row)
			}
		}
	})
}
