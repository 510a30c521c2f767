package seal

import (
	"bytes"
	"errors"
	"testing"
)

func keysOf(t *testing.T, masters ...byte) *Keys {
	t.Helper()
	var list [][]byte
	for _, b := range masters {
		list = append(list, bytes.Repeat([]byte{b}, KeySize))
	}
	keys, err := New(list...)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestSealedTexts(t *testing.T) {
	keys := keysOf(t, 1)
	dataKey, wrapped := keys.NewDataKey("k1")
	sealed, err := Seal(dataKey, []byte("Holzweg 12"), "shipment:1")
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := keys.Envelope([]byte("Holzweg 12"), "receipt:1")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		open func() ([]byte, error)
		ok   bool
	}{
		"with its key":                  {func() ([]byte, error) { return Open(dataKey, sealed, "shipment:1") }, true},
		"moved to another record":       {func() ([]byte, error) { return Open(dataKey, sealed, "shipment:2") }, false},
		"with another key":              {func() ([]byte, error) { return Open(bytes.Repeat([]byte{9}, KeySize), sealed, "shipment:1") }, false},
		"cut short":                     {func() ([]byte, error) { return Open(dataKey, sealed[:10], "shipment:1") }, false},
		"changed":                       {func() ([]byte, error) { return Open(dataKey, flipped(sealed), "shipment:1") }, false},
		"an envelope":                   {func() ([]byte, error) { return keys.OpenEnvelope(envelope, "receipt:1") }, true},
		"an envelope of another record": {func() ([]byte, error) { return keys.OpenEnvelope(envelope, "receipt:2") }, false},
		"an envelope of another house":  {func() ([]byte, error) { return keysOf(t, 2).OpenEnvelope(envelope, "receipt:1") }, false},
		"an envelope after a rotation":  {func() ([]byte, error) { return keysOf(t, 2, 1).OpenEnvelope(envelope, "receipt:1") }, true},
		"an envelope cut short":         {func() ([]byte, error) { return keys.OpenEnvelope(envelope[:20], "receipt:1") }, false},
		"an empty envelope":             {func() ([]byte, error) { return keys.OpenEnvelope(nil, "receipt:1") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := c.open()
			if c.ok && (err != nil || string(text) != "Holzweg 12") {
				t.Errorf("got %q, %v", text, err)
			}
			if !c.ok && !errors.Is(err, ErrOpen) {
				t.Errorf("got %q, %v, want ErrOpen", text, err)
			}
		})
	}
	if back, err := keysOf(t, 3, 1).OpenDataKey("k1", wrapped); err != nil || !bytes.Equal(back, dataKey) {
		t.Errorf("a data key does not survive a rotation: %v", err)
	}
	if _, err := keys.OpenDataKey("k2", wrapped); !errors.Is(err, ErrOpen) {
		t.Errorf("a data key opens under another id: %v", err)
	}
}

func TestBlindIndexesAndSignatures(t *testing.T) {
	keys := keysOf(t, 1)
	if keysOf(t, 1).Blind("email", "a@b.c") != keys.Blind("email", "a@b.c") {
		t.Error("a blind index must be the same each time")
	}
	if keys.Blind("email", "a@b.c") == keys.Blind("phone", "a@b.c") || keys.Blind("email", "a@b.c") == keysOf(t, 2).Blind("email", "a@b.c") {
		t.Error("a blind index must differ by kind and by key")
	}
	if keysOf(t, 2, 1).Blind("email", "a@b.c") != keys.Blind("email", "a@b.c") {
		t.Error("a blind index must survive a rotation")
	}
	signature := keys.Sign("track", "WB1")
	if !keys.Verify("track", "WB1", signature) {
		t.Error("a signature must verify")
	}
	for _, wrong := range []string{"", signature[1:], signature + "A", keys.Sign("track", "WB2"), keys.Sign("unsubscribe", "WB1")} {
		if keys.Verify("track", "WB1", wrong) {
			t.Errorf("%q verifies", wrong)
		}
	}
}

func TestMasterKeysAreChecked(t *testing.T) {
	if _, err := New(); err == nil {
		t.Error("no key is accepted")
	}
	if _, err := New([]byte("short")); err == nil {
		t.Error("a short key is accepted")
	}
	if a, b := NewMaster(), NewMaster(); a == b || len(a) != 44 {
		t.Errorf("master keys %q and %q", a, b)
	}
}

func flipped(b []byte) []byte {
	c := bytes.Clone(b)
	c[len(c)-1] ^= 1
	return c
}

func FuzzOpenEnvelope(f *testing.F) {
	keys, err := New(bytes.Repeat([]byte{1}, KeySize))
	if err != nil {
		f.Fatal(err)
	}
	envelope, err := keys.Envelope([]byte("text"), "context")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(envelope)
	f.Add([]byte{255})
	f.Fuzz(func(t *testing.T, data []byte) {
		// Only what was sealed opens. (Fuzzing runs in several processes, each with an envelope of its own.)
		if text, err := keys.OpenEnvelope(data, "context"); err == nil && string(text) != "text" {
			t.Errorf("forged: %q", text)
		}
	})
}
