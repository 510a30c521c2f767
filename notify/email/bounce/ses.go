package bounce

import "strings"

// readSES reads a notification of Amazon SES, by feedback notification (notificationType) or event publishing (eventType).
// https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
func readSES(payload []byte) (event, error) {
	var p struct {
		NotificationType string `json:"notificationType"`
		EventType        string `json:"eventType"`
		Mail             struct {
			Headers []struct{ Name, Value string } `json:"headers"`
			Tags    map[string][]string            `json:"tags"`
		} `json:"mail"`
		Bounce struct {
			Type       string `json:"bounceType"`
			SubType    string `json:"bounceSubType"`
			Recipients []struct {
				Status string `json:"status"`
			} `json:"bouncedRecipients"`
		} `json:"bounce"`
	}
	if err := unmarshal(payload, &p); err != nil {
		return event{}, err
	}
	var e event
	for _, header := range p.Mail.Headers {
		if strings.EqualFold(header.Name, Header) {
			e.token = header.Value
		}
	}
	if tags := p.Mail.Tags["waybill"]; e.token == "" && len(tags) > 0 {
		e.token = tags[0]
	}
	switch p.NotificationType + p.EventType { // one of them is there
	case "Delivery":
		e.outcome = arrived
	case "Complaint":
		e.outcome = complained
	case "Bounce":
		status := ""
		if len(p.Bounce.Recipients) > 0 {
			status = p.Bounce.Recipients[0].Status
		}
		permanent := p.Bounce.Type == "Permanent"
		e.outcome, e.code = bounceOf(permanent && p.Bounce.SubType != "ContentRejected", status)
		if permanent && (p.Bounce.SubType == "Suppressed" || p.Bounce.SubType == "OnAccountSuppressionList" || p.Bounce.SubType == "NoEmail") {
			e.outcome = noMailbox
		}
	}
	return e, nil
}
