//go:build linux || darwin

package doctor

import (
	"os"
	"path/filepath"
	"syscall"
)

// freeSpace is how many bytes an unprivileged user may still write below a folder, which need not exist yet.
func freeSpace(dir string) (free uint64, known bool) {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0, false
	}
	return stat.Bavail * uint64(stat.Bsize), true //nolint:gosec // never negative
}
