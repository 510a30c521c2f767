package doctor

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dustin/go-humanize"
)

// dataFolder is needed by the embedded store, and for photos and labels.
func dataFolder(_ context.Context, p *Patient) []Finding {
	const name = "data folder"
	dir := p.Config.DataDir
	info, err := os.Stat(dir)
	if os.IsNotExist(err) {
		return warning(name, dir+" does not exist yet", "nothing, if this is a new installation: the first run makes it. Else set data_dir")
	}
	if err != nil {
		return bad(name, err.Error(), "let the user that runs waybill into the folder, or set data_dir to another one")
	}
	if !info.IsDir() {
		return bad(name, dir+" is no folder", "set data_dir to a folder")
	}
	file, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return bad(name, "nothing can be written: "+err.Error(), "chown the folder to the user that runs waybill")
	}
	_ = file.Close()
	_ = os.Remove(file.Name())
	const others fs.FileMode = 0o007
	if mode := info.Mode().Perm(); mode&others != 0 {
		return warning(name, fmt.Sprintf("%s is open to every user of this machine (mode %04o)", dir, mode), "chmod 700 "+dir)
	}
	return good(name, dir+" can be written")
}

// diskSpace: SQLite and the log stop when the disk is full.
func diskSpace(_ context.Context, p *Patient) []Finding {
	const name = "disk space"
	const little, tooLittle = 2 << 30, 200 << 20
	free, known := freeSpace(p.Config.DataDir)
	what := humanize.IBytes(free) + " are free for " + p.Config.DataDir
	switch {
	case !known:
		return nil
	case free < tooLittle:
		return bad(name, what, "free some space, or move data_dir: commits fail on a full disk, and nothing is acknowledged then")
	case free < little:
		return warning(name, what, "free some space, or shorten retention.receipts_days")
	}
	return good(name, what)
}

// masterKey: without it nothing that is sealed opens again.
func masterKey(_ context.Context, p *Patient) []Finding {
	const name = "master key"
	if p.Config.Seal.Key == "" && p.isNew() {
		return good(name, "the first run makes one in the data folder")
	}
	if _, err := p.Config.MasterKey(); err != nil {
		return bad(name, err.Error(), "put back the key from a backup; it must be the one that the data was sealed with")
	}
	if p.Config.Seal.Key == "" {
		return good(name, "seal.key in the data folder, for its owner alone; keep a copy of it apart from the database's backup")
	}
	return good(name, "set by seal.key")
}

// isNew reports whether the embedded store is still to be made: looking must not make it.
func (p *Patient) isNew() bool {
	databases, err := filepath.Glob(filepath.Join(p.Config.DataDir, "*.db"))
	return p.Config.Mongo.URI == "" && err == nil && len(databases) == 0
}
