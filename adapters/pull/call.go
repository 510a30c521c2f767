package pull

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"waybill/adapters/pull/rule"
	"waybill/tracker/dial"
)

// answer is a carrier's answer as it came.
type answer struct {
	status      int
	header      http.Header
	contentType string
	body        []byte
}

// pauseAfter is how long an account rests that was called too often, where the carrier does not say.
const pauseAfter = time.Minute

// call makes the call, with a fresh token where the one at hand is refused.
func (a *Asker) call(ctx context.Context, account *Account, r *rule.Rule, numbers []string) (*answer, error) {
	for try := 0; ; try++ {
		bearer, err := a.bearer(ctx, account, r)
		if err != nil {
			return nil, err
		}
		got, err := a.send(ctx, account, r, &r.Request, numbers, bearer)
		if err != nil {
			return nil, err
		}
		refused := got.status == http.StatusUnauthorized || got.status == http.StatusForbidden
		switch {
		case refused && r.Token != nil && try == 0:
			a.forget(account, bearer)
			continue
		case refused:
			a.forget(account, bearer)
			return nil, account.fail(Unauthorised, "it answered with status %d; look at the credentials, and at what the account may do", got.status)
		case got.status/100 == 2, slices.Contains(r.NotFound.Status, got.status), got.status == http.StatusBadRequest,
			got.status == http.StatusUnprocessableEntity:
			return got, nil
		}
		return nil, a.failure(ctx, account, got, "its")
	}
}

// failure says what a status means that is no answer. Who is told to wait waits, all calls of the account.
func (a *Asker) failure(ctx context.Context, account *Account, got *answer, whose string) *Error {
	wait := retryAfter(got.header, a.options.Now())
	switch {
	case got.status == http.StatusTooManyRequests:
		if wait == 0 {
			wait = pauseAfter
		}
		a.options.Throttle.Pause(ctx, account.Key(), wait)
		return account.fail(RateLimited, "it was called too often").after(wait)
	case got.status >= http.StatusInternalServerError:
		if wait > 0 {
			a.options.Throttle.Pause(ctx, account.Key(), wait)
		}
		return account.fail(Unavailable, "%s answer has status %d", whose, got.status).after(wait)
	}
	return account.fail(Rejected, "%s answer has status %d", whose, got.status)
}

// send makes one request and reads its answer, whatever its status.
func (a *Asker) send(ctx context.Context, account *Account, r *rule.Rule, request *rule.Request, numbers []string, bearer string) (*answer, error) {
	out, err := build(ctx, account, r, request, numbers, bearer)
	if err != nil {
		return nil, account.fail(Misused, "%s", account.Mask(r, err.Error()))
	}
	in, err := a.options.Client.Do(out)
	if err != nil {
		return nil, account.unreached(err)
	}
	defer func() { _ = in.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(in.Body, MaxReply+1))
	if err != nil {
		return nil, account.unreached(err)
	}
	if len(body) > MaxReply {
		return nil, account.fail(Malformed, "its answer is longer than %d bytes", MaxReply)
	}
	return &answer{status: in.StatusCode, header: in.Header, contentType: in.Header.Get("Content-Type"), body: body}, nil
}

// unreached turns a transport's error into ours, without the address, which may hold credentials.
func (a *Account) unreached(err error) *Error {
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return a.fail(Unavailable, "the call was cut short by our own end").because(context.Canceled)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return a.fail(Unavailable, "it did not answer in time").because(context.DeadlineExceeded)
	case errors.Is(err, dial.ErrForbidden):
		return a.fail(Misused, "its address is a private one; see the setting pull.allow_private_networks").because(dial.ErrForbidden)
	}
	return a.fail(Unavailable, "it could not be reached")
}

// withoutURL keeps the address out of an error of net/url.
func withoutURL(err error) error {
	if parse, ok := errors.AsType[*url.Error](err); ok {
		return parse.Err
	}
	return err
}
