package twiliotest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's signatures are made with it
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Sign is the X-Twilio-Signature of a call: HMAC-SHA1 over the address and the fields in the order of their names
// (https://www.twilio.com/docs/usage/security#validating-requests).
func Sign(address string, form url.Values) string {
	h := hmac.New(sha1.New, []byte(AuthToken))
	_, _ = io.WriteString(h, address)
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		_, _ = io.WriteString(h, name+form.Get(name))
	}
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// StatusForm is what Twilio posts of a message. errorCode is "" for none.
func StatusForm(m Message, status, errorCode string) url.Values {
	form := url.Values{
		"AccountSid": {AccountSID}, "MessageSid": {m.SID}, "MessageStatus": {status}, "SmsStatus": {status}, "SmsSid": {m.SID},
		"To": {m.To}, "From": {m.From}, "ApiVersion": {"2010-04-01"},
	}
	if m.Service != "" {
		form.Set("MessagingServiceSid", m.Service)
	}
	if errorCode != "" {
		form.Set("ErrorCode", errorCode)
	}
	return form
}

// CallBack tells of a message that its status is one after the other, as given: out of order and twice where asked.
// It gives the statuses that the callbacks were answered with.
func (s *Server) CallBack(m Message, statuses ...string) ([]int, error) {
	answers := make([]int, 0, len(statuses))
	for _, status := range statuses {
		status, errorCode, _ := strings.Cut(status, " ") // "undelivered 30003"
		s.settle(m.SID, status, errorCode)
		answer, err := s.post(m.StatusCallback, StatusForm(m, status, errorCode))
		if err != nil {
			return answers, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}

// InboundForm is what Twilio posts of a text that somebody sent.
func InboundForm(from, to, body string) url.Values {
	form := url.Values{"AccountSid": {AccountSID}, "From": {from}, "Body": {body}, "MessageSid": {"SM" + strings.Repeat("f", 32)}}
	if service.MatchString(to) {
		form.Set("MessagingServiceSid", to)
		form.Set("To", "+15005550006")
	} else {
		form.Set("To", to)
	}
	return form
}

// Text is somebody answering the sender. STOP and START are heeded as Twilio does; the text is posted to address.
func (s *Server) Text(address, from, to, body string) (int, error) {
	s.mu.Lock()
	switch strings.ToUpper(strings.TrimSpace(body)) {
	case "STOP":
		s.optOuts[[2]string{to, from}] = true
	case "START":
		delete(s.optOuts, [2]string{to, from})
	}
	s.mu.Unlock()
	return s.post(address, InboundForm(from, to, body))
}

func (s *Server) post(address string, form url.Values) (int, error) {
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode())) //nolint:noctx // the client has a timeout
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Twilio-Signature", Sign(address, form))
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode, response.Body.Close()
}
