package simulate

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Account is a carrier's account at the server, with which its posts prove themselves.
type Account struct {
	Carrier, Name string
	// Verification is "credential", "hmac-sha256", "basic" or "token"; Header is where the proof stands.
	Verification, Header string
	Secret               string
}

// Client posts to a Waybill server as carriers, the fleet and a seller do.
type Client struct {
	// Base is the server's address ("http://127.0.0.1:8080").
	Base string
	// SellerKey and FleetKey are API keys.
	SellerKey, FleetKey string
	// Accounts are the carriers', by code.
	Accounts map[string]Account
	HTTP     *http.Client
}

// errTurnedAway: the server is busy or away for a moment; the same again later.
var errTurnedAway = errors.New("the server takes nothing now")

// patience is how long a carrier tries again what the server turned away.
const patience = 2 * time.Minute

// Reach makes sure that there is a server.
func (c *Client) Reach(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("the address of the server: %w", err)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return fmt.Errorf("no server answers at %s: %w; start one by waybill serve", c.Base, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s/healthz answers %s: is it Waybill?", c.Base, response.Status)
	}
	return nil
}

// Send posts a carrier's or the fleet's body. What the server refuses for good is an error.
func (c *Client) Send(ctx context.Context, post Post) error {
	if post.Path != "" {
		return c.try(ctx, post.Method, post.Path, post.ContentType, post.Body, bearer(c.FleetKey), nil)
	}
	if post.Carrier == Fleet {
		return c.try(ctx, http.MethodPost, "/v1/fleet/scans", post.ContentType, post.Body, bearer(c.FleetKey), nil)
	}
	account, ok := c.Accounts[post.Carrier]
	if !ok {
		return fmt.Errorf("there is no account of carrier %s to post with", post.Carrier)
	}
	path := "/v1/carriers/" + account.Carrier + "/" + account.Name + "/events"
	return c.try(ctx, http.MethodPost, path, post.ContentType, post.Body, account.sign, nil)
}

// seller posts JSON with the seller's key and reads the answer into reply, unless that is nil.
func (c *Client) seller(ctx context.Context, path, idempotency string, body, reply any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	sign := func(request *http.Request, body []byte) {
		bearer(c.SellerKey)(request, body)
		if idempotency != "" {
			request.Header.Set("Idempotency-Key", idempotency)
		}
	}
	return c.try(ctx, http.MethodPost, path, jsonType, data, sign, reply)
}

// try posts until the server takes it, as carriers do.
func (c *Client) try(
	ctx context.Context, method, path, contentType string, body []byte, sign func(*http.Request, []byte), reply any,
) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := c.once(ctx, method, path, contentType, body, sign, reply)
		if !errors.Is(err, errTurnedAway) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(wait):
		}
	}
}

func (c *Client) once(
	ctx context.Context, method, path, contentType string, body []byte, sign func(*http.Request, []byte), reply any,
) error {
	request, err := http.NewRequestWithContext(ctx, method, c.Base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", contentType)
	sign(request, body)
	response, err := c.HTTP.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", errTurnedAway, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	switch {
	case response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("%w: %s %s: %s: %s", errTurnedAway, method, path, response.Status, answer)
	case response.StatusCode >= http.StatusMultipleChoices:
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, answer)
	case err != nil:
		return fmt.Errorf("%w: read the answer of %s %s: %w", errTurnedAway, method, path, err)
	case reply == nil:
		return nil
	}
	if err := json.Unmarshal(answer, reply); err != nil {
		return fmt.Errorf("the answer of %s %s is no JSON: %w", method, path, err)
	}
	return nil
}

func bearer(key string) func(*http.Request, []byte) {
	return func(request *http.Request, _ []byte) { request.Header.Set("Authorization", "Bearer "+key) }
}

// sign proves a request in the account's way.
func (a Account) sign(request *http.Request, body []byte) {
	switch a.Verification {
	case "hmac-sha256":
		mac := hmac.New(sha256.New, []byte(a.Secret))
		_, _ = mac.Write(body)
		request.Header.Set(a.Header, hex.EncodeToString(mac.Sum(nil)))
	case "basic":
		request.SetBasicAuth("waybill", a.Secret)
	case "token":
		if a.Header == "" || a.Header == "Authorization" {
			bearer(a.Secret)(request, body)
			return
		}
		request.Header.Set(a.Header, a.Secret)
	default:
		request.Header.Set(a.Header, a.Secret)
	}
}
