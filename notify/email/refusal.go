package email

import (
	"errors"
	"net/textproto"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"waybill/notify"
)

// steps names the step of the dialogue at which a mail was refused.
var steps = map[gomail.SendErrReason]string{
	gomail.ErrSMTPMailFrom:  "the sender",
	gomail.ErrSMTPRcptTo:    "the recipient",
	gomail.ErrSMTPData:      "the mail",
	gomail.ErrSMTPDataClose: "the mail's content",
	gomail.ErrConnCheck:     "the connection",
}

// noMailbox are the enhanced status codes that say that there is nobody under the address (RFC 3463: bad mailbox,
// system, syntax; moved; null MX; disabled).
var noMailbox = map[string]bool{
	"5.1.1": true, "5.1.2": true, "5.1.3": true, "5.1.6": true, "5.1.10": true, "5.2.1": true,
}

// refused fills in what a reply of the server means.
func refused(f *notify.Failure, failed *gomail.SendError) {
	code, enhanced := failed.ErrorCode(), failed.EnhancedStatusCode()
	step, known := steps[failed.Reason]
	if !known {
		step = "the mail"
	}
	f.Code = strconv.Itoa(code)
	if enhanced != "" {
		f.Code += " " + enhanced
	}
	f.What = "the mail server refused " + step + " (" + f.Code + ")"
	switch {
	case code < 500:
		f.Verdict = notify.Retry
	case failed.Reason == gomail.ErrSMTPRcptTo && (noMailbox[enhanced] || enhanced == "" && (code == 550 || code == 551 || code == 553)):
		f.Verdict = notify.Gone
	default:
		f.Verdict = notify.Permanent
	}
}

// loginCode is the server's reply code in an error of setting up a connection, where there is one.
func loginCode(err error) string {
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		return strconv.Itoa(reply.Code)
	}
	// Errors of authentication are not wrapped by the library; their text begins with or holds the code.
	for _, code := range []string{"530", "534", "535", "538", "454", "421"} {
		if err != nil && strings.Contains(err.Error(), code+" ") {
			return code
		}
	}
	return ""
}
