package configs

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const (
	masterKeyBytes = 32
	// masterKeyFile is the key's name in data_dir.
	masterKeyFile = "seal.key"
	// openToOthers are the permissions of group and world.
	openToOthers fs.FileMode = 0o077
)

// masterKeyRule wants 32 random bytes in base64.
func masterKeyRule() rule {
	return rule{allowed: "base64 of 32 random bytes", check: func(field any) error {
		key, ok := field.(*Secret)
		if !ok {
			return fmt.Errorf("the master key's field is a %T", field)
		}
		_, err := decodeMasterKey(key.Reveal())
		return err
	}}
}

// MasterKey gives the 32 bytes of the master key: of seal.key when it is set,
// else of the file seal.key in data_dir. Where there is no file and the store is
// the embedded one, a new key is written there, for the owner alone. A data
// folder that holds a database but no key is an error: a new key could open
// nothing of what is stored. So ask for the key before opening the store.
func (c Config) MasterKey() ([]byte, error) {
	if c.Seal.Key != "" {
		return decodeMasterKey(c.Seal.Key.Reveal())
	}
	if c.Mongo.URI != "" {
		return nil, errors.New("seal.key is not set: with MongoDB every process needs the same one; " +
			"make it by: openssl rand -base64 32")
	}
	path := filepath.Join(c.DataDir, masterKeyFile)
	key, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c.newKeyFile(path)
	}
	return key, err
}

func readKeyFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	if open := info.Mode().Perm() & openToOthers; open != 0 {
		return nil, fmt.Errorf("the master key %s is open to other users (mode %04o): run chmod 600 %[1]s, "+
			"and if others were on this machine, consider it known to them", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	key, err := decodeMasterKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("the master key in %s: %w: put back the right file from a backup", path, err)
	}
	return key, nil
}

// newKeyFile writes a fresh key under a name of its own and links it into place,
// so that of several first starts at once all end with the same whole key.
func (c Config) newKeyFile(path string) ([]byte, error) {
	databases, err := filepath.Glob(filepath.Join(c.DataDir, "*.db"))
	if err != nil {
		return nil, fmt.Errorf("look for databases in %s: %w", c.DataDir, err)
	}
	if len(databases) > 0 {
		return nil, fmt.Errorf("%s is missing, but there is data sealed with it (%s): put it back from a backup, "+
			"set seal.key, or begin with an empty data_dir", path, databases[0])
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make data_dir: %w", err)
	}
	key := make([]byte, masterKeyBytes)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	if err := writeOnce(path, base64.StdEncoding.EncodeToString(key)+"\n"); err != nil {
		return nil, fmt.Errorf("write the master key: %w", err)
	}
	return readKeyFile(path)
}

// writeOnce writes a durable file for the owner alone; one that is there stays.
func writeOnce(path, text string) error {
	file, err := os.CreateTemp(filepath.Dir(path), masterKeyFile+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// decodeMasterKey refuses what no random source makes: too few distinct bytes
// (32 random ones have about 30), or nothing but printable text (a chance of
// 1 in 10^13), which is a typed passphrase.
func decodeMasterKey(text string) ([]byte, error) {
	key, err := decodeBase64(text)
	if err != nil {
		return nil, errors.New("it is not base64")
	}
	if len(key) != masterKeyBytes {
		return nil, fmt.Errorf("it holds %d bytes", len(key))
	}
	distinct, printable := map[byte]bool{}, true
	for _, b := range key {
		distinct[b] = true
		printable = printable && b >= ' ' && b <= '~'
	}
	if len(distinct) < masterKeyBytes/2 || printable {
		return nil, errors.New("it is not random, so it can be guessed")
	}
	return key, nil
}

// decodeBase64 takes both alphabets, with padding and without.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	return base64.RawStdEncoding.DecodeString(text)
}
