package twiliotest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// pageMost is how many messages Twilio puts on a page.
const pageMost = 1000

// list is GET /2010-04-01/Accounts/{sid}/Messages.json: what was taken, the newest first, by To and DateSent.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	after := time.Time{}
	if text := r.FormValue("DateSent>"); text != "" {
		var err error
		if after, err = time.Parse(time.RFC3339, text); err != nil {
			answerFailure(w, &failure{status: http.StatusBadRequest, code: 20001}, "")
			return
		}
	}
	size, err := strconv.Atoi(r.FormValue("PageSize"))
	if err != nil || size < 1 || size > pageMost {
		size = 50
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	page := []map[string]any{}
	for _, m := range slices.Backward(s.messages) {
		to := r.FormValue("To")
		if len(page) == size || to != "" && m.To != to || m.Created.Before(after) {
			continue
		}
		page = append(page, m.resource())
	}
	answer(w, http.StatusOK, map[string]any{"messages": page, "page": 0, "page_size": size, "next_page_uri": nil})
}

// resource is a message as the API shows it.
func (m *Message) resource() map[string]any {
	fields := map[string]any{
		"sid": m.SID, "account_sid": AccountSID, "to": m.To, "from": m.From, "body": m.Body, "messaging_service_sid": m.Service,
		"status": m.Status, "num_segments": strconv.Itoa(m.Segments), "date_created": m.Created.UTC().Format(time.RFC1123Z),
		"date_sent": m.Created.UTC().Format(time.RFC1123Z), "direction": "outbound-api", "error_code": nil,
	}
	if m.ErrorCode != 0 {
		fields["error_code"] = m.ErrorCode
	}
	return fields
}

// settle notes what became of a message, for its list.
func (s *Server) settle(sid, status, errorCode string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.messages {
		if m := &s.messages[i]; m.SID == sid {
			m.Status = status
			m.ErrorCode, _ = strconv.Atoi(errorCode) // "" is none
		}
	}
}

// Become has a message end as a status, as "delivered" or "undelivered 30003", without a callback.
func (s *Server) Become(m Message, status, errorCode string) { s.settle(m.SID, status, errorCode) }

// Swallow takes every message from now on and breaks the connection instead of answering, until mended.
func (s *Server) Swallow() (mend func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.swallows = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.swallows = false
	}
}
