package propose_test

import (
	"strings"
	"testing"

	"waybill/adapters/mapping"
	"waybill/adapters/propose"
	"waybill/tracker"
)

const (
	plainJSON = `{"parcels":[{"trackingNumber":"TP1000000001","eta":{"expectedDelivery":"2026-03-05"},"scans":[
		{"eventCode":"DL","description":"Delivered","dateTime":"2026-03-04T10:00:00+01:00","location":{"city":"Wien","country":"AT"}},
		{"eventCode":"QX","description":"Etwas anderes","dateTime":"2026-03-03T10:00:00+01:00","location":{"city":"Linz","country":"AT"}}]}]}`
	partedJSON = `[{"barcode":"TP1000000002","events":[
		{"code":"10","text":"Parcel picked up","eventDate":"23.11.2026","eventTime":"14:05","depot":"Graz 3"},
		{"code":"30","text":"Parcel delivered","eventDate":"24.11.2026","eventTime":"09:15","depot":"Wien 1"}]}]`
	soap = `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><TrackResponse><Parcel>
		<ParcelNumber>TP1000000003</ParcelNumber><Scan><ScanCode>DL</ScanCode><ScanDescription>Delivered</ScanDescription>
		<ScanTime>20261123 140500</ScanTime><Town>Wien</Town></Scan></Parcel></TrackResponse></soap:Body></soap:Envelope>`
	notFound = `{"errors":[{"errorCode":"404","message":"Parcel not found"}]}`
)

// propose1 makes a mapping of samples and reads the first with it.
func propose1(t *testing.T, bodies ...string) (string, tracker.Reading) {
	t.Helper()
	samples := make([]propose.Sample, len(bodies))
	for i, body := range bodies {
		samples[i] = propose.Sample{Name: "sample", Body: []byte(body)}
	}
	p, err := propose.Mapping("testpost", samples)
	if err != nil {
		t.Fatal(err)
	}
	carrier, err := mapping.Load("testpost", "carrier.yaml", []byte(p.YAML))
	if err != nil {
		t.Fatalf("%v in\n%s", err, p.YAML)
	}
	return p.YAML, readOne(t, carrier, bodies[0])
}

func readOne(t *testing.T, carrier *mapping.Carrier, body string) tracker.Reading {
	t.Helper()
	var tree mapping.Tree
	syntax, err := tree.Decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	format, weight := carrier.Recognise(&tree, syntax)
	if weight == 0 {
		t.Fatal("the sample is not recognised")
	}
	return format.Read(&tree, nil)
}

func TestWhatIsProposedReadsItsSample(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, number, code, text, time, city string
		events                                     int
	}{
		{"a list of parcels in JSON", plainJSON, "TP1000000001", "DL", "Delivered", "2026-03-04T10:00:00+01:00", "Wien", 2},
		{"a list at the root, day and time of day apart", partedJSON, "TP1000000002", "10", "Parcel picked up", "2026-11-23T14:05", "", 2},
		{"one event in SOAP", soap, "TP1000000003", "DL", "Delivered", "2026-11-23T14:05:00", "Wien", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			yaml, reading := propose1(t, test.body)
			if len(reading.Shipments) != 1 || len(reading.Shipments[0].Events) != test.events {
				t.Fatalf("read %+v by\n%s", reading, yaml)
			}
			s := reading.Shipments[0]
			e := s.Events[0]
			if s.Number != test.number || e.Code != test.code || e.Text != test.text || e.Location.City != test.city {
				t.Errorf("read %+v by\n%s", s, yaml)
			}
			if got := e.Time.String(); !strings.HasPrefix(got, test.time) {
				t.Errorf("time %s, want %s", got, test.time)
			}
		})
	}
}

func TestCodesAreListedAndGuessesMarked(t *testing.T) {
	t.Parallel()
	yaml, reading := propose1(t, plainJSON, notFound)
	for _, want := range []string{
		"DL: {status: delivered, text: Delivered} # check:", "QX: {status: none, text: Etwas anderes} # check:",
		"estimates: [{to: eta.expectedDelivery}]", "recognise_error: 'errors[].message'", "code: errorCode, text: message",
	} {
		if !strings.Contains(yaml, want) {
			t.Errorf("%q is not in\n%s", want, yaml)
		}
	}
	if estimate := reading.Shipments[0].Facts.Estimate; estimate.To.LocalText() != "2026-03-05" {
		t.Errorf("estimate %v", estimate)
	}
}

func TestAClearTextGivesAStatusAndADoubtfulOneNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Out for Delivery": "out_for_delivery", "Parcel could not be delivered": "attempt_failed", "DELIVERED": "delivered",
		"Will be delivered tomorrow": "none", "Returned to sender": "returned", "Zugestellt": "none",
	} {
		yaml, _ := propose1(t, strings.Replace(plainJSON, "Etwas anderes", text, 1))
		if !strings.Contains(yaml, "QX: {status: "+want+",") {
			t.Errorf("%s: want %s in\n%s", text, want, yaml)
		}
	}
}

func TestWhatLooksPersonalIsNamedAndNothingIsTakenOut(t *testing.T) {
	t.Parallel()
	body := strings.Replace(plainJSON, `"eta":`, `"recipient":{"fullName":"Ada Beispiel","mail":"ada@example.org"},"signedBy":"A BEISPIEL","eta":`, 1)
	p, err := propose.Mapping("testpost", []propose.Sample{{Name: "one.json", Body: []byte(body)}})
	if err != nil {
		t.Fatal(err)
	}
	told := strings.Join(p.Warnings, "\n")
	for _, want := range []string{"recipient.fullName", "recipient.mail looks like a mail address", "signedBy"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not in\n%s", want, told)
		}
	}
	if strings.Contains(told, "BEISPIEL") || strings.Contains(told, "ada@") {
		t.Errorf("a warning must not repeat what is personal:\n%s", told)
	}
	if !strings.Contains(p.YAML, "signed_by: signedBy") || strings.Contains(p.YAML, "BEISPIEL") {
		t.Errorf("proposed\n%s", p.YAML)
	}
}

func TestSamplesThatGiveNoMappingAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		bodies     []string
	}{
		{"no events", "no sample holds what looks like events", []string{notFound}},
		{"two syntaxes", "a format is of one syntax", []string{plainJSON, soap}},
		{"half a payload", "give a whole payload", []string{plainJSON[:100]}},
		{"no payload", "starts with", []string{"Dear Sirs"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var samples []propose.Sample
			for _, body := range test.bodies {
				samples = append(samples, propose.Sample{Name: "sample.json", Body: []byte(body)})
			}
			if _, err := propose.Mapping("testpost", samples); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// FuzzMapping feeds anything: a mapping that loads, or an error, never a crash.
func FuzzMapping(f *testing.F) {
	for _, seed := range []string{plainJSON, partedJSON, soap, notFound, `[[{"date":"2026-01-01","code":"A"}]]`, `{"a b":{"date":"2026-01-01","text":"x y"}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := propose.Mapping("fuzz", []propose.Sample{{Name: "f", Body: body}})
		if err != nil {
			if strings.Contains(err.Error(), "does not load") {
				t.Error(err)
			}
			return
		}
		if _, err := mapping.Load("fuzz", "carrier.yaml", []byte(p.YAML)); err != nil {
			t.Error(err)
		}
	})
}
