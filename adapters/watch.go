package adapters

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Watch reads the operator's folder anew whenever it has changed and come to rest, until the context ends. It looks
// rather than being told: network folders and Kubernetes' mounts tell nobody. told is called with what changed, and
// with an error where the folder cannot be read; then all stays as it was.
func (r *Registry) Watch(ctx context.Context, every time.Duration, told func([]Change, error)) error {
	if r.overlay.dir == "" {
		return nil
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var failed string
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		list, err := r.look()
		switch {
		case err != nil && err.Error() != failed:
			failed = err.Error()
			told(nil, err)
		case err == nil:
			failed = ""
			if len(list) > 0 {
				told(list, nil)
			}
		}
	}
}

// look reloads where the folder is other than when it was read, and the same as at the last look: an editor or a copy
// is done with it.
func (r *Registry) look() ([]Change, error) {
	now, err := contents(r.overlay.dir)
	if err != nil {
		return nil, err
	}
	r.overlay.mu.Lock()
	settled := now == r.overlay.seen && now != r.overlay.read
	r.overlay.seen = now
	if settled {
		r.overlay.read = now
	}
	r.overlay.mu.Unlock()
	if !settled {
		return nil, nil
	}
	return r.Reload()
}

// contents names the state of a folder by its files' names, sizes and times.
func contents(dir string) (string, error) {
	digest := sha256.New()
	codes, err := carrierFolders(dir)
	if err != nil {
		return "", err
	}
	for _, code := range codes {
		root, err := filepath.EvalSymlinks(filepath.Join(dir, code))
		if err != nil {
			continue // it went away just now
		}
		_ = filepath.WalkDir(root, func(file string, _ fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // what is gone is not there; the next look sees it
			}
			if info, err := os.Stat(file); err == nil {
				_, _ = fmt.Fprintf(digest, "%s %s %d %d\n", code, file, info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return hex.EncodeToString(digest.Sum(nil)), nil
}
