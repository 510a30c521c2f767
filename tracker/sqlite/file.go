package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// prepareFile makes the file where it is missing, readable by its owner alone (SQLite gives the files beside it the
// same rights), and says plainly what SQLite would call "unable to open database file".
func prepareFile(path string) error {
	if path == "" {
		return errors.New("open the database: no file is named")
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	switch info, statErr := os.Stat(path); {
	case statErr == nil && info.IsDir():
		return fmt.Errorf("open the database %s: it is a folder; name a file in it", path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("open the database %s: the folder %s does not exist; create it first", path, filepath.Dir(path))
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("open the database %s: this user may not write there; change the owner or the path: %w", path, err)
	case err != nil:
		return fmt.Errorf("open the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	return nil
}
