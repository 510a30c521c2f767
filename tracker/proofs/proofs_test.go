package proofs_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"waybill/tracker"
	"waybill/tracker/proofs"
	"waybill/tracker/seal"
	"waybill/tracker/storetest/memory"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// door is a desk with a parcel of Ada's.
func door(t *testing.T) (*proofs.Desk, *tracker.Shipment) {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	must(t, err)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	d := &proofs.Desk{Store: memory.New(), Keys: keys, Bucket: memblob.OpenBucket(nil), Now: func() time.Time { return now }}
	t.Cleanup(func() { must(t, d.Bucket.Close()) })
	s := &tracker.Shipment{ID: "WB1", Tenant: "acme", CreatedAt: now}
	key, err := tracker.SealRecipient(keys, s, tracker.Recipient{Name: "Ada"}, now)
	must(t, err)
	must(t, tracker.Save(t.Context(), d.Store, key))
	return d, s
}

// drawn is a picture whose left half is red.
func drawn(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for x := range width / 2 {
		for y := range height {
			img.Set(x, y, color.NRGBA{R: 255, A: 255})
		}
	}
	return img
}

// shot is a JPEG as a phone makes it: held upright, so that it says to be turned by a quarter, and with a place in it.
func shot(t *testing.T, width, height int) []byte {
	t.Helper()
	var plain bytes.Buffer
	must(t, jpeg.Encode(&plain, drawn(width, height), nil))
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x01" + "\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00" + "\x00\x00\x00\x00" + "GPS 52.5200 13.4050")
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := []byte{0xff, 0xd8, 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2)) //nolint:gosec // some dozens
	return append(append(out, segment...), plain.Bytes()[2:]...)
}

func TestAPictureIsTurnedShrunkAndCleaned(t *testing.T) {
	d, s := door(t)
	file, err := d.Add(t.Context(), s, tracker.ProofPhoto, shot(t, 4000, 2000), "x7Qa")
	must(t, err)
	if file.Width != 800 || file.Height != 1600 {
		t.Errorf("it is %d by %d", file.Width, file.Height)
	}
	_, body, err := d.Open(t.Context(), file.ID)
	must(t, err)
	if bytes.Contains(body, []byte("GPS")) || bytes.Contains(body, []byte("Exif")) {
		t.Error("what the phone wrote into it is still there")
	}
	img, err := jpeg.Decode(bytes.NewReader(body))
	must(t, err)
	// Turned to the right, what was left is on top.
	if r, _, _, _ := img.At(400, 100).RGBA(); r < 0xe000 {
		t.Error("it is not turned as the camera was held")
	}
	if sealed, err := d.Bucket.ReadAll(t.Context(), file.ID); err != nil || bytes.Contains(sealed, body[:64]) {
		t.Errorf("%v: it lies open in the blob store", err)
	}
}

func TestADrawnSignatureStandsOnWhite(t *testing.T) {
	d, s := door(t)
	var drawing bytes.Buffer
	must(t, png.Encode(&drawing, drawn(300, 100)))
	file, err := d.Add(t.Context(), s, tracker.ProofSignature, drawing.Bytes(), "")
	must(t, err)
	_, body, err := d.Open(t.Context(), file.ID)
	must(t, err)
	img, err := jpeg.Decode(bytes.NewReader(body))
	must(t, err)
	if _, g, _, _ := img.At(290, 50).RGBA(); g < 0xf000 {
		t.Error("the paper is not white")
	}
}

func TestPicturesThatAreNone(t *testing.T) {
	var bomb bytes.Buffer
	must(t, png.Encode(&bomb, image.NewGray(image.Rect(0, 0, 1, 1))))
	huge := bomb.Bytes()
	binary.BigEndian.PutUint32(huge[16:], 100_000) // its header says so
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, c := range map[string]struct {
		body []byte
		says string
	}{
		"a script called photo.jpg": {[]byte("<script>alert(1)</script>"), "send a JPEG or PNG"},
		"nothing":                   {nil, "send a JPEG or PNG"},
		"a JPEG that breaks off":    {shot(t, 100, 100)[:300], "cannot be taken"},
		"a picture that unfolds":    {huge, "100000 by 100000"},
		"200 MB":                    {make([]byte, proofs.MaxBytes+1), "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			d, s := door(t)
			_, err := d.Add(t.Context(), s, tracker.ProofPhoto, c.body, "")
			if !errors.Is(err, proofs.ErrPicture) || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v", err)
			}
			if n, err := d.Store.Count(t.Context(), tracker.Proofs, tracker.ListOfShipment(s.ID), 10); err != nil || n != 0 {
				t.Errorf("%v: %d are kept", err, n)
			}
		})
	}
}

func TestOfAnErasedPersonNoPictureOpens(t *testing.T) {
	d, s := door(t)
	file, err := d.Add(t.Context(), s, tracker.ProofPhoto, shot(t, 40, 20), "")
	must(t, err)
	key, err := tracker.Load[tracker.DataKey](t.Context(), d.Store, s.DataKey)
	must(t, err)
	remove, err := tracker.Encode(key)
	must(t, err)
	remove.Delete = true
	must(t, tracker.ErrorOf(d.Store.Apply(t.Context(), []tracker.Write{remove})))
	if _, _, err := d.Open(t.Context(), file.ID); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAShipmentHasSoManyPicturesAndNoMore(t *testing.T) {
	d, s := door(t)
	s.DataKey = "" // nobody is named: each has a key of its own
	body := shot(t, 40, 20)
	for range 20 {
		_, err := d.Add(t.Context(), s, tracker.ProofPhoto, body, "")
		must(t, err)
	}
	if _, err := d.Add(t.Context(), s, tracker.ProofPhoto, body, ""); !errors.Is(err, proofs.ErrTooMany) {
		t.Errorf("got %v", err)
	}
}

func FuzzPicture(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*"))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"))
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		f.Fatal(err)
	}
	d := &proofs.Desk{Store: memory.New(), Keys: keys, Bucket: memblob.OpenBucket(nil), Now: time.Now}
	n := 0
	f.Fuzz(func(t *testing.T, body []byte) {
		n++
		s := &tracker.Shipment{ID: "WB" + string(rune('a'+n%26)), CreatedAt: time.Now()}
		_, err := d.Add(context.WithoutCancel(t.Context()), s, tracker.ProofPhoto, body, "")
		if err != nil && !errors.Is(err, proofs.ErrPicture) && !errors.Is(err, proofs.ErrTooMany) {
			t.Error(err)
		}
	})
}

func TestOldPicturesGoWithTheirBytes(t *testing.T) {
	d, s := door(t)
	now := d.Now()
	var ids []string
	for i := range 4 {
		d.Now = func() time.Time { return now.Add(time.Duration(i) * 24 * time.Hour) }
		file, err := d.Add(t.Context(), s, tracker.ProofPhoto, shot(t, 40, 30), "van-7")
		must(t, err)
		ids = append(ids, file.ID)
	}
	must(t, d.Bucket.Delete(t.Context(), ids[0])) // as a crash in an earlier purge leaves it
	border := now.Add(60 * time.Hour)
	for _, want := range []int{2, 1, 0} { // two at a time
		if n, err := d.Purge(t.Context(), border, 2); err != nil || n != want {
			t.Fatalf("%d went, want %d: %v", n, want, err)
		}
	}
	for i, id := range ids {
		there, err := d.Bucket.Exists(t.Context(), id)
		must(t, err)
		_, _, err = d.Open(t.Context(), id)
		if kept := i == 3; there != kept || (err == nil) != kept {
			t.Errorf("picture %d: bytes %v, %v", i, there, err)
		}
	}
}
