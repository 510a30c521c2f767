package bounce

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	testTopic   = "arn:aws:sns:eu-west-1:123456789012:bounces"
	testSecret  = "a signing key"
	testAddress = "https://sns.eu-west-1.amazonaws.com/"
)

var testNow = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func provider(t *testing.T, name, secret string, d *desk, client *http.Client) *Provider {
	t.Helper()
	p, err := NewProvider(ProviderOptions{
		Name: name, Secret: secret, Domain: "example.com", Desk: d, Keys: testKeys(t), Client: client,
		Now: func() time.Time { return testNow },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPostmark(t *testing.T) {
	token := Token(testKeys(t), testMessage)
	body := func(fields string) []byte {
		return []byte(`{"MessageID":"00000000-0000-0000-0000-000000000000","Metadata":{"waybill":"` + token + `"},` + fields + `}`)
	}
	for _, test := range []struct{ name, fields, want string }{
		{"hard bounce", `"RecordType":"Bounce","Type":"HardBounce","TypeCode":1`, "no mailbox"},
		{"soft bounce", `"RecordType":"Bounce","Type":"SoftBounce","TypeCode":4096`, "failed"},
		{"blocked by the provider", `"RecordType":"Bounce","Type":"Blocked"`, "failed"},
		{"being tried", `"RecordType":"Bounce","Type":"Transient"`, "nothing"},
		{"out of office", `"RecordType":"Bounce","Type":"AutoResponder"`, "nothing"},
		{"spam complaint", `"RecordType":"SpamComplaint","Type":"SpamComplaint"`, "complained"},
		{"delivered", `"RecordType":"Delivery"`, "arrived"},
		{"opened", `"RecordType":"Open"`, "nothing"},
		{"left by their link", `"RecordType":"SubscriptionChange","SuppressSending":true`, "complained"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &desk{}
			p := provider(t, Postmark, testSecret, d, nil)
			if err := p.Take(t.Context(), Request{User: PostmarkUser, Password: testSecret, Body: body(test.fields)}); err != nil {
				t.Fatal(err)
			}
			if got := told(d.last()); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	d := &desk{}
	hard := body(`"RecordType":"Bounce","Type":"HardBounce"`)
	for _, r := range []Request{{Body: hard}, {User: PostmarkUser, Password: "wrong", Body: hard}, {User: "x", Password: testSecret, Body: hard}} {
		if err := provider(t, Postmark, testSecret, d, nil).Take(t.Context(), r); !errors.Is(err, ErrForged) {
			t.Errorf("%q: %v", r.User, err)
		}
	}
	if len(d.told) != 0 {
		t.Errorf("a stranger was believed: %+v", d.told)
	}
}

func TestMailgun(t *testing.T) {
	post := func(t *testing.T, d *desk, at time.Time, key, data string) error {
		t.Helper()
		stamp := strconv.FormatInt(at.Unix(), 10)
		mac := hmac.New(sha256.New, []byte(key))
		_, _ = mac.Write([]byte(stamp + "token"))
		body := fmt.Sprintf(`{"signature":{"timestamp":%q,"token":"token","signature":%q},"event-data":%s}`, stamp, hex.EncodeToString(mac.Sum(nil)), data)
		return provider(t, Mailgun, testSecret, d, nil).Take(t.Context(), Request{Body: []byte(body)})
	}
	mail := `"message":{"headers":{"message-id":"` + testMessage + `@example.com"}}`
	for _, test := range []struct{ name, data, want string }{
		{"no such mailbox", `{"event":"failed","severity":"permanent","reason":"bounce","delivery-status":{"code":550,"enhanced-code":"5.1.1"},` + mail + `}`, "no mailbox"},
		{"no status given", `{"event":"failed","severity":"permanent","reason":"bounce",` + mail + `}`, "no mailbox"},
		{"known as dead", `{"event":"failed","severity":"permanent","reason":"suppress-bounce","delivery-status":{"code":605},` + mail + `}`, "no mailbox"},
		{"the mailbox is full", `{"event":"failed","severity":"permanent","reason":"bounce","delivery-status":{"enhanced-code":"5.2.2"},` + mail + `}`, "failed"},
		{"given up", `{"event":"failed","severity":"permanent","reason":"old",` + mail + `}`, "failed"},
		{"being tried", `{"event":"failed","severity":"temporary",` + mail + `}`, "nothing"},
		{"delivered", `{"event":"delivered",` + mail + `}`, "arrived"},
		{"complained", `{"event":"complained",` + mail + `}`, "complained"},
		{"opened", `{"event":"opened",` + mail + `}`, "nothing"},
		{"somebody else's mail", `{"event":"complained","message":{"headers":{"message-id":"x@example.com"}}}`, "nothing"},
		{"by the variable", `{"event":"complained","user-variables":{"waybill":"` + Token(testKeys(t), testMessage) + `"}}`, "complained"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &desk{}
			if err := post(t, d, testNow, testSecret, test.data); err != nil {
				t.Fatal(err)
			}
			if got := told(d.last()); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	d := &desk{}
	complained := `{"event":"complained",` + mail + `}`
	if err := post(t, d, testNow, "another key", complained); !errors.Is(err, ErrForged) {
		t.Error(err)
	}
	if err := post(t, d, testNow.Add(-time.Hour), testSecret, complained); !errors.Is(err, ErrForged) {
		t.Errorf("an old call played again: %v", err)
	}
	if err := provider(t, Mailgun, testSecret, d, nil).Take(t.Context(), Request{Body: []byte("<html>")}); !errors.Is(err, ErrUnreadable) {
		t.Error(err)
	}
}

// amazon is SNS as far as we call it: it keeps its certificate, and counts confirmations.
type amazon struct {
	key       *rsa.PrivateKey
	pem       []byte
	fetched   int
	confirmed int
}

func newAmazon(t *testing.T) *amazon {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: testNow.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &amazon{key: key, pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

// RoundTrip implements http.RoundTripper.
func (a *amazon) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := func(status int, body []byte) (*http.Response, error) {
		return &http.Response{StatusCode: status, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	}
	switch r.URL.String() {
	case testAddress + "cert.pem":
		a.fetched++
		return answer(http.StatusOK, a.pem)
	case testAddress + "?Action=ConfirmSubscription":
		a.confirmed++
		return answer(http.StatusOK, []byte("<ok/>"))
	}
	return answer(http.StatusNotFound, nil)
}

func (a *amazon) post(t *testing.T, e envelope, version string) []byte {
	t.Helper()
	hash, digest := crypto.SHA256, sha256.Sum256([]byte(e.signed()))
	sum := digest[:]
	if version == "1" {
		old := sha1.Sum([]byte(e.signed()))
		hash, sum = crypto.SHA1, old[:]
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, hash, sum)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]string{
		"Type": e.Type, "MessageId": e.MessageID, "TopicArn": e.TopicARN, "Message": e.Message, "Timestamp": e.Timestamp, "Token": e.Token,
		"SubscribeURL": e.SubscribeURL, "SignatureVersion": version, "Signature": base64.StdEncoding.EncodeToString(signature),
		"SigningCertURL": e.SigningCertURL,
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestSES(t *testing.T) {
	token := Token(testKeys(t), testMessage)
	headers := `"mail":{"messageId":"ses-id","headers":[{"name":"` + Header + `","value":"` + token + `"}]}`
	tags := `"mail":{"messageId":"ses-id","tags":{"waybill":["` + token + `"]}}`
	for _, test := range []struct{ name, message, want string }{
		{"no such mailbox", `{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"ada@example.org","status":"5.1.1"}]},` + headers + `}`, "no mailbox"},
		{"event publishing, by tag", `{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"NoEmail","bouncedRecipients":[{}]},` + tags + `}`, "no mailbox"},
		{"on their list", `{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"Suppressed","bouncedRecipients":[{"status":"5.1.1"}]},` + headers + `}`, "no mailbox"},
		{"the mailbox is full", `{"notificationType":"Bounce","bounce":{"bounceType":"Transient","bounceSubType":"MailboxFull","bouncedRecipients":[{"status":"5.2.2"}]},` + headers + `}`, "failed"},
		{"the content was refused", `{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"ContentRejected","bouncedRecipients":[]},` + headers + `}`, "failed"},
		{"complained", `{"notificationType":"Complaint","complaint":{"complaintFeedbackType":"abuse"},` + headers + `}`, "complained"},
		{"delivered", `{"notificationType":"Delivery",` + headers + `}`, "arrived"},
		{"sent", `{"eventType":"Send",` + tags + `}`, "nothing"},
		{"somebody else's mail", `{"notificationType":"Complaint","mail":{}}`, "nothing"},
	} {
		for _, version := range []string{"1", "2"} {
			t.Run(test.name+" "+version, func(t *testing.T) {
				a, d := newAmazon(t), &desk{}
				p := provider(t, SES, testTopic, d, &http.Client{Transport: a})
				body := a.post(t, envelope{Type: "Notification", MessageID: "1", TopicARN: testTopic, Message: test.message, Timestamp: "x", SigningCertURL: testAddress + "cert.pem"}, version)
				for range 2 {
					if err := p.Take(t.Context(), Request{Body: body}); err != nil {
						t.Fatal(err)
					}
				}
				if got := told(d.last()); got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
				if a.fetched != 1 {
					t.Errorf("the certificate was fetched %d times", a.fetched)
				}
			})
		}
	}
}

func TestTheSubscriptionOfOurTopicIsConfirmedAndNoOther(t *testing.T) {
	a := newAmazon(t)
	p := provider(t, SES, testTopic, &desk{}, &http.Client{Transport: a})
	e := envelope{
		Type: "SubscriptionConfirmation", MessageID: "1", TopicARN: testTopic, Message: "confirm", Timestamp: "x", Token: "t",
		SubscribeURL: testAddress + "?Action=ConfirmSubscription", SigningCertURL: testAddress + "cert.pem",
	}
	if err := p.Take(t.Context(), Request{Body: a.post(t, e, "1")}); err != nil || a.confirmed != 1 {
		t.Errorf("%v, confirmed %d times", err, a.confirmed)
	}
	for name, change := range map[string]func(*envelope){
		"another topic":             func(e *envelope) { e.TopicARN += "x" },
		"a certificate elsewhere":   func(e *envelope) { e.SigningCertURL = "https://sns.eu-west-1.amazonaws.com.evil.example/cert.pem" },
		"a certificate by http":     func(e *envelope) { e.SigningCertURL = "http://sns.eu-west-1.amazonaws.com/cert.pem" },
		"a certificate at metadata": func(e *envelope) { e.SigningCertURL = "https://169.254.169.254/cert.pem" },
		"confirming elsewhere":      func(e *envelope) { e.SubscribeURL = "https://evil.example/" },
	} {
		forged := e
		change(&forged)
		if err := p.Take(t.Context(), Request{Body: a.post(t, forged, "2")}); !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	body := bytes.Replace(a.post(t, e, "2"), []byte(`"confirm"`), []byte(`"changed"`), 1)
	if err := p.Take(t.Context(), Request{Body: body}); !errors.Is(err, ErrForged) {
		t.Errorf("a changed message: %v", err)
	}
	if a.confirmed != 1 {
		t.Errorf("confirmed %d times", a.confirmed)
	}
}

func TestEachProviderIsGivenTheTokenInItsOwnWay(t *testing.T) {
	token := Token(testKeys(t), testMessage)
	for name, header := range map[string]string{"": Header, SES: "X-SES-MESSAGE-TAGS", Mailgun: "X-Mailgun-Variables", Postmark: "X-PM-Metadata-waybill"} {
		headers := Headers(name, testKeys(t), testMessage)
		if headers[Header] != token || !strings.Contains(headers[header], token) {
			t.Errorf("%s: %v", name, headers)
		}
	}
	if _, err := NewProvider(ProviderOptions{Name: "pigeon"}); err == nil {
		t.Error("an unknown provider is taken")
	}
}

func FuzzProviders(f *testing.F) {
	f.Add([]byte(`{"RecordType":"Bounce","Type":"HardBounce","Metadata":{"waybill":"x"}}`))
	f.Add([]byte(`{"event-data":{"event":"failed","severity":"permanent","delivery-status":{"enhanced-code":"5.1.1"}}}`))
	f.Add([]byte(`{"notificationType":"Bounce","mail":{"headers":[{"name":"a","value":"b"}]},"bounce":{"bouncedRecipients":[]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, read := range map[string]func([]byte) (event, error){SES: readSES, Mailgun: readMailgun, Postmark: readPostmark} {
			if e, err := read(body); err == nil && e.code != "" && !enhancedStatus.MatchString(e.code) {
				t.Errorf("%s: the code %q is no status", name, e.code)
			}
		}
	})
}
