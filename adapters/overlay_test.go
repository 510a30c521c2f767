package adapters

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"waybill/tracker"
)

// ownCarrier is a mapping as an operator may write it.
const ownCarrier = `name: Village Couriers
home: https://example.org
countries: [AT]
webhooks: {verification: token}
dates: [iso]
codes:
  scans: {A: picked_up, Z: delivered}
formats:
  - name: village-v1
    syntax: json
    arrives: webhook
    recognise: [parcelOfTheVillage, scans]
    shipments: .
    shipment: {number: parcelOfTheVillage}
    events: 'scans[]'
    event:
      code: code
      meaning: [{by: code, in: scans}]
      time: at
`

const ownPayload = `{"parcelOfTheVillage":"V1","scans":[{"code":"Z","at":"2026-03-04T10:00:00Z"}]}`

// ownFolder is an operator's folder with files by their names in it.
func ownFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		putOwn(t, dir, name, text)
	}
	return dir
}

func putOwn(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *Registry {
	t.Helper()
	r, err := Open(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// meaning is what the last event of the own payload says.
func meaning(r *Registry, carrier string) string {
	reading := r.Read(&tracker.Receipt{Carrier: carrier, Body: []byte(ownPayload)})
	if len(reading.Shipments) != 1 || len(reading.Shipments[0].Events) != 1 {
		return ""
	}
	return string(reading.Shipments[0].Events[0].Substatus)
}

func TestAnOperatorsFolderAddsACarrier(t *testing.T) {
	t.Parallel()
	r := open(t, ownFolder(t, map[string]string{"village/carrier.yaml": ownCarrier, ".cache/x": "", "README": ""}))
	if got := meaning(r, "village"); got != "delivered" {
		t.Errorf("read as %q", got)
	}
	if carrier, format, ok := r.Recognise([]byte(ownPayload)); !ok || carrier != "village" || format != "village-v1" {
		t.Errorf("recognised as %s, %s", carrier, format)
	}
	if own := r.Own(); len(own) != 1 || own[0] != "village" || r.Carrier("village") == nil || len(r.Refusals()) > 0 {
		t.Errorf("own %v, refused %v", own, r.Refusals())
	}
}

func TestAnOperatorsFolderReplacesABuiltInCarrier(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t, map[string]string{"zoom2u/carrier.yaml": ownCarrier})
	r := open(t, dir)
	if got := meaning(r, "zoom2u"); got != "delivered" {
		t.Errorf("read as %q", got)
	}
	builtIn := registry(t)
	if r.Version("zoom2u") == builtIn.Version("zoom2u") || r.Version("ups") != builtIn.Version("ups") {
		t.Error("the carrier that was replaced has another version, and it alone")
	}
	if err := os.RemoveAll(filepath.Join(dir, "zoom2u")); err != nil {
		t.Fatal(err)
	}
	list, err := r.Reload()
	if err != nil || len(list) != 1 || list[0].Version != builtIn.Version("zoom2u") || meaning(r, "zoom2u") != "" {
		t.Errorf("without its folder the built-in one is back: %+v, %v", list, err)
	}
}

func TestABrokenFolderIsRefusedAndTheOldOneStays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, code, file, text, reason string }{
		{"a mistake in the mapping", "village", "carrier.yaml", strings.Replace(ownCarrier, "home:", "hom:", 1), `village/carrier.yaml:2: unknown key "hom"`},
		{"an example that reads otherwise", "village", "testdata/one.expected.json", "{}", "reads otherwise: line 1"},
		{"a house of which nobody knows", "village", "carrier.yaml", "also_reads: [nobody]\n" + ownCarrier, `also_reads names "nobody"`},
		{"a format of another carrier", "village", "carrier.yaml", strings.Replace(ownCarrier, "village-v1", "ups-track-v1", 1), `one of carrier "ups"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := ownFolder(t, map[string]string{"village/carrier.yaml": ownCarrier, "other/carrier.yaml": strings.NewReplacer("village-v1", "other-v1", "parcelOfTheVillage", "other").Replace(ownCarrier)})
			r := open(t, dir)
			version := r.Version("village")
			putOwn(t, dir, "village/testdata/one.json", ownPayload)
			putOwn(t, dir, test.code+"/"+test.file, test.text)
			list, err := r.Reload()
			if err != nil || len(list) != 1 || !strings.Contains(list[0].Refused, test.reason) {
				t.Fatalf("%+v, %v, want %q", list, err, test.reason)
			}
			refusals := r.Refusals()
			if len(refusals) != 1 || refusals[0].InForce != "previous" || meaning(r, "village") != "delivered" || r.Version("village") != version {
				t.Errorf("the old one must stay: %+v", refusals)
			}
			if r.Carrier("other") == nil {
				t.Error("a broken carrier must cost no other")
			}
			if list, err := r.Reload(); err != nil || len(list) > 0 {
				t.Errorf("told again: %+v, %v", list, err)
			}
		})
	}
}

func TestCodesThatClashAreRefused(t *testing.T) {
	t.Parallel()
	r := open(t, ownFolder(t, map[string]string{
		"fleet/carrier.yaml": ownCarrier, "x12_214/carrier.yaml": ownCarrier, "No Code/carrier.yaml": ownCarrier, "empty/README": "",
		"ups/carrier.yaml": "name: broken",
	}))
	reasons := map[string]string{"fleet": "in-house fleet", "x12_214": "industry's format", "No Code": "is no code", "empty": "read the mapping", "ups": "name, home"}
	for _, refusal := range r.Refusals() {
		if want := reasons[refusal.Carrier]; !strings.Contains(refusal.Reason, want) || want == "" {
			t.Errorf("%s: %s, want %q", refusal.Carrier, refusal.Reason, want)
		}
		delete(reasons, refusal.Carrier)
	}
	if len(reasons) > 0 || len(r.Own()) > 0 {
		t.Errorf("not refused: %v", reasons)
	}
	if r.Version("ups") != registry(t).Version("ups") {
		t.Error("a broken folder at the start must leave the built-in one")
	}
	if _, err := Open(Options{Dir: filepath.Join(t.TempDir(), "nothing")}); err == nil {
		t.Error("a folder that is not there must be told")
	}
}

func TestAChangeIsTakenWhenItHasComeToRest(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t, nil)
	r := open(t, dir)
	look := func(when string, want int) []Change {
		t.Helper()
		list, err := r.look()
		if err != nil || len(list) != want {
			t.Errorf("%s: %+v, %v", when, list, err)
		}
		return list
	}
	look("nothing is there", 0)
	putOwn(t, dir, "village/carrier.yaml", "half of it")
	look("seen for the first time", 0)
	putOwn(t, dir, "village/carrier.yaml", ownCarrier)
	look("it has changed again", 0)
	if list := look("it has come to rest", 1); len(list) == 1 && (list[0].Carrier != "village" || list[0].Refused != "" || list[0].Version == "") {
		t.Errorf("what was half written must not be taken: %+v", list)
	}
	look("it stays as it is", 0)
}

func TestAFolderIsWatched(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t, nil)
	r := open(t, dir)
	putOwn(t, dir, "village/carrier.yaml", ownCarrier)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		told, done := make(chan []Change, 10), make(chan error)
		go func() {
			done <- r.Watch(ctx, time.Second, func(list []Change, err error) {
				if err != nil {
					t.Error(err)
				}
				told <- list
			})
		}()
		if list := <-told; len(list) != 1 || list[0].Carrier != "village" || list[0].Refused != "" {
			t.Errorf("%+v", list)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestReadersGoOnWhileCarriersChange(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t, map[string]string{"village/carrier.yaml": ownCarrier})
	r := open(t, dir)
	other := strings.Replace(ownCarrier, "Z: delivered", "Z: refused", 1)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got := meaning(r, "village"); got != "delivered" && got != "refused" {
					t.Errorf("read as %q", got)
					return
				}
				r.Version("village")
				r.Codes()
				r.Refusals()
			}
		})
	}
	for i := range 20 {
		text := ownCarrier
		if i%2 == 0 {
			text = other
		}
		putOwn(t, dir, "village/carrier.yaml", text)
		if list, err := r.Reload(); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
	}
	close(stop)
	readers.Wait()
}
