package bounce

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"strings"
)

// report is a mail that a mail server sent about another.
type report struct {
	outcome outcome
	code    string
	// token is that of the quoted mail; "" where none is quoted.
	token string
}

// partMost bounds what is read of a part: the fields that count stand at its beginning.
const partMost = 64 << 10

// readReport reads a delivery status notification (RFC 3464) or a feedback report (RFC 5965). Other mails are nothing:
// replies of people and machines come to the return path too.
func readReport(raw io.Reader) (report, error) {
	m, err := mail.ReadMessage(bufio.NewReader(raw))
	if err != nil {
		return report{}, fmt.Errorf("read a mail to the return path: %w", err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" {
		return report{}, nil //nolint:nilerr // a mail of another kind says nothing
	}
	var r report
	parts := multipart.NewReader(m.Body, params["boundary"])
	const most = 10
	for range most {
		part, err := parts.NextPart()
		if ended(err) {
			break
		}
		if err != nil {
			return r, fmt.Errorf("read a report: %w", err)
		}
		if err := r.read(part); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (r *report) read(part *multipart.Part) error {
	kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil {
		return nil //nolint:nilerr // a part of no kind says nothing
	}
	switch kind {
	case "message/delivery-status", "message/global-delivery-status":
		return r.readStatus(body(part))
	case "message/feedback-report":
		fields, err := fieldsOf(body(part))
		if err != nil {
			return err
		}
		if strings.EqualFold(fields.Get("Feedback-Type"), "abuse") {
			r.outcome = complained
		}
	case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
		fields, err := fieldsOf(body(part))
		if err != nil {
			return err
		}
		r.token = fields.Get(Header)
	}
	return nil
}

// readStatus reads the groups of fields of a notification: one of the mail, then one of each recipient. Our mails have one.
func (r *report) readStatus(status io.Reader) error {
	fields := textproto.NewReader(bufio.NewReader(status))
	for {
		group, err := fields.ReadMIMEHeader()
		if action := strings.ToLower(strings.TrimSpace(group.Get("Action"))); action != "" {
			r.take(action, group.Get("Status"))
		}
		if ended(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the fields of a delivery status: %w", err)
		}
	}
}

func (r *report) take(action, status string) {
	status, _, _ = strings.Cut(strings.TrimSpace(status), " ") // a comment may follow
	if !enhancedStatus.MatchString(status) {
		status = ""
	}
	switch action {
	case "failed":
		r.outcome, r.code = failed(status), status
	case "delivered":
		r.outcome, r.code = arrived, status
	default: // delayed; relayed and expanded say nothing of the arrival
	}
}

// fieldsOf reads the header fields that a part begins with.
func fieldsOf(part io.Reader) (textproto.MIMEHeader, error) {
	fields, err := textproto.NewReader(bufio.NewReader(part)).ReadMIMEHeader()
	if err != nil && !ended(err) {
		return nil, fmt.Errorf("read the fields of a report's part: %w", err)
	}
	return fields, nil
}

// ended reports whether there is no more: mail servers cut long mails off.
func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// body is a part's content. multipart undoes quoted-printable, but not base64. What was cut off ends like a field does.
func body(part *multipart.Part) io.Reader {
	var content io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
		content = base64.NewDecoder(base64.StdEncoding, part)
	}
	return io.MultiReader(io.LimitReader(content, partMost), bytes.NewReader([]byte("\r\n\r\n")))
}
