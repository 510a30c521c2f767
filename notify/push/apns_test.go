package push

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"waybill/notify"
	"waybill/notify/notifytest"
)

const appleDevice = "5ec2e7000000000000000000000000000000000000000000000000000000beef"

// apple is APNs as far as its documents tell: HTTP/2, a signed token, headers it checks.
type apple struct {
	*httptest.Server

	key    *ecdsa.PrivateKey
	mu     sync.Mutex
	took   []map[string]any
	header http.Header
	status int
	reason string
	hang   chan struct{}
}

func newApple(t *testing.T) *apple {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &apple{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /3/device/{token}", a.take)
	a.Server = httptest.NewUnstartedServer(mux)
	a.EnableHTTP2 = true
	a.StartTLS()
	t.Cleanup(a.Close)
	return a
}

func (a *apple) p8(t *testing.T) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func (a *apple) channel(t *testing.T) *Channel {
	t.Helper()
	c, err := New(Options{APNs: &APNs{
		Key: a.p8(t), KeyID: "KEYID12345", TeamID: "TEAMID1234", Topic: "com.example.parcels", BaseURL: a.URL, Client: a.Client(),
	}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (a *apple) take(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	hang := a.hang
	a.mu.Unlock()
	if hang != nil {
		<-hang
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if status, reason := a.judge(r, body); status != http.StatusOK {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"reason":%q}`, reason)
		return
	}
	w.Header().Set("Apns-Id", r.Header.Get("Apns-Id"))
}

// judge answers as Apple's table of errors has it.
func (a *apple) judge(r *http.Request, body []byte) (status int, reason string) {
	claims := jwt.MapClaims{}
	token, err := jwt.ParseWithClaims(strings.TrimPrefix(r.Header.Get("Authorization"), "bearer "), claims,
		func(*jwt.Token) (any, error) { return &a.key.PublicKey, nil }, jwt.WithValidMethods([]string{"ES256"}))
	var payload map[string]any
	switch {
	case a.status != 0:
		return a.status, a.reason
	case r.ProtoMajor != 2:
		return http.StatusBadRequest, "not HTTP/2"
	case err != nil || token.Header["kid"] != "KEYID12345" || claims["iss"] != "TEAMID1234":
		return http.StatusForbidden, "InvalidProviderToken"
	case r.Header.Get("Apns-Topic") != "com.example.parcels":
		return http.StatusBadRequest, "TopicDisallowed"
	case r.PathValue("token") != appleDevice:
		return http.StatusBadRequest, "BadDeviceToken"
	case r.Header.Get("Apns-Push-Type") != "alert":
		return http.StatusBadRequest, "InvalidPushType"
	case len(body) > 4096:
		return http.StatusRequestEntityTooLarge, "PayloadTooLarge"
	case json.Unmarshal(body, &payload) != nil:
		return http.StatusBadRequest, "PayloadEmpty"
	}
	a.took, a.header = append(a.took, payload), r.Header
	return http.StatusOK, ""
}

// appleAnswers are all errors that Apple documents, and what must follow.
var appleAnswers = []struct {
	status int
	reason string
	want   notify.Verdict
}{
	{400, "BadCollapseId", notify.Permanent},
	{400, "BadDeviceToken", notify.Gone},
	{400, "BadExpirationDate", notify.Permanent},
	{400, "BadMessageId", notify.Permanent},
	{400, "BadPriority", notify.Permanent},
	{400, "BadTopic", notify.Permanent},
	{400, "DeviceTokenNotForTopic", notify.Gone},
	{400, "DuplicateHeaders", notify.Permanent},
	{400, "IdleTimeout", notify.Retry},
	{400, "InvalidPushType", notify.Permanent},
	{400, "MissingDeviceToken", notify.Permanent},
	{400, "MissingTopic", notify.Permanent},
	{400, "PayloadEmpty", notify.Permanent},
	{400, "TopicDisallowed", notify.Permanent},
	{403, "BadCertificate", notify.Permanent},
	{403, "ExpiredProviderToken", notify.Retry},
	{403, "Forbidden", notify.Permanent},
	{403, "InvalidProviderToken", notify.Permanent},
	{403, "MissingProviderToken", notify.Permanent},
	{404, "BadPath", notify.Permanent},
	{405, "MethodNotAllowed", notify.Permanent},
	{410, "ExpiredToken", notify.Gone},
	{410, "Unregistered", notify.Gone},
	{410, "secret words of somebody else", notify.Gone},
	{413, "PayloadTooLarge", notify.Permanent},
	{429, "TooManyProviderTokenUpdates", notify.Retry},
	{429, "TooManyRequests", notify.Retry},
	{500, "InternalServerError", notify.Retry},
	{503, "ServiceUnavailable", notify.Retry},
	{503, "Shutdown", notify.Retry},
}

func TestAPNsPassesTheSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) *notifytest.Rig {
		t.Helper()
		a := newApple(t)
		rig := &notifytest.Rig{
			Channel: a.channel(t), To: `{"platform":"apns","token":"` + appleDevice + `"}`,
			Bad:     []string{`{"platform":"apns"}`, `{"platform":"apns","token":"5ec2e7/../../x"}`},
			Secrets: []string{"5ec2e7", "127.0.0.1", "PRIVATE KEY", "secret"},
			Sent: func() int {
				a.mu.Lock()
				defer a.mu.Unlock()
				return len(a.took)
			},
		}
		set := func(change func()) {
			a.mu.Lock()
			defer a.mu.Unlock()
			change()
		}
		for _, answer := range appleAnswers {
			rig.Faults = append(rig.Faults, notifytest.Fault{
				Name: fmt.Sprintf("%d %s", answer.status, answer.reason), Want: answer.want, Begin: func() func() {
					set(func() { a.status, a.reason = answer.status, answer.reason })
					return func() { set(func() { a.status = 0 }) }
				},
			})
		}
		rig.Faults = append(rig.Faults, notifytest.Fault{Name: "no answer", Want: notify.Retry, Hangs: true, Begin: func() func() {
			hang := make(chan struct{})
			set(func() { a.hang = hang })
			return func() {
				set(func() { a.hang = nil })
				close(hang)
			}
		}})
		return rig
	})
}

func TestAnIPhoneIsGivenThePush(t *testing.T) {
	a := newApple(t)
	e := notifytest.Envelope(`{"platform":"apns","token":"` + strings.ToUpper(appleDevice) + `"}`)
	e.Content.Push = []byte(`{"title":"Delivered","body":"By Northwind","url":"https://t.example/WB1","tag":"WB1","lang":"en"}`)
	receipt, err := a.channel(t).Send(t.Context(), e)
	if err != nil || receipt.ProviderID != "01234567-89ab-cdef-0123-456789abcdef" {
		t.Fatal(receipt, err)
	}
	aps, _ := a.took[0]["aps"].(map[string]any)
	alert, _ := aps["alert"].(map[string]any)
	if alert["title"] != "Delivered" || alert["body"] != "By Northwind" || aps["thread-id"] != "WB1" || a.took[0]["url"] != "https://t.example/WB1" {
		t.Errorf("the phone is given %v", a.took[0])
	}
	for name, want := range map[string]string{
		"apns-collapse-id": e.Topic, "apns-priority": "5", "apns-expiration": strconv.FormatInt(e.Expires.Unix(), 10),
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestAKeyThatIsNotApplesIsRefusedAtTheStart(t *testing.T) {
	_, err := New(Options{APNs: &APNs{Key: []byte("secret")}, Now: time.Now})
	if err == nil || !strings.Contains(err.Error(), "apns.key_file") || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

func TestADeviceOfAPlatformThatIsNotSetUpIsToldSo(t *testing.T) {
	_, err := newApple(t).channel(t).Send(t.Context(), notifytest.Envelope(`{"platform":"fcm","token":"`+deviceToken+`"}`))
	if notify.VerdictOf(err) != notify.Permanent || !strings.Contains(err.Error(), "fcm") {
		t.Error(err)
	}
}
