package tracker

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"waybill/tracker/seal"
)

// maxLegReceipts bounds how many receipts a leg names. A poll reply equal to the last is not kept again, so only a
// broken or hostile sender gets there; the receipts themselves are kept all the same.
const maxLegReceipts = 2000

// Absorb takes what a receipt tells of the leg. It reports whether the leg changed; a leg that has followers is then
// given an effect. The result depends on the set of receipts alone, never on their order (rule 2).
func (l *Leg) Absorb(receipt *Receipt, read ReadShipment, keys *seal.Keys, now time.Time) (changed bool, err error) {
	if l.Frozen {
		return false, nil
	}
	for i := range read.Events {
		read.Events[i].Receipt, read.Events[i].Source = receipt.ID, receipt.Source
	}
	events, moved := mergeEvents(l.Events, read.Events)
	l.Events = events
	if !read.Facts.same(Facts{}) {
		claims := mergeClaims(l.Claims, claimsOf(receipt, read))
		moved = moved || !sameClaims(claims, l.Claims)
		l.Claims = claims
	}
	for _, partner := range read.Partners {
		if partner != l.LegKey && !slices.Contains(l.Partners, partner) {
			l.Partners = append(l.Partners, partner)
			slices.SortFunc(l.Partners, func(a, b LegKey) int { return strings.Compare(a.String(), b.String()) })
			moved = true
		}
	}
	if read.Personal.PickupCode != "" {
		read.Personal.PickupCodeAt = claimsOf(receipt, read).AsOf
	}
	if read.Personal != (Personal{}) {
		if err := l.sealPersonal(read.Personal, keys); err != nil {
			return false, err
		}
	}
	// A vehicle's position is no history: what reports nothing else is neither needed for a replay nor told to anybody.
	fleeting := len(read.Events) == 0 && read.Facts.Position.At.Known()
	if i, known := slices.BinarySearch(l.Receipts, receipt.ID); !known && !fleeting && len(l.Receipts) < maxLegReceipts {
		l.Receipts = slices.Insert(l.Receipts, i, receipt.ID)
		changed = true
	}
	if l.MappingVersion == "" || receipt.MappingVersion < l.MappingVersion {
		l.MappingVersion = receipt.MappingVersion
	}
	if moved && !fleeting {
		l.affect(receipt.ReceivedAt, now, receipt.Source == FromImport)
	}
	return changed || moved, nil
}

// affect notes that followers are to be told. The oldest change that was not told yet keeps its time.
func (l *Leg) affect(receivedAt, now time.Time, backfill bool) {
	if len(l.Followers) == 0 {
		return
	}
	if l.Effect == nil {
		l.Effect = &Effect{Since: now, ReceivedAt: receivedAt, Backfill: backfill}
		return
	}
	l.Effect.Backfill = l.Effect.Backfill && backfill
}

// Follow makes a shipment follow the leg. It reports whether it did not do so before.
func (l *Leg) Follow(follower Follower, now time.Time) bool {
	for _, f := range l.Followers {
		if f.Shipment == follower.Shipment {
			return false
		}
	}
	l.Followers = append(l.Followers, follower)
	slices.SortFunc(l.Followers, func(a, b Follower) int { return strings.Compare(a.Shipment, b.Shipment) })
	if len(l.Events) > 0 {
		l.affect(now, now, true)
	}
	return true
}

func claimsOf(receipt *Receipt, read ReadShipment) Claims {
	claims := Claims{Receipt: receipt.ID, Facts: read.Facts, AsOf: receipt.ReceivedAt.Unix()}
	_, last := span(read.Events)
	if at := read.Facts.Position.At; at.Known() && at.Instant().After(last) {
		last = at.Instant()
	}
	if !last.IsZero() {
		claims.AsOf = last.Unix()
	}
	for i := range read.Events {
		claims.Lifecycle = max(claims.Lifecycle, read.Events[i].Lifecycle)
	}
	return claims
}

func sameClaims(a, b []Claims) bool {
	return slices.EqualFunc(a, b, func(x, y Claims) bool {
		return x.AsOf == y.AsOf && x.Receipt == y.Receipt && x.Lifecycle == y.Lifecycle
	})
}

// sealPersonal joins what a payload says of persons with what is sealed already; the fuller telling stays.
func (l *Leg) sealPersonal(told Personal, keys *seal.Keys) error {
	have, err := l.Personal(keys)
	if err != nil {
		return err
	}
	joined := Personal{
		SignedBy:     later(have.SignedBy, told.SignedBy, compareFullness),
		Place:        later(have.Place, told.Place, compareFullness),
		PhotoURL:     later(have.PhotoURL, told.PhotoURL, compareFullness),
		SignatureURL: later(have.SignatureURL, told.SignatureURL, compareFullness),
		Address:      later(have.Address, told.Address, compareFullness),
	}
	joined.PickupCode, joined.PickupCodeAt = have.PickupCode, have.PickupCodeAt
	if c := cmp.Compare(told.PickupCodeAt, have.PickupCodeAt); c > 0 || c == 0 && told.PickupCode > have.PickupCode {
		joined.PickupCode, joined.PickupCodeAt = told.PickupCode, told.PickupCodeAt
	}
	if joined == have {
		return nil
	}
	plain, err := docEncoding.Marshal(joined)
	if err != nil {
		return fmt.Errorf("encode personal data of leg %s: %w", l.LegKey, err)
	}
	l.Sealed, err = keys.Envelope(plain, l.sealContext())
	return err
}

// Personal opens what payloads said of persons. It is for those alone who may see it.
func (l *Leg) Personal(keys *seal.Keys) (Personal, error) {
	var p Personal
	if len(l.Sealed) == 0 {
		return p, nil
	}
	plain, err := keys.OpenEnvelope(l.Sealed, l.sealContext())
	if err != nil {
		return p, fmt.Errorf("open personal data of leg %s: %w", l.LegKey, err)
	}
	if err := docDecoding.Unmarshal(plain, &p); err != nil {
		return p, fmt.Errorf("decode personal data of leg %s: %w", l.LegKey, err)
	}
	return p, nil
}

func (l *Leg) sealContext() string { return "leg:" + l.LegKey.String() }
