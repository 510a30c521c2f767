package push

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"waybill/notify"
	"waybill/notify/notifytest"
)

const deviceToken = "fXsecret_device:APA91bInventedTokenOfADevice-0123456789"

// firebase is Google's sign-in and FCM in one, as far as their documents tell. It keeps what it took, and checks each
// request as they would.
type firebase struct {
	*httptest.Server

	key  *rsa.PrivateKey
	mu   sync.Mutex
	took []fcmMessage
	// signIns counts the tokens given out; the last one alone is good.
	signIns int
	// answer takes the place of taking a message.
	answer func(w http.ResponseWriter)
	hang   chan struct{}
	// refuseSignIn makes the sign-in answer so.
	refuseSignIn int
}

func newFirebase(t *testing.T) *firebase {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	f := &firebase{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", f.signIn)
	mux.HandleFunc("POST /v1/projects/parcels-test/messages:send", f.take)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

// credentials are the service account's file.
func (f *firebase) credentials(t *testing.T) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(f.key)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "parcels-test", "private_key_id": "k1", "client_email": "push@parcels-test.example",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": f.URL + "/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func (f *firebase) signIn(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuseSignIn != 0 {
		w.WriteHeader(f.refuseSignIn)
		_, _ = io.WriteString(w, `{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`)
		return
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(r.FormValue("assertion"), claims, func(*jwt.Token) (any, error) { return &f.key.PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithAudience(f.URL+"/token"), jwt.WithIssuer("push@parcels-test.example"))
	if err != nil || claims["scope"] != fcmScope || r.FormValue("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	f.signIns++
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"access_token":"secret-access-%d","expires_in":3600,"token_type":"Bearer"}`, f.signIns)
}

func (f *firebase) take(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	hang, answer := f.hang, f.answer
	f.mu.Unlock()
	if hang != nil {
		<-hang
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Header.Get("Authorization") != fmt.Sprintf("Bearer secret-access-%d", f.signIns) {
		fcmError(w, http.StatusUnauthorized, "UNAUTHENTICATED", "")
		return
	}
	if answer != nil {
		answer(w)
		return
	}
	var sent struct {
		Message *fcmMessage `json:"message"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&sent); err != nil || sent.Message == nil || sent.Message.Token != deviceToken {
		fcmError(w, http.StatusBadRequest, "INVALID_ARGUMENT", "INVALID_ARGUMENT")
		return
	}
	f.took = append(f.took, *sent.Message)
	_, _ = fmt.Fprintf(w, `{"name":"projects/parcels-test/messages/%d"}`, len(f.took))
}

// fcmError answers as FCM does: a status, and a code of its own among the details.
func fcmError(w http.ResponseWriter, status int, name, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	details := ""
	if code != "" {
		details = `{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"` + code + `"}`
	}
	_, _ = fmt.Fprintf(w, `{"error":{"code":%d,"message":"the token %s is wrong","status":%q,"details":[%s]}}`, status, deviceToken, name, details)
}

func (f *firebase) set(change func(*firebase)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *firebase) channel(t *testing.T) *Channel {
	t.Helper()
	c, err := New(Options{FCM: &FCM{Credentials: f.credentials(t), BaseURL: f.URL, Client: f.Client()}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// fcmAnswers are all errors that FCM documents, and what must follow.
var fcmAnswers = []struct {
	status     int
	name, code string
	want       notify.Verdict
}{
	{400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", notify.Permanent},
	{401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", notify.Permanent},
	{401, "UNAUTHENTICATED", "", notify.Permanent},
	{403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", notify.Gone},
	{403, "PERMISSION_DENIED", "", notify.Permanent},
	{404, "NOT_FOUND", "UNREGISTERED", notify.Gone},
	{404, "NOT_FOUND", "", notify.Permanent},
	{429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", notify.Retry},
	{500, "INTERNAL", "INTERNAL", notify.Retry},
	{502, "", "", notify.Retry},
	{503, "UNAVAILABLE", "UNAVAILABLE", notify.Retry},
}

func TestFCMPassesTheSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) *notifytest.Rig {
		t.Helper()
		f := newFirebase(t)
		rig := &notifytest.Rig{
			Channel: f.channel(t), To: `{"platform":"fcm","token":"` + deviceToken + `"}`,
			Bad:     []string{`{"platform":"fcm"}`, `{"platform":"fcm","token":"secret_device with spaces in it"}`, `{"platform":"pager","token":"` + deviceToken + `"}`},
			Secrets: []string{"secret", "127.0.0.1", "PRIVATE KEY", "push@parcels"},
			Sent: func() int {
				f.mu.Lock()
				defer f.mu.Unlock()
				return len(f.took)
			},
		}
		fails := func(name string, want notify.Verdict, after time.Duration, answer func(http.ResponseWriter)) {
			rig.Faults = append(rig.Faults, notifytest.Fault{Name: name, Want: want, After: after, Begin: func() func() {
				f.set(func(f *firebase) { f.answer = answer })
				return func() { f.set(func(f *firebase) { f.answer = nil }) }
			}})
		}
		for _, a := range fcmAnswers {
			fails(fmt.Sprintf("%d %s %s", a.status, a.name, a.code), a.want, 0, func(w http.ResponseWriter) { fcmError(w, a.status, a.name, a.code) })
		}
		fails("asked to wait", notify.Retry, time.Minute, func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "60")
			fcmError(w, 429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")
		})
		fails("something else answers", notify.Permanent, 0, func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, "<html>"+deviceToken)
		})
		rig.Faults = append(rig.Faults, notifytest.Fault{Name: "no answer", Want: notify.Retry, Hangs: true, Begin: func() func() {
			hang := make(chan struct{})
			f.set(func(f *firebase) { f.hang = hang })
			return func() {
				f.set(func(f *firebase) { f.hang = nil })
				close(hang)
			}
		}})
		return rig
	})
}

func TestAPhoneIsGivenThePush(t *testing.T) {
	f := newFirebase(t)
	e := notifytest.Envelope(`{"platform":"fcm","token":"` + deviceToken + `"}`)
	e.Content.Push = []byte(`{"title":"Out for delivery","body":"Today by 20:00","url":"https://t.example/WB1","tag":"WB1","lang":"en","actions":[]}`)
	e.Urgent = true
	receipt, err := f.channel(t).Send(t.Context(), e)
	if err != nil || receipt.ProviderID != "projects/parcels-test/messages/1" {
		t.Fatal(receipt, err)
	}
	got := f.took[0]
	if got.Notification != (fcmNotification{Title: "Out for delivery", Body: "Today by 20:00"}) || got.Data["url"] != "https://t.example/WB1" {
		t.Errorf("the phone shows %+v, opens %q", got.Notification, got.Data["url"])
	}
	if a := got.Android; a.Priority != "HIGH" || a.CollapseKey != e.Topic || a.Notification.Tag != e.Topic || (a.TTL != "3600s" && a.TTL != "3599s") {
		t.Errorf("for Android: %+v", a)
	}
}

func TestOneSignInServesManyPushes(t *testing.T) {
	f := newFirebase(t)
	c := f.channel(t)
	for range 5 {
		if _, err := c.Send(t.Context(), notifytest.Envelope(`{"platform":"fcm","token":"`+deviceToken+`"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if f.signIns != 1 {
		t.Errorf("%d sign-ins for 5 pushes", f.signIns)
	}
}

func TestARefusedSignInNamesTheSetting(t *testing.T) {
	f := newFirebase(t)
	for status, want := range map[int]notify.Verdict{400: notify.Permanent, 401: notify.Permanent, 503: notify.Retry} {
		f.set(func(f *firebase) { f.refuseSignIn = status })
		_, err := f.channel(t).Send(t.Context(), notifytest.Envelope(`{"platform":"fcm","token":"`+deviceToken+`"}`))
		if notify.VerdictOf(err) != want || (want == notify.Permanent && !strings.Contains(err.Error(), "fcm.credentials_file")) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestAKeyFileThatIsNoneIsRefusedAtTheStart(t *testing.T) {
	for _, file := range []string{"", "{}", `{"type":"service_account","private_key":"secret"}`, `{"type":"authorized_user"}`} {
		_, err := New(Options{FCM: &FCM{Credentials: []byte(file)}, Now: time.Now})
		if err == nil || !strings.Contains(err.Error(), "fcm.credentials_file") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", file, err)
		}
	}
}
