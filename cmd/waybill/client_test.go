package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"waybill/api/view"
)

// shop is what a seller and a carrier of the tests have: keys and accounts of an installation.
type shop struct {
	t *testing.T
	// Base is the server that is spoken to.
	Base string
	// SellerKey is the seller's key, UPSSecret the credential of UPS' account "main".
	SellerKey, UPSSecret string
}

// openShop makes a seller and an account of UPS in an installation, by the command line.
func openShop(t *testing.T, environ []string, base string) *shop {
	t.Helper()
	return &shop{
		t: t, Base: base,
		SellerKey: command(t, environ, "keys", "create", "--tenant", "acme"),
		UPSSecret: command(t, environ, "keys", "account", "create", "ups", "main"),
	}
}

// post posts JSON and gives the answer; it fails the test where the status is not the one wanted.
func (s *shop) post(path string, body any, want int, headers ...string) []byte {
	s.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	status, answer, err := s.try(path, data, headers...)
	if err != nil || status != want {
		s.t.Fatalf("POST %s: status %d, %v, want %d: %s", path, status, err, want, answer)
	}
	return answer
}

// try posts a body and gives what came of it.
func (s *shop) try(path string, body []byte, headers ...string) (status int, answer []byte, err error) {
	request, err := http.NewRequest(http.MethodPost, s.Base+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+s.SellerKey)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{Timeout: patience}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	var buffer bytes.Buffer
	_, err = buffer.ReadFrom(response.Body)
	return response.StatusCode, buffer.Bytes(), err
}

// dayZone is a time zone in which it is about noon: by night messages would wait for the morning.
func dayZone(now time.Time) string {
	east := 12 - now.UTC().Hour()
	return fmt.Sprintf("Etc/GMT%+d", -east) // the sign of these names is that of Greenwich, seen from there
}

// register registers a parcel of UPS and gives its own tracking ID.
func (s *shop) register(number string) (id string) {
	s.t.Helper()
	var answer struct {
		ID string `json:"id"`
	}
	body := s.post("/v1/shipments", map[string]any{
		"carrier": "ups", "tracking_number": number, "order": "1001", "zone": dayZone(time.Now()),
		"recipient": map[string]any{"name": "Ada Engel", "address": map[string]any{"postal_code": "10013", "country": "US"}},
	}, http.StatusCreated)
	if err := json.Unmarshal(body, &answer); err != nil {
		s.t.Fatal(err)
	}
	return answer.ID
}

// subscribe has the recipient told of a shipment.
func (s *shop) subscribe(id, channel, address string) {
	s.t.Helper()
	s.post("/v1/shipments/"+id+"/subscriptions", map[string]any{
		"channel": channel, "address": address, "recipient": true, "locale": "en",
	}, http.StatusCreated)
}

// alert is a Track Alert of UPS in New York.
func alert(number, code, text string, at time.Time) []byte {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	local := at.In(zone)
	body, err := json.Marshal(map[string]any{
		"trackingNumber": number, "localActivityDate": local.Format("20060102"), "localActivityTime": local.Format("150405"),
		"activityLocation": map[string]string{"city": "New York", "stateProvince": "NY", "postalCode": "10013", "country": "US"},
		"activityStatus":   map[string]string{"type": "I", "code": code, "description": text},
	})
	if err != nil {
		panic(err)
	}
	return body
}

// scan posts a scan as UPS does, and wants it taken in.
func (s *shop) scan(number, code, text string, at time.Time) {
	s.t.Helper()
	status, answer, err := s.tryScan(alert(number, code, text, at))
	if err != nil || status != http.StatusAccepted {
		s.t.Fatalf("post a scan: status %d, %v: %s", status, err, answer)
	}
}

func (s *shop) tryScan(body []byte) (status int, answer []byte, err error) {
	return s.try("/v1/carriers/ups/main/events", body, "credential", s.UPSSecret)
}

// track looks a number up; nil where nothing is known of it, or nobody answers.
func (s *shop) track(number string) *view.Tracking {
	s.t.Helper()
	response, err := http.Get(s.Base + "/v1/track/" + number)
	if err != nil {
		return nil
	}
	body := readAll(s.t, response)
	if response.StatusCode != http.StatusOK {
		return nil
	}
	var found view.Tracking
	if err := json.Unmarshal(body, &found); err != nil {
		s.t.Fatalf("%v in %s", err, body)
	}
	return &found
}

// watch follows a number's live stream; the channel ends with the stream.
func (s *shop) watch(number string) <-chan view.Tracking {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.Base+"/v1/track/"+number+"/live", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		s.t.Fatalf("live stream: %s: %s", response.Status, readAll(s.t, response))
	}
	told := make(chan view.Tracking, 100)
	go func() {
		defer close(told)
		defer func() { _ = response.Body.Close() }()
		lines := bufio.NewScanner(response.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var v view.Tracking
			if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok && json.Unmarshal([]byte(data), &v) == nil && v.Number != "" {
				told <- v
			}
		}
	}()
	return told
}

// await reads a live stream until a view has the milestone.
func await(t *testing.T, stream <-chan view.Tracking, milestone string) view.Tracking {
	t.Helper()
	deadline := time.After(patience)
	last := "nothing"
	for {
		select {
		case v, open := <-stream:
			if !open {
				t.Fatalf("the stream ended before %s; last was %s", milestone, last)
			}
			if v.Milestone == milestone {
				return v
			}
			last = v.Milestone
		case <-deadline:
			t.Fatalf("%s did not come within %s; last was %s", milestone, patience, last)
		}
	}
}

// upsNumber makes a number of UPS with a right check digit.
func upsNumber(serial int) string {
	body := fmt.Sprintf("WBT00103%07d", serial)
	sum := 0
	for i, c := range []byte(body) {
		value := int(c - '0')
		if c >= 'A' {
			value = int(c-3) % 10
		}
		sum += value * (1 + i%2)
	}
	return fmt.Sprintf("1Z%s%d", body, (10-sum%10)%10)
}
