package drift

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
)

// Days and bases are read every minute, and most of what they hold is 0 or empty. So rows of them are stored packed, as
// byte strings; a row that is longer or shorter than ours, of another version, is read as far as both go.

var errCut = errors.New("a packed row is cut short")

// MarshalBinary packs counts as varints, up to the last that is not 0.
func (c *Counts) MarshalBinary() ([]byte, error) {
	last := len(c)
	for last > 0 && c[last-1] == 0 {
		last--
	}
	packed := make([]byte, 0, 2*last)
	for _, n := range c[:last] {
		packed = binary.AppendUvarint(packed, uint64(n))
	}
	return packed, nil
}

// UnmarshalBinary reads what MarshalBinary gave.
func (c *Counts) UnmarshalBinary(packed []byte) error {
	*c = Counts{}
	for i := 0; i < len(c) && len(packed) > 0; i++ {
		n, size := binary.Uvarint(packed)
		if size <= 0 || n > math.MaxUint32 {
			return errCut
		}
		c[i], packed = uint32(n), packed[size:]
	}
	return nil
}

// MarshalBinary packs samples, one a line. No id of a receipt has a line break.
func (s *Samples) MarshalBinary() ([]byte, error) {
	var packed []byte
	for _, id := range s {
		if id == "" {
			break
		}
		packed = append(append(packed, id...), '\n')
	}
	return packed, nil
}

// UnmarshalBinary reads what MarshalBinary gave.
func (s *Samples) UnmarshalBinary(packed []byte) error {
	*s = Samples{}
	for i := 0; i < len(s) && len(packed) > 0; i++ {
		id, rest, whole := bytes.Cut(packed, []byte{'\n'})
		if !whole {
			return errCut
		}
		s[i], packed = string(id), rest
	}
	return nil
}

// Sums are counts that forget.
type Sums [counts]float32

// MarshalBinary packs sums; of those that are all 0 nothing is left.
func (s *Sums) MarshalBinary() ([]byte, error) { return packFloats(s[:]), nil }

// UnmarshalBinary reads what MarshalBinary gave.
func (s *Sums) UnmarshalBinary(packed []byte) error { return unpackFloats(packed, s[:]) }

// Week is a number for each hour of the week, the first from Thursday, 1 January 1970.
type Week [hoursOfWeek]float32

// MarshalBinary packs a week.
func (w *Week) MarshalBinary() ([]byte, error) { return packFloats(w[:]), nil }

// UnmarshalBinary reads what MarshalBinary gave.
func (w *Week) UnmarshalBinary(packed []byte) error { return unpackFloats(packed, w[:]) }

func packFloats(list []float32) []byte {
	last := len(list)
	for last > 0 && list[last-1] == 0 {
		last--
	}
	packed := make([]byte, 0, 4*last)
	for _, x := range list[:last] {
		packed = binary.LittleEndian.AppendUint32(packed, math.Float32bits(x))
	}
	return packed
}

func unpackFloats(packed []byte, list []float32) error {
	clear(list)
	if len(packed)%4 != 0 {
		return errCut
	}
	for i := 0; i < len(list) && len(packed) > 0; i++ {
		list[i], packed = math.Float32frombits(binary.LittleEndian.Uint32(packed)), packed[4:]
	}
	return nil
}
