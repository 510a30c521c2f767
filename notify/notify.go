// Package notify decides who is told what about a parcel, when, and on which channel; words it; and sees to it that
// each message is sent once.
//
// Decide turns a change of a shipment's view into messages (rule 10: each once, none stale). A worker stores them under
// their unique ids and hands each that is due to Sender, which looks again whether it is still true, renders it,
// notes its intent, sends it through a Channel and notes the outcome. Desk keeps subscriptions.
package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"waybill/tracker"
)

// MessageID is the key of a message: the same thing to the same person over the same channel has the same id,
// so that the store refuses a second one.
func MessageID(shipment string, moment tracker.Moment, occurrence, subscription string, channel tracker.Channel) string {
	h := sha256.New()
	for _, part := range []string{shipment, string(moment), occurrence, subscription, string(channel)} {
		_, _ = io.WriteString(h, part)
		_, _ = h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
