package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waybill/tracker"
)

// keyOperations let a seller's owner, or a key with the scope keys, make and end the seller's keys.
func (s *Server) keyOperations() {
	tags := []string{"Keys"}
	operation(s, huma.Operation{
		OperationID: "list-keys", Method: http.MethodGet, Path: "/v1/keys", Tags: tags, Summary: "List your keys, the newest first",
		Description: "Their secrets are nowhere kept. A key for tests lists those for tests alone.",
	}, s.listKeys)
	operation(s, huma.Operation{
		OperationID: "create-key", Method: http.MethodPost, Path: "/v1/keys", Tags: tags, Summary: "Make a key",
		DefaultStatus: http.StatusCreated, Description: "The secret is shown in this answer alone. No key makes one with more scopes than its own.",
	}, s.createKey)
	operation(s, huma.Operation{
		OperationID: "rotate-key", Method: http.MethodPost, Path: "/v1/keys/{id}/rotate", Tags: tags, Summary: "Give a key another secret",
		DefaultStatus: http.StatusCreated,
		Description:   "Makes a key with the same name and scopes, whose secret is shown in this answer alone. Until the overlap ends both hold.",
	}, s.rotateKey)
	operation(s, huma.Operation{
		OperationID: "revoke-key", Method: http.MethodDelete, Path: "/v1/keys/{id}", Tags: tags, Summary: "End a key",
		DefaultStatus: http.StatusNoContent, Description: "It holds for at most five seconds more.",
	}, s.revokeKey)
}

// Key is a key without its secret.
type Key struct {
	ID        string     `json:"id" example:"key_019ab2c41f70001a2b3c4d5e"`
	Name      string     `json:"name" example:"web shop"`
	Scopes    []string   `json:"scopes" doc:"What it may be used for."`
	Test      bool       `json:"test" doc:"It sees the sandbox alone."`
	Hint      string     `json:"hint" doc:"The last four characters of its secret." example:"x7Qa"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"Its latest use, to ten minutes."`
	Replaced  string     `json:"replaced_by,omitempty" doc:"The key that took its place."`
	Secret    string     `json:"secret,omitempty" doc:"Shown once: when the key is made."`
}

// KeyInput asks for a key.
type KeyInput struct {
	Body struct {
		Name    string   `json:"name" minLength:"1" maxLength:"100" example:"web shop"`
		Scopes  []string `json:"scopes,omitempty" maxItems:"4" enum:"read,write,webhooks,keys" doc:"All that the caller has where absent." example:"[\"read\"]"`
		Test    bool     `json:"test,omitempty" doc:"A key to the sandbox."`
		Expires int      `json:"expires_in_days,omitempty" minimum:"0" maximum:"3650" doc:"It never ends where absent." example:"365"`
	}
}

// ByKeyID names a key in the path.
type ByKeyID struct {
	ID string `path:"id" maxLength:"64" example:"key_019ab2c41f70001a2b3c4d5e"`
}

// RotateKeyInput asks for another secret.
type RotateKeyInput struct {
	ByKeyID
	Body struct {
		OverlapHours int `json:"overlap_hours,omitempty" minimum:"0" maximum:"720" default:"24" doc:"For how long the one before holds too."`
	}
}

// KeyList are keys.
type KeyList struct {
	Items []Key `json:"items"`
}

func keyOf(k *tracker.Key, secret string) Key {
	out := Key{
		ID: k.ID, Name: k.Name, Test: k.Test, Hint: k.Hint, CreatedAt: k.CreatedAt, ExpiresAt: timeOrNone(k.Expires),
		UsedAt: timeOrNone(k.UsedAt), Replaced: k.Replaced, Secret: secret, Scopes: []string{},
	}
	for _, scope := range tracker.Scopes() {
		if k.Allows(scope) {
			out.Scopes = append(out.Scopes, string(scope))
		}
	}
	return out
}

// keysMost is how many keys a seller has.
const keysMost = 200

// ownKeys are the keys that the caller may see: all of the seller's, or those of its sandbox.
func (s *Server) ownKeys(ctx context.Context) ([]*tracker.Key, error) {
	who := callerOf(ctx)
	list := tracker.ListOfTenant(tracker.LiveOf(who.Tenant))
	keys, err := tracker.LoadList[tracker.Key](ctx, s.store, list, tracker.Page{Limit: keysMost})
	return slices.DeleteFunc(keys, func(k *tracker.Key) bool { return tracker.IsSandbox(who.Tenant) && !k.Test }), err
}

// ownKey is a key of the caller's; another's is not there at all.
func (s *Server) ownKey(ctx context.Context, id string) (*tracker.Key, error) {
	keys, err := s.ownKeys(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		if key.ID == id {
			return key, nil
		}
	}
	return nil, tracker.ErrNotFound
}

func (s *Server) listKeys(ctx context.Context, _ *struct{}) (*Body[KeyList], error) {
	keys, err := s.ownKeys(ctx)
	out := KeyList{Items: make([]Key, len(keys))}
	for i, key := range keys {
		out.Items[i] = keyOf(key, "")
	}
	return &Body[KeyList]{Body: out}, err
}

func (s *Server) createKey(ctx context.Context, in *KeyInput) (*Body[Key], error) {
	who := callerOf(ctx)
	scopes, err := scopesFor(who, in.Body.Scopes)
	if err != nil {
		return nil, err
	}
	seller, now := tracker.LiveOf(who.Tenant), s.now()
	n, err := s.store.Count(ctx, tracker.Keys, tracker.ListOfTenant(seller), keysMost)
	if err != nil {
		return nil, err
	}
	if n >= keysMost {
		return nil, problem("conflict", "There are as many keys as can be; end one first.")
	}
	key, secret := tracker.NewKey(seller, tracker.RoleSeller, in.Body.Name, now)
	if in.Body.Test || tracker.IsSandbox(who.Tenant) {
		key, secret = tracker.NewTestKey(seller, in.Body.Name, now)
	}
	key.Scopes = scopes
	if in.Body.Expires > 0 {
		key.Expires = now.AddDate(0, 0, in.Body.Expires).UTC()
	}
	if err := tracker.Save(ctx, s.store, key); err != nil {
		return nil, err
	}
	return &Body[Key]{Body: keyOf(key, secret)}, nil
}

// scopesFor are the scopes of a new key: those that are asked for, and no more than its maker has.
func scopesFor(who caller, asked []string) ([]tracker.Scope, error) {
	if len(asked) == 0 && who.key != nil {
		return who.key.Scopes, nil
	}
	var scopes []tracker.Scope
	for _, text := range asked {
		scope, err := tracker.ParseScope(text)
		if err != nil {
			return nil, invalid("scopes", err.Error(), "read")
		}
		if who.key != nil && !who.key.Allows(scope) {
			return nil, problem("forbidden", "The key lacks the scope "+text+" itself.")
		}
		scopes = append(scopes, scope)
	}
	return scopes, nil
}

func (s *Server) rotateKey(ctx context.Context, in *RotateKeyInput) (*Body[Key], error) {
	key, err := s.ownKey(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	who := callerOf(ctx)
	for _, scope := range tracker.Scopes() {
		if who.key != nil && key.Allows(scope) && !who.key.Allows(scope) {
			return nil, problem("forbidden", "The key lacks the scope "+string(scope)+" itself.")
		}
	}
	successor, secret, err := tracker.RotateKey(ctx, s.store, key, time.Duration(in.Body.OverlapHours)*time.Hour, s.now())
	if errors.Is(err, tracker.ErrReplaced) {
		return nil, problem("conflict", err.Error())
	}
	if err != nil {
		return nil, err
	}
	s.knownKeys.drop(key.Hash)
	return &Body[Key]{Body: keyOf(successor, secret)}, nil
}

func (s *Server) revokeKey(ctx context.Context, in *ByKeyID) (*struct{}, error) {
	for {
		key, err := s.ownKey(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		write, err := tracker.Encode(key)
		if err != nil {
			return nil, err
		}
		write.Delete = true
		if err := tracker.ErrorOf(s.store.Apply(ctx, []tracker.Write{write})); errors.Is(err, tracker.ErrConflict) {
			continue // somebody used it just now
		} else if err != nil {
			return nil, err
		}
		s.knownKeys.drop(key.Hash)
		return nil, nil //nolint:nilnil // 204
	}
}
