package push

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/sideshow/apns2"
	"github.com/sideshow/apns2/payload"
	"github.com/sideshow/apns2/token"

	"waybill/notify"
)

// APNs is Apple's push service, with token-based sign-in.
// https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
type APNs struct {
	// Key is the .p8 file of Apple's console, KeyID and TeamID what the console calls them.
	Key           []byte
	KeyID, TeamID string
	// Topic is the app's bundle id.
	Topic string
	// Sandbox speaks to Apple's service for apps under development.
	Sandbox bool
	// BaseURL is another address than Apple's, Client another client, both for tests.
	BaseURL string
	Client  *http.Client
}

// apns sends to Apple's devices.
type apns struct {
	client *apns2.Client
	topic  string
}

func newAPNs(o *APNs) (*apns, error) {
	key, err := appleKey(o.Key)
	if err != nil {
		return nil, err
	}
	client := apns2.NewTokenClient(&token.Token{AuthKey: key, KeyID: o.KeyID, TeamID: o.TeamID})
	client.Host = apns2.HostProduction
	if o.Sandbox {
		client.Host = apns2.HostDevelopment
	}
	if o.BaseURL != "" {
		client.Host = o.BaseURL
	}
	if o.Client != nil {
		client.HTTPClient = o.Client
	}
	return &apns{client: client, topic: o.Topic}, nil
}

func appleKey(p8 []byte) (*ecdsa.PrivateKey, error) {
	key, err := token.AuthKeyFromBytes(p8)
	if err != nil {
		return nil, errors.New("apns.key_file is no key of Apple's (.p8); make one in Apple's developer console under keys")
	}
	return key, nil
}

func (a *apns) send(ctx context.Context, address string, e *notify.Envelope, ttl time.Duration) (notify.Receipt, error) {
	n, err := content(e)
	if err != nil {
		return notify.Receipt{}, err
	}
	notification := &apns2.Notification{
		ApnsID: uuidOf(e.ID), CollapseID: e.Topic, DeviceToken: notify.DeviceTokenOf(address), Topic: a.topic,
		PushType: apns2.PushTypeAlert, Priority: apns2.PriorityLow,
		Payload: payload.NewPayload().AlertTitle(n.Title).AlertBody(n.Body).ThreadID(n.Tag).Sound("default").
			Custom("url", n.URL).Custom("lang", n.Lang).Custom("message", e.ID),
	}
	if ttl > 0 {
		notification.Expiration = e.Expires
	}
	if e.Urgent {
		notification.Priority = apns2.PriorityHigh
	}
	response, err := a.client.PushWithContext(ctx, notification)
	if err != nil {
		return notify.Receipt{}, unreached(ctx, "APNs", err)
	}
	if response.StatusCode == http.StatusOK {
		return notify.Receipt{ProviderID: response.ApnsID}, nil
	}
	return notify.Receipt{}, refusedByApple(response)
}

// uuidOf writes a message's id, 32 hexadecimal digits, as the UUID that Apple takes; "" has Apple choose one.
func uuidOf(id string) string {
	if len(id) != 32 {
		return ""
	}
	return fmt.Sprintf("%s-%s-%s-%s-%s", id[:8], id[8:12], id[12:16], id[16:20], id[20:])
}

// appleReasons are those from which more follows than from the status.
// https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
var appleReasons = map[string]notify.Failure{
	apns2.ReasonBadDeviceToken:         {Verdict: notify.Gone, What: "the device's token is none, or of the other environment (apns.sandbox)"},
	apns2.ReasonDeviceTokenNotForTopic: {Verdict: notify.Gone, What: "the device's token is of another app than apns.topic"},
	apns2.ReasonUnregistered:           {Verdict: notify.Gone, What: "the app was removed from the device"},
	apns2.ReasonExpiredToken:           {Verdict: notify.Gone, What: "the device's token has expired"},
	apns2.ReasonPayloadTooLarge:        {Verdict: notify.Permanent, What: "the push has more than 4096 bytes"},
	// A token is made anew every 50 minutes; the next attempt has a fresh one.
	apns2.ReasonExpiredProviderToken:        {Verdict: notify.Retry, What: "APNs takes our token for expired; check this server's clock"},
	apns2.ReasonTooManyProviderTokenUpdates: {Verdict: notify.Retry, What: "APNs was given too many tokens"},
	apns2.ReasonIdleTimeout:                 {Verdict: notify.Retry, What: "APNs closed an idle connection"},
	apns2.ReasonInvalidProviderToken:        {Verdict: notify.Permanent, What: "APNs refused our token; check apns.key_file, apns.key_id and apns.team_id"},
	apns2.ReasonTopicDisallowed:             {Verdict: notify.Permanent, What: "the key may not push to apns.topic"},
	apns2.ReasonBadTopic:                    {Verdict: notify.Permanent, What: "apns.topic is no bundle id"},
}

func refusedByApple(response *apns2.Response) *notify.Failure {
	failure := notify.Failure{Verdict: notify.Permanent, What: "APNs refused the message"}
	known, ok := appleReasons[response.Reason]
	switch {
	case ok:
		failure = known
	case response.StatusCode == http.StatusGone:
		failure = appleReasons[apns2.ReasonUnregistered]
	case passing(response.StatusCode):
		failure.Verdict, failure.What = notify.Retry, "APNs is overloaded or failed"
	}
	failure.Code = strconv.Itoa(response.StatusCode)
	if isWord(response.Reason) {
		failure.Code = response.Reason
	}
	failure.What += fmt.Sprintf(" (%d)", response.StatusCode)
	return &failure
}

// isWord keeps whatever else somebody may answer in place of Apple's reason out of logs and metrics.
func isWord(reason string) bool {
	if reason == "" || len(reason) > 40 {
		return false
	}
	for _, r := range reason {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}
