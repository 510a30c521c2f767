package sms

import "waybill/notify"

// code is what an error of Twilio means, in our own words.
type code struct {
	verdict notify.Verdict
	what    string
}

// codes are Twilio's errors that matter to text messages (https://www.twilio.com/docs/api/errors): those from 20000
// come when a message is created, those from 30000 with a status callback.
var codes = map[int]code{
	20003: {notify.Retry, "the login is wrong; check twilio.account_sid and twilio.auth_token"},
	20429: {notify.Retry, "too many requests at once"},
	14107: {notify.Retry, "the sender's rate is exceeded"},
	21211: {notify.Gone, "there is no such phone number"},
	21217: {notify.Gone, "there is no such phone number"},
	21401: {notify.Gone, "there is no such phone number"},
	21408: {notify.Permanent, "the account may not send to this country"},
	21602: {notify.Permanent, "the message has no text"},
	21603: {notify.Permanent, "the message has no sender"},
	21606: {notify.Permanent, "the sender's number cannot send SMS; check twilio.from"},
	21608: {notify.Permanent, "a trial account sends to verified numbers alone"},
	21610: {notify.Gone, "the person answered STOP"},
	21611: {notify.Retry, "the sender's queue is full"},
	21612: {notify.Permanent, "there is no route from the sender to this number"},
	21614: {notify.Gone, "the number is no mobile phone"},
	21617: {notify.Permanent, "the message is too long"},
	21659: {notify.Permanent, "the sender's number is not the account's; check twilio.from"},
	21703: {notify.Permanent, "the messaging service has no number; check twilio.messaging_service_sid"},
	30001: {notify.Retry, "the queue is full"},
	30002: {notify.Permanent, "the account is suspended"},
	30003: {notify.Permanent, "the phone could not be reached"},
	30004: {notify.Permanent, "the phone or its network blocks the message"},
	30005: {notify.Gone, "the phone number is not in use"},
	30006: {notify.Gone, "the number is a landline, or its network cannot be reached"},
	30007: {notify.Permanent, "the network filtered the message"},
	30008: {notify.Permanent, "the network gave no reason"},
	30034: {notify.Permanent, "the sender is not registered with US networks (A2P 10DLC)"},
	30036: {notify.Permanent, "it could not be sent while it was news"},
}
