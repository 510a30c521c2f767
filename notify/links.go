package notify

import (
	"net/url"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// The purposes of link signatures.
const (
	// LinkTrack opens the full view of a shipment: who has the link was sent it.
	LinkTrack = "track"
	// LinkUnsubscribe ends a subscription.
	LinkUnsubscribe = "unsubscribe"
	// LinkUnsubscribeAll has an address told nothing more of any parcel of a seller.
	LinkUnsubscribeAll = "unsubscribe_all"
	// LinkPreferences opens what an address is told of all parcels of a seller.
	LinkPreferences = "preferences"
	// LinkShown says that a device showed a push.
	LinkShown = "shown"
)

// Links makes the links in messages.
type Links struct {
	// Base is under what address the world reaches the pages, without a slash at its end.
	Base string
	Keys *seal.Keys
}

// Track is the tracking page of a shipment. Only for its own recipient does the link open the full view: others who
// subscribed are shown what everybody is.
func (l Links) Track(shipment string, recipient bool) string {
	link := l.Base + "/t/" + url.PathEscape(shipment)
	if recipient {
		link += "?s=" + l.Keys.Sign(LinkTrack, shipment)
	}
	return link
}

// Confirm confirms a subscription.
func (l Links) Confirm(subscription, token string) string {
	return l.Base + "/subscriptions/" + url.PathEscape(subscription) + "/confirm?token=" + url.QueryEscape(token)
}

// SignIn opens all parcels of an address, once.
func (l Links) SignIn(subscription, token string) string {
	return l.Base + "/parcels/enter?id=" + url.QueryEscape(subscription) + "&token=" + url.QueryEscape(token)
}

// Unsubscribe ends a subscription; a POST to it does so at once (RFC 8058), a GET asks.
func (l Links) Unsubscribe(subscription string) string {
	return l.Base + "/subscriptions/" + url.PathEscape(subscription) + "/unsubscribe?s=" + l.Keys.Sign(LinkUnsubscribe, subscription)
}

// UnsubscribeAll has the address of a subscription told nothing more of any parcel of the seller; asked and posted as
// Unsubscribe is.
func (l Links) UnsubscribeAll(subscription string) string {
	return l.Base + "/subscriptions/" + url.PathEscape(subscription) + "/unsubscribe?all=1&s=" + l.Keys.Sign(LinkUnsubscribeAll, subscription)
}

// Preferences is where an address chooses what it is told of all parcels of a seller.
func (l Links) Preferences(subscription string) string {
	return l.Base + "/subscriptions/" + url.PathEscape(subscription) + "/preferences?s=" + l.Keys.Sign(LinkPreferences, subscription)
}

// Shown is where a device says, by a POST, that it showed a push.
func (l Links) Shown(message string) string {
	return l.Base + "/v1/messages/" + url.PathEscape(message) + "/shown?s=" + l.Keys.Sign(LinkShown, message)
}

// SuppressionKey is the key of the record that nothing may be sent to an address. sender is the channel's Sender.
func SuppressionKey(channel tracker.Channel, sender, blind string) string {
	return string(channel) + ":" + sender + ":" + blind
}
