package tracker

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Scope is a kind of use that a key is open to.
type Scope string

// The scopes. Who may make keys may make any of the seller's, but none with more scopes than their own has.
const (
	ScopeRead     Scope = "read"
	ScopeWrite    Scope = "write"
	ScopeWebhooks Scope = "webhooks"
	ScopeKeys     Scope = "keys"
)

// Scopes lists all scopes.
func Scopes() []Scope { return []Scope{ScopeRead, ScopeWrite, ScopeWebhooks, ScopeKeys} }

// ParseScope reads the name of a scope.
func ParseScope(text string) (Scope, error) {
	if scope := Scope(text); slices.Contains(Scopes(), scope) {
		return scope, nil
	}
	return "", fmt.Errorf("%.40q is none of the scopes read, write, webhooks, keys", text)
}

// Allows reports whether the key is open to a kind of use.
func (k *Key) Allows(scope Scope) bool { return len(k.Scopes) == 0 || slices.Contains(k.Scopes, scope) }

// sandboxMark ends the name of a sandbox's tenant. No seller's own name holds it.
const sandboxMark = "~test"

// SandboxOf is the tenant under which a seller's sandbox is kept: another tenant, so that whatever parts sellers from one
// another parts made-up parcels from real ones.
func SandboxOf(tenant string) string { return tenant + sandboxMark }

// IsSandbox reports whether a tenant is a sandbox.
func IsSandbox(tenant string) bool { return strings.HasSuffix(tenant, sandboxMark) }

// LiveOf is the seller whose sandbox a tenant is; a tenant that is none is its own.
func LiveOf(tenant string) string { return strings.TrimSuffix(tenant, sandboxMark) }

// TenantOf reads a seller's record. A sandbox that has set nothing of its own has its seller's name, brand and words.
func TenantOf(ctx context.Context, store Store, id string) (*Tenant, error) {
	tenant, err := Load[Tenant](ctx, store, id)
	if !errors.Is(err, ErrNotFound) || !IsSandbox(id) {
		return tenant, err
	}
	if tenant, err = Load[Tenant](ctx, store, LiveOf(id)); err != nil {
		return nil, err
	}
	tenant.ID, tenant.meta = id, meta{}
	return tenant, nil
}

// Environment is the tenant that a key acts for.
func (k *Key) Environment() string {
	if k.Test {
		return SandboxOf(k.Tenant)
	}
	return k.Tenant
}

var tenantForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// CheckTenant says what is wrong with the name of a seller.
func CheckTenant(name string) error {
	if !tenantForm.MatchString(name) {
		return fmt.Errorf("%.64q cannot name a seller: it must be 1 to 63 of a-z, 0-9, - and _, as acme", name)
	}
	return nil
}
