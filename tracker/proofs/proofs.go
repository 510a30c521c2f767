// Package proofs keeps the pictures that prove a delivery: checked by their content, brought to one size and form without what a
// phone hides in them, and sealed.
package proofs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // a local folder
	"gocloud.dev/gcerrors"

	"waybill/tracker"
	"waybill/tracker/seal"
)

// Desk is where pictures are brought and looked at.
type Desk struct {
	Store  tracker.Store
	Keys   *seal.Keys
	Bucket *blob.Bucket
	Now    func() time.Time
}

// perShipment is how many pictures of one shipment are kept at most.
const perShipment = 20

// ErrTooMany is wrapped where a shipment has as many pictures as it can have.
var ErrTooMany = errors.New("the shipment has as many pictures as are kept")

// Add keeps a picture of a shipment. Errors of the picture itself wrap ErrPicture.
func (d *Desk) Add(ctx context.Context, s *tracker.Shipment, kind tracker.ProofKind, body []byte, by string) (*tracker.ProofFile, error) {
	n, err := d.Store.Count(ctx, tracker.Proofs, tracker.ListOfShipment(s.ID), perShipment)
	if err != nil {
		return nil, err
	}
	if n >= perShipment {
		return nil, ErrTooMany
	}
	picture, err := clean(body)
	if err != nil {
		return nil, err
	}
	now := d.Now().UTC()
	file := &tracker.ProofFile{
		ID: tracker.NewID(now), Tenant: s.Tenant, Shipment: s.ID, Kind: kind, DataKey: s.DataKey, Width: picture.width, Height: picture.height,
		Bytes: len(picture.jpeg), By: by, At: now,
	}
	key, err := d.key(ctx, file)
	if err != nil {
		return nil, err
	}
	sealed, err := seal.Seal(key, picture.jpeg, purpose(file))
	if err != nil {
		return nil, err
	}
	// The bytes first: a record without them would be a broken promise, bytes without a record are never asked for.
	if err := d.Bucket.WriteAll(ctx, file.ID, sealed, nil); err != nil {
		return nil, fmt.Errorf("keep picture %s: %w", file.ID, err)
	}
	return file, tracker.Save(ctx, d.Store, file)
}

// key is the data key of a picture; one of its own where the shipment names nobody.
func (d *Desk) key(ctx context.Context, file *tracker.ProofFile) ([]byte, error) {
	if file.DataKey == "" {
		record := &tracker.DataKey{ID: tracker.NewID(file.At), CreatedAt: file.At}
		var key []byte
		key, record.Wrapped = d.Keys.NewDataKey(record.ID)
		file.DataKey = record.ID
		return key, tracker.Save(ctx, d.Store, record)
	}
	record, err := tracker.Load[tracker.DataKey](ctx, d.Store, file.DataKey)
	if err != nil {
		return nil, err
	}
	return d.Keys.OpenDataKey(record.ID, record.Wrapped)
}

// Open gives a picture as JPEG. ErrNotFound: it is not there, or its person was erased.
func (d *Desk) Open(ctx context.Context, id string) (*tracker.ProofFile, []byte, error) {
	file, err := tracker.Load[tracker.ProofFile](ctx, d.Store, id)
	if err != nil {
		return nil, nil, err
	}
	key, err := d.key(ctx, file)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := d.Bucket.ReadAll(ctx, file.ID)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, nil, fmt.Errorf("picture %s: %w", id, tracker.ErrNotFound)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read picture %s: %w", id, err)
	}
	jpeg, err := seal.Open(key, sealed, purpose(file))
	if err != nil {
		return nil, nil, fmt.Errorf("open picture %s: %w", id, err)
	}
	return file, jpeg, nil
}

func purpose(file *tracker.ProofFile) string { return "proof:" + file.ID }
