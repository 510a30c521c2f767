package configs_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"waybill/configs"
)

func TestFirstStartsAtOnceAgreeOnOneKey(t *testing.T) {
	t.Parallel()
	config := configs.Config{DataDir: filepath.Join(t.TempDir(), "data")}
	keys := make([][]byte, 8)
	var group sync.WaitGroup
	for i := range keys {
		group.Go(func() {
			key, err := config.MasterKey()
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	group.Wait()
	for _, key := range keys {
		if len(key) != 32 || !bytes.Equal(key, keys[0]) {
			t.Errorf("got keys of %d and %d bytes that differ", len(key), len(keys[0]))
		}
	}
	entries, err := os.ReadDir(config.DataDir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("data_dir holds %v, %v; want the key alone", entries, err)
	}
	if info, err := entries[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key has mode %v, %v", info.Mode(), err)
	}
}

func TestMasterKeyIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config configs.Config
		file   string
		mode   os.FileMode
		other  string // another file in data_dir
		want   string
	}{
		"open to others":            {file: goodKey, mode: 0o644, want: "open to other users (mode 0644)"},
		"cut short":                 {file: goodKey[:20], mode: 0o600, want: "it holds 15 bytes"},
		"not base64":                {file: "!", mode: 0o600, want: "it is not base64"},
		"all the same":              {file: strings.Repeat("A", 43) + "=", mode: 0o600, want: "can be guessed"},
		"lost while the data stays": {other: "waybill.db", want: "put it back from a backup"},
		"not set with MongoDB":      {config: configs.Config{Mongo: configs.Mongo{URI: "mongodb://h"}}, want: "seal.key is not set"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.config.DataDir = t.TempDir()
			write := func(name, text string, mode os.FileMode) {
				if err := os.WriteFile(filepath.Join(test.config.DataDir, name), []byte(text), mode); err != nil {
					t.Fatal(err)
				}
			}
			if test.file != "" {
				write("seal.key", test.file, test.mode)
			}
			if test.other != "" {
				write(test.other, "", 0o600)
			}
			if _, err := test.config.MasterKey(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestASetKeyWinsOverTheFile(t *testing.T) {
	t.Parallel()
	config := configs.Config{DataDir: t.TempDir(), Seal: configs.Seal{Key: goodKey}}
	key, err := config.MasterKey()
	if err != nil || key[0] != 1 || key[1] != 8 || len(key) != 32 {
		t.Errorf("got %v, %v", key, err)
	}
}
