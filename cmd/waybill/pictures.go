package main

import (
	"context"
	"fmt"
	"path/filepath"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // S3 and what speaks its protocol

	"waybill/tracker/proofs"
)

// pictures is where pictures of deliveries are kept.
func (a *app) pictures(ctx context.Context) (*proofs.Desk, error) {
	address := a.config.Blobs.URL
	if address == "" {
		folder, err := filepath.Abs(filepath.Join(a.config.DataDir, "blobs"))
		if err != nil {
			return nil, fmt.Errorf("the folder for pictures: %w", err)
		}
		// Without metadata: beside each file there would be a second one that says nothing.
		address = "file://" + filepath.ToSlash(folder) + "?create_dir=true&metadata=skip&no_tmp_dir=true"
	}
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("blobs.url: %w", err)
	}
	a.ends = append(a.ends, bucket.Close)
	return &proofs.Desk{Store: a.store, Keys: a.keys, Bucket: bucket, Now: a.program.now}, nil
}
