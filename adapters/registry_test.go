package adapters

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"waybill/tracker"
)

func TestAPayloadIsReadAsItsCarrierAndHouse(t *testing.T) {
	r := registry(t)
	xml := []byte(`<data name="piece-shipment-list" code="100" error="No data found" request-id="r"/>`)
	if got := r.Read(&tracker.Receipt{Carrier: "dhl", Body: xml}); got.Carrier != "dhl_parcel_de" || len(got.Errors) != 1 {
		t.Errorf("DHL's accounts may bring what its divisions write: %+v", got)
	}
	got := r.Read(&tracker.Receipt{Carrier: "ups", Body: xml})
	if len(got.Faults) == 0 || len(got.Shipments)+len(got.Errors) > 0 || got.Carrier != "ups" {
		t.Errorf("UPS' accounts may not: %+v", got)
	}
	got = r.Read(&tracker.Receipt{Carrier: "nobody", Body: xml})
	if len(got.Faults) != 1 || !strings.Contains(got.Faults[0].What, "nobody") {
		t.Errorf("%+v", got)
	}
}

func TestAnAnswerThatListsNothingIsOfItsFormat(t *testing.T) {
	r := registry(t)
	for carrier, body := range map[string]string{
		"ups": `{"trackResponse":{"shipment":[]}}`, "fedex": `{"output":{"completeTrackResults":[]}}`,
		"usps": `<TrackResponse><TrackInfo ID="9400100000000000000017"/></TrackResponse>`,
	} {
		if got := r.Read(&tracker.Receipt{Carrier: carrier, Body: []byte(body)}); got.Format == "" || len(got.Faults) > 0 {
			t.Errorf("%s: %+v", carrier, got)
		}
	}
}

func TestScansOfTheFleetGoToTheFleetsReader(t *testing.T) {
	r := registry(t)
	scan := []byte(`{"code":"WB1","action":"arrived","at":"2026-11-23T14:05:00Z"}`)
	if got := r.Read(&tracker.Receipt{Carrier: tracker.FleetCarrier, Body: scan}); len(got.Shipments) != 1 {
		t.Errorf("%+v", got)
	}
	if got := r.ReadDocument("scan.json", "", scan); got.Carrier != tracker.FleetCarrier || len(got.Shipments) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestVersionsNameTheMapping(t *testing.T) {
	r := registry(t)
	seen := map[string]bool{}
	for _, code := range append(r.Codes(), tracker.FleetCarrier) {
		if v := r.Version(code); v == "" || seen[v] {
			t.Errorf("carrier %s has version %q", code, v)
		} else {
			seen[v] = true
		}
	}
	if r.Version("nobody") != "" {
		t.Error("a carrier that is not known has no version")
	}
}

func TestTheCarriersOwnPage(t *testing.T) {
	r := registry(t)
	if got := r.TrackingURL(tracker.LegKey{Carrier: "ups", Number: "1Z1"}); got != "https://www.ups.com/track?tracknum=1Z1" {
		t.Error(got)
	}
	if got := r.TrackingURL(tracker.LegKey{Carrier: "fleet", Number: "1"}); got != "" {
		t.Error(got)
	}
}

func TestADocumentIsTheJSONThatIsPromised(t *testing.T) {
	d := registry(t).ReadDocument("alert.json", "ups", []byte(`{"trackingNumber":"1Z9999990399999991",
		"localActivityDate":"20240423","localActivityTime":"095004","activityLocation":{"city":"Charlotte","stateProvince":"NC","country":"US"},
		"activityStatus":{"type":"D","code":"FS","description":"Delivered"},"gmtActivityDate":"20240423","gmtActivityTime":"135004"}`))
	got, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"file":"alert.json","carrier":"ups","format":"ups-track-alert","shipments":[{"tracking_number":"1Z9999990399999991",` +
		`"milestone":"delivered","substatus":"delivered","estimated_delivery":null,"events":[{"occurred_at":"2024-04-23T09:50:04-04:00",` +
		`"local_time":"2024-04-23T09:50:04","zone":"America/New_York","zone_source":"payload","code":"FS","text":"Delivered",` +
		`"milestone":"delivered","substatus":"delivered","location":{"city":"Charlotte","state":"NC","country":"US","lat":35.23,"lon":-80.84}}]}],` +
		`"errors":[],"unknown_codes":[]}`
	if string(got) != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

func TestExplainNamesRuleAndPlace(t *testing.T) {
	r := registry(t)
	got := r.Explain("", []byte(`{"trackingNumber":"1Z9999990399999991","activityStatus":{"code":"OT"},"localActivityDate":"20240423"}`))
	if got.Carrier != "ups" || got.Version == "" {
		t.Errorf("%+v", got)
	}
	found := false
	for _, line := range got.Facts {
		found = found || line.Field == "event.code" && line.Rule == "activityStatus.code" && line.Line > 0 && line.Value == "OT"
	}
	if !found {
		t.Errorf("%+v", got.Facts)
	}
	if got := r.Explain("ups", []byte(`{`)); len(got.Faults) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestABrokenCarrierIsRefusedWithItsFile(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"a mistake in the mapping", "name: X\nhom: y\n", `carriers/x/carrier.yaml:2: unknown key "hom"`},
		{"a house of which nobody knows", "name: X\nhome: y\ncountries: [worldwide]\nwebhooks: {verification: none}\nalso_reads: [z]\n", `also_reads names "z"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := fstest.MapFS{"carriers/x/carrier.yaml": {Data: []byte(test.file)}}
			if _, err := load(files, []string{"x"}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
	if _, err := load(fstest.MapFS{}, []string{"x"}); err == nil {
		t.Error("a folder that is missing must be an error")
	}
}

func TestTheGuidesExampleIsAMapping(t *testing.T) {
	guide, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(guide), "```yaml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the guide shows no carrier.yaml")
	}
	files := fstest.MapFS{"carriers/testpost/carrier.yaml": {Data: []byte(example)}}
	r, err := load(files, []string{"testpost"})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Read(&tracker.Receipt{Carrier: "testpost", Body: []byte(`{"parcels":[{"id":"T1","scans":[
		{"code":"NA","reason":"2","date":"23.11.2026","time":"14:05","place":{"city":"Wien","country":"AT"}}]}]}`)})
	if len(got.Shipments) != 1 || len(got.Shipments[0].Events) != 1 {
		t.Fatalf("%+v", got)
	}
	e := got.Shipments[0].Events[0]
	if e.Substatus != "refused" || e.Time.String() != "2026-11-23T14:05:00+01:00" || e.Time.Zone != "Europe/Vienna" {
		t.Errorf("%+v", e)
	}
}

func TestManyReadAtOnce(t *testing.T) {
	r := registry(t)
	everyExample(t, r, func(t *testing.T, carrier, _ string, body []byte) {
		want := read(r, carrier, body)
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for range 5 {
					if got := read(r, carrier, body); !reflect.DeepEqual(got, want) {
						t.Errorf("read %+v, want %+v", got, want)
					}
				}
			})
		}
		readers.Wait()
	})
}
