package pull

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"waybill/adapters/pull/rule"
)

// token is an account's, kept in this process until shortly before it ends. It is nowhere else.
type token struct {
	mu    sync.Mutex
	text  string
	until time.Time
}

const (
	// tokenMargin is how long before its end a token is got anew, at most a tenth of its life.
	tokenMargin = 5 * time.Minute
	// tokenLife is taken where the carrier does not say how long its token holds.
	tokenLife = 10 * time.Minute
)

// bearer gives the account's token, getting one where there is none that holds. All who wait get the same.
func (a *Asker) bearer(ctx context.Context, account *Account, r *rule.Rule) (string, error) {
	if r.Token == nil {
		return "", nil
	}
	a.mu.Lock()
	t := a.tokens[account.Key()]
	if t == nil {
		t = &token{}
		a.tokens[account.Key()] = t
	}
	a.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := a.options.Now(); t.text != "" && now.Before(t.until) {
		return t.text, nil
	}
	text, life, err := a.getToken(ctx, account, r)
	if err != nil {
		return "", err
	}
	t.text, t.until = text, a.options.Now().Add(life-min(tokenMargin, life/10))
	return text, nil
}

// forget drops a token that the carrier refused, unless another was got meanwhile.
func (a *Asker) forget(account *Account, refused string) {
	a.mu.Lock()
	t := a.tokens[account.Key()]
	a.mu.Unlock()
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.text == refused {
		t.text = ""
	}
}

// Forget drops everything kept about an account: its credentials were changed.
func (a *Asker) Forget(account string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.tokens, account)
	delete(a.breakers, account)
}

// tokenReply is the answer of RFC 6749, 5.1. UPS and USPS write the seconds as text.
type tokenReply struct {
	AccessToken string          `json:"access_token"`
	ExpiresIn   json.RawMessage `json:"expires_in"`
}

func (a *Asker) getToken(ctx context.Context, account *Account, r *rule.Rule) (text string, life time.Duration, err error) {
	got, err := a.send(ctx, account, r, r.Token, nil, "")
	if err != nil {
		return "", 0, err
	}
	// RFC 6749, 5.2: wrong credentials are 400 or 401.
	switch {
	case got.status == http.StatusBadRequest || got.status == http.StatusUnauthorized || got.status == http.StatusForbidden:
		return "", 0, account.fail(Unauthorised, "the token was refused with status %d; look at the credentials", got.status)
	case got.status != http.StatusOK:
		return "", 0, a.failure(ctx, account, got, "the token's")
	}
	var reply tokenReply
	if err := json.Unmarshal(got.body, &reply); err != nil || reply.AccessToken == "" || !visible(reply.AccessToken) {
		return "", 0, account.fail(Malformed, "the reply to the request for a token holds none")
	}
	life = tokenLife
	seconds, err := strconv.ParseFloat(strings.Trim(string(reply.ExpiresIn), `" `), 64)
	if err == nil && seconds > 0 && seconds < (365*24*time.Hour).Seconds() {
		life = time.Duration(seconds * float64(time.Second))
	}
	return reply.AccessToken, life, nil
}

// visible reports whether a token can stand in a header.
func visible(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
