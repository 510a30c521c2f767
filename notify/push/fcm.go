package push

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"

	"waybill/notify"
)

// FCM is Firebase Cloud Messaging, HTTP v1.
// https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
type FCM struct {
	// Credentials are a service account's key file, as Google's console makes it (JSON).
	Credentials []byte
	// BaseURL is another address than Google's, for tests.
	BaseURL string
	// Client makes the calls; nil is one with a time limit.
	Client *http.Client
}

const (
	fcmAddress = "https://fcm.googleapis.com"
	fcmScope   = "https://www.googleapis.com/auth/firebase.messaging"
	// fcmWithin bounds a call that nobody waits for any more: the sign-in's.
	fcmWithin = 30 * time.Second
	// answerMost bounds what is read of an answer.
	answerMost = 16 << 10
)

// fcm sends to devices by Firebase.
type fcm struct {
	client *http.Client
	tokens oauth2.TokenSource
	// address is where messages are posted.
	address string
	now     func() time.Time
}

func newFCM(o *FCM, now func() time.Time) (*fcm, error) {
	var account struct {
		Project string `json:"project_id"`
	}
	config, err := google.JWTConfigFromJSON(o.Credentials, fcmScope)
	if err != nil || json.Unmarshal(o.Credentials, &account) != nil || account.Project == "" {
		// The parser's error may quote the key.
		return nil, errors.New("fcm.credentials_file is no service account's key; make one in Firebase's console under " +
			"project settings, service accounts")
	}
	f := &fcm{client: o.Client, now: now}
	if f.client == nil {
		f.client = &http.Client{Timeout: fcmWithin}
	}
	base := o.BaseURL
	if base == "" {
		base = fcmAddress
	}
	if f.address, err = url.JoinPath(base, "v1/projects", url.PathEscape(account.Project), "messages:send"); err != nil {
		return nil, fmt.Errorf("the address of FCM: %w", err)
	}
	// The context carries the client alone: tokens outlive every request.
	f.tokens = config.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, f.client))
	return f, nil
}

// fcmMessage is what FCM is given. Values of Data are texts.
type fcmMessage struct {
	Token        string            `json:"token"`
	Notification fcmNotification   `json:"notification"`
	Data         map[string]string `json:"data"`
	Android      fcmAndroid        `json:"android"`
}

type fcmNotification struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

type fcmAndroid struct {
	CollapseKey  string        `json:"collapse_key,omitempty"`
	Priority     string        `json:"priority"`
	TTL          string        `json:"ttl"`
	Notification fcmAndroidTag `json:"notification"`
}

type fcmAndroidTag struct {
	Tag string `json:"tag,omitempty"`
}

func (f *fcm) send(ctx context.Context, address string, e *notify.Envelope, ttl time.Duration) (notify.Receipt, error) {
	body, err := fcmBody(address, e, ttl)
	if err != nil {
		return notify.Receipt{}, err
	}
	token, err := f.token(ctx)
	if err != nil {
		return notify.Receipt{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.address, bytes.NewReader(body))
	if err != nil {
		return notify.Receipt{}, &notify.Failure{Verdict: notify.Permanent, What: "FCM's address cannot be used", Code: "address"}
	}
	request.Header.Set("Content-Type", "application/json")
	token.SetAuthHeader(request)
	response, err := f.client.Do(request)
	if err != nil {
		return notify.Receipt{}, unreached(ctx, "FCM", err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, answerMost))
	switch {
	case response.StatusCode != http.StatusOK:
		return notify.Receipt{}, f.refused(response, answer)
	case err != nil: // it took the message; only its name for it is lost
		return notify.Receipt{}, nil
	}
	var sent struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(answer, &sent) // the same
	return notify.Receipt{ProviderID: sent.Name}, nil
}

func fcmBody(address string, e *notify.Envelope, ttl time.Duration) ([]byte, error) {
	n, err := content(e)
	if err != nil {
		return nil, err
	}
	actions, err := json.Marshal(n.Actions)
	if err != nil {
		return nil, &notify.Failure{Verdict: notify.Permanent, What: "the push's actions cannot be worded", Code: "content"}
	}
	priority := "NORMAL"
	if e.Urgent {
		priority = "HIGH"
	}
	return json.Marshal(map[string]fcmMessage{"message": {
		Token: notify.DeviceTokenOf(address), Notification: fcmNotification{Title: n.Title, Body: n.Body},
		Data: map[string]string{"url": n.URL, "tag": n.Tag, "lang": n.Lang, "actions": string(actions), "message": e.ID},
		Android: fcmAndroid{
			CollapseKey: e.Topic, Priority: priority, TTL: strconv.Itoa(int(ttl/time.Second)) + "s",
			Notification: fcmAndroidTag{Tag: e.Topic},
		},
	}})
}

// token gives an access token, a fresh one where the last has expired. The library's fetching knows no context of the
// caller: it is waited for no longer than the caller wants.
func (f *fcm) token(ctx context.Context) (*oauth2.Token, error) {
	type result struct {
		token *oauth2.Token
		err   error
	}
	done := make(chan result, 1)
	go func() {
		token, err := f.tokens.Token()
		done <- result{token, err}
	}()
	select {
	case <-ctx.Done():
		return nil, unreached(ctx, "Google's sign-in", ctx.Err())
	case got := <-done:
		if refused, ok := errors.AsType[*oauth2.RetrieveError](got.err); ok && !passing(refused.Response.StatusCode) {
			return nil, &notify.Failure{
				Verdict: notify.Permanent, Code: refused.ErrorCode,
				What: fmt.Sprintf("Google refused the service account (%d); check fcm.credentials_file and this server's clock", refused.Response.StatusCode),
			}
		}
		if got.err != nil {
			return nil, unreached(ctx, "Google's sign-in", got.err)
		}
		return got.token, nil
	}
}

// fcmErrors are what FCM's own error codes mean.
// https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
var fcmErrors = map[string]notify.Failure{
	"UNREGISTERED":           {Verdict: notify.Gone, What: "the app was removed from the device"},
	"SENDER_ID_MISMATCH":     {Verdict: notify.Gone, What: "the device's token is of another Firebase project"},
	"INVALID_ARGUMENT":       {Verdict: notify.Permanent, What: "FCM does not take the message or the token"},
	"QUOTA_EXCEEDED":         {Verdict: notify.Retry, What: "FCM's quota is used up"},
	"UNAVAILABLE":            {Verdict: notify.Retry, What: "FCM is overloaded"},
	"INTERNAL":               {Verdict: notify.Retry, What: "FCM failed"},
	"THIRD_PARTY_AUTH_ERROR": {Verdict: notify.Permanent, What: "FCM could not sign in with Apple or the browser's service; check the keys in Firebase's console"},
}

// refused is what an error answer means: its FCM code where it has one, else its status.
func (f *fcm) refused(response *http.Response, answer []byte) *notify.Failure {
	var body struct {
		Error struct {
			Status  string `json:"status"`
			Details []struct {
				ErrorCode string `json:"errorCode"`
			} `json:"details"`
		} `json:"error"`
	}
	_ = json.Unmarshal(answer, &body) // an answer that is none of FCM's says what its status says
	status := response.StatusCode
	failure := notify.Failure{Verdict: notify.Permanent, What: "FCM refused the message", Code: strconv.Itoa(status)}
	code := body.Error.Status
	for _, detail := range body.Error.Details {
		if detail.ErrorCode != "" {
			code = detail.ErrorCode
		}
	}
	known, ok := fcmErrors[code]
	switch {
	case ok:
		failure.Verdict, failure.What, failure.Code = known.Verdict, known.What, code
	case passing(status):
		failure.Verdict = notify.Retry
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		failure.What += "; check that the service account may send messages (cloudmessaging.messages.create)"
	}
	failure.What += fmt.Sprintf(" (%d)", status)
	if failure.Verdict == notify.Retry {
		failure.After = notify.RetryAfter(response.Header, f.now())
	}
	return &failure
}
