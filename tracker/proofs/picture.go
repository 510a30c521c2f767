package proofs

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // signatures come so
	"net/http"

	"github.com/kovidgoyal/imaging"
)

// ErrPicture is wrapped by errors that say what is wrong with a picture.
var ErrPicture = errors.New("the picture cannot be taken")

const (
	// MaxBytes is the largest picture that is taken, maxPixels what it may unfold to.
	MaxBytes  = 12 << 20
	maxPixels = 60_000_000
	// longest is the longer side of what is kept, in pixels; quality its JPEG quality.
	longest, quality = 1600, 82
)

// picture is a picture as it is kept.
type picture struct {
	jpeg          []byte
	width, height int
}

// clean reads a picture by its content, whatever it is called, turns it as the camera was held, brings it to size, and writes it
// anew: nothing but the pixels is left of it, no place, no device, no time.
func clean(body []byte) (*picture, error) {
	if len(body) > MaxBytes {
		return nil, fmt.Errorf("%w: it has %d bytes, at most %d are taken; let the camera make smaller ones", ErrPicture, len(body), MaxBytes)
	}
	if kind := http.DetectContentType(body); kind != "image/jpeg" && kind != "image/png" {
		return nil, fmt.Errorf("%w: its content is %s; send a JPEG or PNG", ErrPicture, kind)
	}
	// The size stands in the first bytes: nothing is unfolded before it is known.
	size, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	if size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, fmt.Errorf("%w: it would unfold to %d by %d pixels, at most %d are taken", ErrPicture, size.Width, size.Height, maxPixels)
	}
	decoded, err := imaging.Decode(bytes.NewReader(body), imaging.AutoOrientation(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	if b := decoded.Bounds(); b.Dx() > longest || b.Dy() > longest {
		decoded = imaging.Fit(decoded, longest, longest, imaging.CatmullRom)
	}
	// Transparent pixels of a drawn signature would turn black.
	white := imaging.New(decoded.Bounds().Dx(), decoded.Bounds().Dy(), image.White.C)
	flat := imaging.Overlay(white, decoded, image.Point{}, 1)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, flat, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("write the picture anew: %w", err)
	}
	return &picture{out.Bytes(), flat.Bounds().Dx(), flat.Bounds().Dy()}, nil
}
