package eval

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// write stores rows as a CSV file, packed where the name says so.
func write(t *testing.T, name string, rows []Row) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	var text bytes.Buffer
	text.WriteString(header)
	lines := csv.NewWriter(&text)
	for _, r := range rows {
		at := func(t time.Time) string { return t.Format(time.DateTime) }
		err := lines.Write([]string{
			r.Order, at(r.Purchased), at(r.Purchased), at(r.Handed), at(r.Delivered), at(r.Promised), at(r.Handed), r.Seller,
			r.From.Region, r.From.Area, r.To.Region, r.To.Area, fmt.Sprint(r.DistanceKM), "1", "1", "500",
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	lines.Flush()
	data := text.Bytes()
	if strings.HasSuffix(name, ".gz") {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = packed.Bytes()
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func runJSON(t *testing.T, o Options) Report {
	t.Helper()
	o.JSON = true
	var out bytes.Buffer
	if err := Run(context.Background(), o, &out, nil); err != nil {
		t.Fatal(err)
	}
	var r Report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return r
}

func TestJSONHasTheAgreedKeys(t *testing.T) {
	var out bytes.Buffer
	o := Options{Files: []string{write(t, "rows.csv", invented(300))}, JSON: true}
	if err := Run(context.Background(), o, &out, nil); err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(out.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"rows", "mae_days", "medae_days", "within_1d", "within_2d", "coverage", "width_days", "late_p90"} {
		if _, ok := object[key].(float64); !ok {
			t.Errorf("%s is %v", key, object[key])
		}
	}
	pinball, _ := object["pinball"].(map[string]any)
	for _, key := range []string{"p10", "p50", "p90", "sum"} {
		if _, ok := pinball[key].(float64); !ok {
			t.Errorf("pinball.%s is %v", key, pinball[key])
		}
	}
	if object["rows"] != 300.0 {
		t.Errorf("%v rows", object["rows"])
	}
}

func TestSeveralFilesAreOneStream(t *testing.T) {
	rows := invented(600)
	var odd, even []Row
	for i, r := range rows {
		if i%2 == 0 {
			even = append(even, r)
		} else {
			odd = append(odd, r)
		}
	}
	whole := runJSON(t, Options{Files: []string{write(t, "all.csv.gz", rows)}})
	parts := runJSON(t, Options{Files: []string{write(t, "odd.csv", odd), write(t, "even.csv.gz", even)}})
	if whole.Metrics != parts.Metrics {
		t.Errorf("one file: %+v, two: %+v", whole.Metrics, parts.Metrics)
	}
}

func TestBoundsChooseWhatIsScored(t *testing.T) {
	rows := invented(300)
	file := write(t, "rows.csv", rows)
	count := func(is func(Row) bool) (n int) {
		for _, r := range rows {
			if is(r) {
				n++
			}
		}
		return n
	}
	middle := rows[150].Purchased
	for name, test := range map[string]struct {
		options Options
		want    int
	}{
		"all":               {Options{}, 300},
		"purchased from":    {Options{PurchasedFrom: middle}, 150},
		"from the moment":   {Options{From: middle}, count(func(r Row) bool { return !r.Handed.Before(middle) })},
		"until the moment":  {Options{Until: middle}, count(func(r Row) bool { return r.Handed.Before(middle) })},
		"until at purchase": {Options{Until: middle, At: "purchase"}, 150},
		"nothing":           {Options{From: middle.AddDate(10, 0, 0)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			test.options.Files = []string{file}
			if got := runJSON(t, test.options); got.Rows != test.want {
				t.Errorf("%d rows scored, want %d", got.Rows, test.want)
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	file := write(t, "rows.csv", invented(3))
	for name, test := range map[string]struct {
		options Options
		says    string
	}{
		"no file":      {Options{}, "no file"},
		"other moment": {Options{Files: []string{file}, At: "noon"}, `"noon"`},
		"missing file": {Options{Files: []string{file + "x"}}, "rows.csvx"},
		"not packed":   {Options{Files: []string{write(t, "plain.csv", nil), renamed(t, file)}}, "gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Run(context.Background(), test.options, io.Discard, nil)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v does not say %s", err, test.says)
			}
		})
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if err := Run(stopped, Options{Files: []string{file}}, io.Discard, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func renamed(t *testing.T, file string) string {
	t.Helper()
	if err := os.Rename(write(t, "other.csv", nil), file+".gz"); err != nil {
		t.Fatal(err)
	}
	return file + ".gz"
}

func TestTableProblemsProgressAndPlots(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "plots")
	file := write(t, "rows.csv", invented(400))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, "damaged\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var problems []error
	var steps []int
	progress := func(done, all int) {
		if all != 800 {
			t.Errorf("%d steps in all", all)
		}
		steps = append(steps, done)
	}
	err = Run(context.Background(), Options{
		Files: []string{file}, Plots: folder, Problem: func(err error) { problems = append(problems, err) },
	}, &out, progress)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range append(BaselineNames[:], "model", "400", "1 lines could not be read") {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if len(problems) != 1 || steps[0] != 0 || steps[len(steps)-1] != 800 || !slices.IsSorted(steps) {
		t.Errorf("problems %v, progress %v", problems, steps)
	}
	for _, name := range []string{"reliability", "coverage-by-week", "error-by-week", "error-by-days-ahead"} {
		drawn, err := os.ReadFile(filepath.Join(folder, name+".svg"))
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(drawn, new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if bytes.Contains(drawn, []byte("NaN")) || !bytes.Contains(drawn, []byte("<polyline")) {
			t.Errorf("%s: %s", name, drawn)
		}
	}
	page, err := os.ReadFile(filepath.Join(folder, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(page, []byte("<svg ")); n != 4 || !bytes.Contains(page, []byte("<td>400<td>")) {
		t.Errorf("the page has %d pictures", n)
	}
}

func TestMetricsByHand(t *testing.T) {
	var few tally
	few.add(Window{1, 2, 3}, 2.5)  // half a day late, covered
	few.add(Window{1, 4, 6}, 2)    // two days early, covered
	few.add(Window{2, 3, 4}, 8)    // five days late, after p90
	few.add(Window{5, 6, 7}, 4.75) // before p10
	got := few.metrics()
	want := Metrics{
		Rows: 4, MAE: (0.5 + 2 + 5 + 1.25) / 4, MedAE: (1.25 + 2) / 2, Within1: 0.25, Within2: 0.75,
		Coverage: 0.5, Width: (2 + 5 + 2 + 2) / 4.0, Late: 0.25,
		Pinball: Pinball{
			P10: (0.15 + 0.1 + 0.6 + 0.9*0.25) / 4,
			P50: (0.25 + 1 + 2.5 + 0.625) / 4,
			P90: (0.1*0.5 + 0.1*4 + 0.9*4 + 0.1*2.25) / 4,
		},
	}
	want.Pinball.Sum = want.Pinball.P10 + want.Pinball.P50 + want.Pinball.P90
	for name, pair := range map[string][2]float64{
		"mae": {got.MAE, want.MAE}, "medae": {got.MedAE, want.MedAE}, "within 1": {got.Within1, want.Within1},
		"within 2": {got.Within2, want.Within2}, "coverage": {got.Coverage, want.Coverage}, "width": {got.Width, want.Width},
		"late": {got.Late, want.Late}, "p10": {got.Pinball.P10, want.Pinball.P10}, "p50": {got.Pinball.P50, want.Pinball.P50},
		"p90": {got.Pinball.P90, want.Pinball.P90}, "sum": {got.Pinball.Sum, want.Pinball.Sum},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-12 {
			t.Errorf("%s is %v, by hand %v", name, pair[0], pair[1])
		}
	}
}
