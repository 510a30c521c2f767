// Package pulltest is a carrier for tests: an API in the manner of FedEx's, which checks token, path, number of numbers
// and rate, and does wrong on demand.
package pulltest

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"waybill/adapters/pull/rule"
)

// The credentials that the carrier takes.
const (
	ID     = "l7-client"
	Secret = "s3cret/of+client"
)

// tokenFor is how long a token holds.
const tokenFor = time.Hour

// Scan is one scan of a parcel, as the carrier knows it.
type Scan struct {
	At   time.Time
	Code string
}

// Parcel is what the carrier knows of a number: its scans, by time. Those later than now are not told yet.
type Parcel struct {
	Scans    []Scan
	Expected time.Time
}

// Told is how many of its scans the carrier tells of at a moment.
func (p *Parcel) Told(now time.Time) int {
	n := 0
	for n < len(p.Scans) && !p.Scans[n].At.After(now) {
		n++
	}
	return n
}

// Carrier is the fake. Its fields are set before it is asked.
type Carrier struct {
	Now   func() time.Time
	Rates []rule.Rate
	// Most is how many numbers it takes at once.
	Most    int
	Parcels map[string]*Parcel
	// Wrong answers in place of the carrier where it gives true; tokens are its own matter.
	Wrong func(w http.ResponseWriter, r *http.Request) bool
	// Told hears of each reply about a number it knows, with the scans told; optional.
	Told func(number string, scans []Scan, now time.Time)

	mu     sync.Mutex
	tokens map[string]time.Time
	recent [][]time.Time
	// tally is what was counted.
	tally Tally
}

// Tally counts what the carrier was asked.
type Tally struct {
	// Tokens and Calls are requests, Numbers what the calls were about.
	Tokens, Calls, Numbers int
	// Over are calls beyond a rate, Bad those with a wrong token, path or body.
	Over, Bad int
	// Spent are the tokens given out, for looking whether they stand anywhere.
	Spent []string
}

// Tally is what was counted so far.
func (c *Carrier) Tally() Tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tally
}

// Revoke makes every token given out invalid.
func (c *Carrier) Revoke() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens = nil
}

// RoundTrip serves a request without a network, so that time may be a test's own.
func (c *Carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	c.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

// ServeHTTP is the API.
func (c *Carrier) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/oauth/token" {
		c.token(w, r)
		return
	}
	if c.Wrong != nil && c.Wrong(w, r) {
		c.mu.Lock()
		c.tally.Calls++
		c.mu.Unlock()
		return
	}
	c.track(w, r)
}

func (c *Carrier) token(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tally.Tokens++
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Method != http.MethodPost || form.Get("grant_type") != "client_credentials" ||
		form.Get("client_id") != ID || form.Get("client_secret") != Secret {
		http.Error(w, `{"errors":[{"code":"NOT.AUTHORIZED.ERROR"}]}`, http.StatusUnauthorized)
		return
	}
	token := "token-" + strconv.Itoa(c.tally.Tokens) + "-" + rand.Text()
	if c.tokens == nil {
		c.tokens = map[string]time.Time{}
	}
	c.tokens[token] = c.Now().Add(tokenFor)
	c.tally.Spent = append(c.tally.Spent, token)
	reply(w, map[string]any{"access_token": token, "token_type": "bearer", "expires_in": int(tokenFor.Seconds())})
}

// question is the body of a call.
type question struct {
	TrackingInfo []struct {
		TrackingNumberInfo struct {
			TrackingNumber string `json:"trackingNumber"`
		} `json:"trackingNumberInfo"`
	} `json:"trackingInfo"`
}

func (c *Carrier) track(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now()
	c.tally.Calls++
	if !now.Before(c.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]) {
		c.tally.Bad++
		http.Error(w, "{}", http.StatusUnauthorized)
		return
	}
	if wait := c.count(now); wait > 0 {
		c.tally.Over++
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		http.Error(w, "{}", http.StatusTooManyRequests)
		return
	}
	var q question
	if r.Method != http.MethodPost || r.URL.Path != "/track/v1/trackingnumbers" || json.NewDecoder(r.Body).Decode(&q) != nil ||
		len(q.TrackingInfo) == 0 || len(q.TrackingInfo) > c.Most {
		c.tally.Bad++
		http.Error(w, "{}", http.StatusNotFound)
		return
	}
	results := make([]any, len(q.TrackingInfo))
	for i, one := range q.TrackingInfo {
		results[i] = c.result(one.TrackingNumberInfo.TrackingNumber, now)
	}
	c.tally.Numbers += len(results)
	reply(w, map[string]any{
		"transactionId": now.Format(time.RFC3339Nano), "output": map[string]any{"completeTrackResults": results},
	})
}

// count counts a call in every window; above 0 it is beyond one.
func (c *Carrier) count(now time.Time) time.Duration {
	if c.recent == nil {
		c.recent = make([][]time.Time, len(c.Rates))
	}
	for i, rate := range c.Rates {
		window, per := c.recent[i], time.Duration(rate.Per)
		for len(window) > 0 && now.Sub(window[0]) >= per {
			window = window[1:]
		}
		c.recent[i] = window
		if len(window) >= rate.Calls {
			return per - now.Sub(window[0])
		}
	}
	for i := range c.Rates {
		c.recent[i] = append(c.recent[i], now)
	}
	return 0
}

func (c *Carrier) result(number string, now time.Time) any {
	parcel := c.Parcels[number]
	about := map[string]any{"trackingNumberInfo": map[string]any{"trackingNumber": number, "carrierCode": "FDXG"}}
	result := map[string]any{"trackingNumber": number, "trackResults": []any{about}}
	var events []any
	var told []Scan
	if parcel != nil {
		told = parcel.Scans[:parcel.Told(now)]
	}
	for _, scan := range told {
		events = append(events, map[string]any{
			"date": scan.At.Format(time.RFC3339), "eventType": scan.Code, "eventDescription": "Scan " + scan.Code, "derivedStatusCode": scan.Code,
		})
	}
	if len(told) == 0 {
		about["error"] = map[string]any{"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "This number is not known."}
		return result
	}
	about["scanEvents"] = events
	if !parcel.Expected.IsZero() {
		about["dateAndTimes"] = []any{map[string]any{"type": "ESTIMATED_DELIVERY", "dateTime": parcel.Expected.Format(time.RFC3339)}}
	}
	if c.Told != nil {
		c.Told(number, told, now)
	}
	return result
}

func reply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(text)
}
