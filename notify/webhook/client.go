package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"waybill/notify"
	"waybill/tracker/dial"
)

const (
	// attemptWithin is how long an endpoint may take to answer.
	attemptWithin = 15 * time.Second
	// bodyKept is how much of a response is kept, and shown to the seller; bodyRead how much is read, so that the
	// connection can be used again.
	bodyKept, bodyRead = 1 << 10, 16 << 10
)

// NewHTTPClient makes the client for endpoints: it reaches public addresses alone unless private ones are allowed, uses no
// proxy, follows no redirects, and reads a bounded response.
func NewHTTPClient(allowPrivate bool) *http.Client {
	return dial.NewClient(dial.Options{AllowPrivate: allowPrivate, Timeout: attemptWithin, MaxResponse: bodyRead})
}

// Request is what is posted to an endpoint.
type Request struct {
	URL    string
	Header http.Header
	Body   []byte
}

// Answer is what an endpoint answered; its zero value is no answer.
type Answer struct {
	Status int
	// Body is the beginning of the response, as text.
	Body string
}

// Poster makes one attempt. Client is one.
type Poster interface {
	// Post posts and waits for the answer. Whatever is no success is a *notify.Failure, whose text holds neither the
	// address nor a secret: Gone where the endpoint says that it is, Permanent for a request that can never be made, else
	// Retry.
	Post(ctx context.Context, r Request) (Answer, error)
}

// Client posts over HTTP.
type Client struct {
	http *http.Client
	now  func() time.Time
}

// NewClient makes a Client.
func NewClient(client *http.Client, now func() time.Time) *Client {
	return &Client{http: client, now: now}
}

// Post implements Poster.
func (c *Client) Post(ctx context.Context, r Request) (Answer, error) {
	if len(r.Body) >= maxBody {
		what := fmt.Sprintf("the payload has %d bytes, more than endpoints take", len(r.Body))
		return Answer{}, &notify.Failure{Verdict: notify.Permanent, Code: "size", What: what}
	}
	within, cancel := context.WithTimeout(ctx, attemptWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(within, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil || request.URL.Host == "" {
		return Answer{}, &notify.Failure{Verdict: notify.Permanent, Code: "address", What: "the endpoint's address cannot be used"}
	}
	request.Header = r.Header
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{}, unreached(ctx, within, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer := Answer{Status: response.StatusCode, Body: beginning(response.Body)}
	return answer, c.verdict(response)
}

// beginning reads the response as far as it comes, and keeps its beginning as text that any store and page takes.
func beginning(body io.Reader) string {
	kept := make([]byte, bodyKept)
	n, _ := io.ReadFull(body, kept) // what breaks off is kept as far as it came: the status has been said
	_, _ = io.Copy(io.Discard, body)
	text := strings.ToValidUTF8(string(kept[:n]), "�")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// verdict is what a status means: 2xx alone is success, redirects are none.
func (c *Client) verdict(response *http.Response) error {
	status := response.StatusCode
	f := &notify.Failure{Verdict: notify.Retry, Code: strconv.Itoa(status), What: fmt.Sprintf("the endpoint answered %d", status)}
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusGone:
		f.Verdict, f.What = notify.Gone, "the endpoint answered 410: it wants nothing any more"
	case status >= 300 && status < 400:
		f.What += ": redirects are not followed; change the endpoint's address"
	default:
		f.After = notify.RetryAfter(response.Header, c.now())
	}
	return f
}

// unreached is what no answer means. The error's own text holds the address.
func unreached(ctx, within context.Context, err error) error {
	f := &notify.Failure{Verdict: notify.Retry, Code: "unreached", What: "the endpoint could not be reached"}
	timeout, isTimeout := errors.AsType[interface {
		error
		Timeout() bool
	}](err)
	switch {
	case errors.Is(err, dial.ErrForbidden):
		f.Code, f.What = "forbidden", "the endpoint's address is not on the public internet"
	case ctx.Err() != nil:
		f.Code, f.What, f.Cause = "stopped", "the attempt was stopped", ctx.Err()
	case within.Err() != nil, isTimeout && timeout.Timeout():
		f.Code, f.What = "timeout", fmt.Sprintf("the endpoint did not answer within %s", attemptWithin)
	case isTLS(err):
		f.Code, f.What = "tls", "the endpoint's certificate cannot be trusted, or it does not speak TLS"
	}
	return f
}
