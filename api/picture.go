package api

import (
	"image"
	"image/color"
	"image/draw"
)

// rimmed is a picture with a white rim of so many pixels.
func rimmed(picture image.Image, rim int) image.Image {
	b := picture.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dx()+2*rim, b.Dy()+2*rim))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(rim, rim, rim+b.Dx(), rim+b.Dy()), picture, b.Min, draw.Src)
	return out
}
